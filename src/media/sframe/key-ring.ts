import { hexOf, prefixed, type Bytes } from './bytes.ts';
import { seal, unseal } from './cipher.ts';
import { importBaseKey } from './derive.ts';
import { checkEpochInput, type EpochInput } from './epoch-input.ts';
import { EpochKeys, streamOf } from './epoch-keys.ts';
import { type Refusal } from './errors.ts';
import { Foundings } from './foundings.ts';
import { decodeHeader, encodeHeader } from './header.ts';
import { decodeKid, EPOCH_BITS, placeOf } from './kid.ts';
import { MAX_EPOCHS, MAX_FRAME_BYTES, RETENTION_MS } from './limits.ts';
import { type Suite } from './suites.ts';

/** Who sent a frame, by its KID and the members of its epoch. Members can impersonate one another: keys are shared. */
export interface Sender {
  readonly participant: string;
  readonly leafIndex: number;
  readonly context: number;
}

export type Protected =
  { readonly ok: true; readonly bytes: Bytes } | { readonly ok: false; readonly refusal: Refusal };

export type Opened =
  | { readonly ok: true; readonly bytes: Bytes; readonly sender: Sender; readonly epoch: bigint }
  | { readonly ok: false; readonly refusal: Refusal };

const refuse = (refusal: Refusal): { ok: false; refusal: Refusal } => ({ ok: false, refusal });

/**
 * The media keys of one participant in one call: the current epoch to send with, the last ones to receive with.
 * Has no clock: `now` is milliseconds on any clock that does not run backwards.
 */
export class KeyRing {
  readonly suite: Suite;
  readonly #foundings = new Foundings();
  /** Oldest first; the last one is current. All of one founding. */
  #epochs: EpochKeys[] = [];
  #founding: string | undefined;
  /** Counts what makes earlier work void: a new founding, or clear(). */
  #generation = 0;
  /** Epochs are put in place in the order in which they were set. */
  #setting: Promise<unknown> = Promise.resolve();

  constructor(suite: Suite) {
    this.suite = suite;
  }

  /** The epoch that own frames are protected in; undefined before the first and after clear(). */
  get currentEpoch(): bigint | undefined {
    return this.#epochs.at(-1)?.epoch;
  }

  /** Epochs whose keys are held. */
  get size(): number {
    return this.#epochs.length;
  }

  /**
   * Makes an epoch the current one. A new group id is a new founding and drops all that came before. Resolves to
   * false when clear() or a newer founding came in between. Throws SFrameError, before anything changes.
   */
  async setEpoch(input: EpochInput, now: number): Promise<boolean> {
    const members = checkEpochInput(this.suite, input);
    this.#foundings.take(input.groupId, input.epoch);
    const founding = hexOf(input.groupId);
    if (founding !== this.#founding) {
      this.clear();
      this.#founding = founding;
    }
    const generation = this.#generation;
    const { epoch, ownLeafIndex } = input;
    const importing = importBaseKey(this.suite, input.baseKey);
    const setting = this.#setting.then(async () => {
      const base = await importing;
      if (generation !== this.#generation) return false;
      this.prune(now);
      const current = this.#epochs.at(-1);
      if (current !== undefined) current.retiredAt = now;
      this.#epochs.push(new EpochKeys(epoch, ownLeafIndex, members, base));
      this.#epochs = this.#epochs.filter((held) => epoch - held.epoch < 2n ** BigInt(EPOCH_BITS - 1));
      this.#epochs.splice(0, this.#epochs.length - MAX_EPOCHS);
      return true;
    });
    this.#setting = setting.catch(() => undefined);
    return setting;
  }

  /** Drops all keys, at once: nothing is protected or opened until a newer epoch is set. */
  clear(): void {
    this.#epochs = [];
    this.#founding = undefined;
    this.#generation += 1;
  }

  /** Drops epochs that were retired RETENTION_MS ago. Call it when that time is up, frames or not. */
  prune(now: number): void {
    const isOver = ({ retiredAt }: EpochKeys): boolean =>
      retiredAt !== undefined && now - retiredAt >= RETENTION_MS;
    if (this.#epochs.some(isOver)) this.#epochs = this.#epochs.filter((held) => !isOver(held));
  }

  /** Protects one own frame in the current epoch: resolves to header, ciphertext and tag. `metadata` is authenticated. */
  async protect(context: number, plaintext: Bytes, metadata: Uint8Array): Promise<Protected> {
    const generation = this.#generation;
    const current = this.#epochs.at(-1);
    if (current === undefined) return refuse('no key yet');
    if (plaintext.length + metadata.length > MAX_FRAME_BYTES) return refuse('malformed');
    const ticket = current.nextToSend(context);
    if (ticket === undefined) return refuse('no key yet');
    const header = encodeHeader(ticket);
    const ciphertext = await seal(await ticket.key, ticket.ctr, header, metadata, plaintext);
    if (generation !== this.#generation) return refuse('no key yet');
    return { ok: true, bytes: prefixed(header, ciphertext) };
  }

  /**
   * Opens a frame of somebody else. `expects` may refuse a sender before anything is decrypted: the frame then counts
   * as 'forged or forked'. Hostile bytes give a refusal, never an exception.
   */
  async open(
    sframe: Bytes,
    metadata: Uint8Array,
    now: number,
    expects: (sender: Sender) => boolean = () => true,
  ): Promise<Opened> {
    this.prune(now);
    const current = this.#epochs.at(-1);
    if (current === undefined) return refuse('no key yet');
    if (sframe.length + metadata.length > MAX_FRAME_BYTES) return refuse('malformed');
    const header = decodeHeader(sframe);
    const kid = header && decodeKid(header.kid);
    if (header === undefined || kid === undefined) return refuse('malformed');
    if (sframe.length < header.length + this.suite.tagBytes) return refuse('malformed');

    const keys = this.#epochs.find((held) => held.epochResidue === kid.epochResidue);
    if (keys === undefined) return refuse(placeOf(kid.epochResidue, current.epoch));
    const participant = keys.members.get(kid.leafIndex);
    if (participant === undefined || kid.leafIndex === keys.ownLeafIndex) return refuse('forged or forked');
    const stream = streamOf(kid.leafIndex, kid.context);
    const stillMember = current.members.get(kid.leafIndex) === participant;
    if (!stillMember || keys.isSuperseded(stream, now)) return refuse('older epoch');
    const sender: Sender = { participant, leafIndex: kid.leafIndex, context: kid.context };
    if (!expects(sender)) return refuse('forged or forked');

    const generation = this.#generation;
    const bytes = await unseal(
      await keys.receiveKey(kid.leafIndex, kid.context),
      header.ctr,
      sframe.subarray(0, header.length),
      metadata,
      sframe.subarray(header.length),
    );
    if (generation !== this.#generation) return refuse('no key yet');
    if (bytes === undefined) return refuse('forged or forked');
    // Only now: the counter of a forged frame says nothing, and must not pass for a replay.
    const marked = keys.mark(stream, header.ctr);
    if (marked === 'replayed') return refuse('replayed');
    if (marked === 'first') this.#supersede(keys.epoch, stream, now);
    return { ok: true, bytes, sender, epoch: keys.epoch };
  }

  #supersede(heardIn: bigint, stream: number, now: number): void {
    for (const held of this.#epochs) if (held.epoch < heardIn) held.supersede(stream, now);
  }
}
