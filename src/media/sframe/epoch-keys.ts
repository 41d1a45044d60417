import { deriveFrameKey, type BaseKey, type FrameKey } from './derive.ts';
import { KeyCache } from './key-cache.ts';
import { encodeKid, MAX_CONTEXTS, residueOf } from './kid.ts';
import { MAX_CACHED_KEYS, MAX_COUNTER, REORDER_MS } from './limits.ts';
import { ReplayWindow } from './replay.ts';

/** A key for the next frame of one of the own streams, with the counter that only this frame uses. */
export interface SendTicket {
  readonly kid: bigint;
  readonly ctr: bigint;
  readonly key: Promise<FrameKey>;
}

interface SendStream {
  readonly kid: bigint;
  readonly key: Promise<FrameKey>;
  next: number;
}

/** One stream of one sender. Two epochs of a founding give the same sender the same number. */
export const streamOf = (leafIndex: number, context: number): number => leafIndex * MAX_CONTEXTS + context;

/** The keys of one epoch: derived from its base key when first needed, for each sender and context. */
export class EpochKeys {
  readonly epoch: bigint;
  /** The epoch as KIDs have it. */
  readonly epochResidue: number;
  readonly ownLeafIndex: number;
  /** Participant by leaf index. */
  readonly members: ReadonlyMap<number, string>;
  /** When a newer epoch took over; undefined while this is the current one. */
  retiredAt: number | undefined;
  readonly #base: BaseKey;
  readonly #cache = new KeyCache(MAX_CACHED_KEYS);
  readonly #sends = new Map<number, SendStream>();
  /** By stream; made by authenticated frames only, so members alone can make it grow. */
  readonly #windows = new Map<number, ReplayWindow>();
  /** By stream: when its sender was first heard in a newer epoch. */
  readonly #superseded = new Map<number, number>();

  constructor(epoch: bigint, ownLeafIndex: number, members: ReadonlyMap<number, string>, base: BaseKey) {
    this.epoch = epoch;
    this.epochResidue = residueOf(epoch);
    this.ownLeafIndex = ownLeafIndex;
    this.members = members;
    this.#base = base;
  }

  /** Takes the next counter of an own stream; undefined when the stream has used them all. */
  nextToSend(context: number): SendTicket | undefined {
    let stream = this.#sends.get(context);
    if (stream === undefined) {
      const kid = encodeKid(context, this.ownLeafIndex, this.epoch);
      stream = { kid, key: deriveFrameKey(this.#base, kid, 'encrypt'), next: 0 };
      this.#sends.set(context, stream);
    }
    if (stream.next > MAX_COUNTER) return undefined;
    const ctr = BigInt(stream.next);
    stream.next += 1;
    return { kid: stream.kid, ctr, key: stream.key };
  }

  /** The key to open frames of a stream. */
  receiveKey(leafIndex: number, context: number): Promise<FrameKey> {
    return this.#cache.get(streamOf(leafIndex, context), () =>
      deriveFrameKey(this.#base, encodeKid(context, leafIndex, this.epoch), 'decrypt'),
    );
  }

  /** Marks an authenticated counter: 'first' frame of the stream in this epoch, 'next', or 'replayed'. */
  mark(stream: number, ctr: bigint): 'first' | 'next' | 'replayed' {
    const window = this.#windows.get(stream);
    if (window !== undefined) return window.mark(ctr) ? 'next' : 'replayed';
    const fresh = new ReplayWindow();
    fresh.mark(ctr);
    this.#windows.set(stream, fresh);
    return 'first';
  }

  /** Tells that the sender of a stream was heard in a newer epoch. */
  supersede(stream: number, now: number): void {
    if (!this.#superseded.has(stream)) this.#superseded.set(stream, now);
  }

  /** Whether frames of the stream come too late: its sender moved on more than REORDER_MS ago. */
  isSuperseded(stream: number, now: number): boolean {
    const since = this.#superseded.get(stream);
    return since !== undefined && now - since > REORDER_MS;
  }
}
