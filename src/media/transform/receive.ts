import { codecRules } from '../codec/index.ts';
import { type KeyRing, type Sender } from '../sframe/index.ts';
import { mimeTypeOf, type PayloadTypes } from './codecs.ts';
import { type HeldFrame, HeldFrames } from './held-frames.ts';
import { streamOfContext } from './options.ts';
import { type Emit, type FrameWork } from './pipeline.ts';
import { type Slot } from './slot.ts';
import { type EncodedFrame, type FrameOutcome } from './types.ts';

/** The receiving side of one slot. */
export interface Receive {
  readonly work: FrameWork;
  /** Tries the held frames again: there is a new key. */
  readonly drain: (emit: Emit) => Promise<void>;
  /** Drops the held frames: the keys went. */
  readonly discard: () => void;
}

/** Drops that leave the decoder without a frame that it should have had. */
const BREAKS_DECODING: ReadonlySet<FrameOutcome> = new Set<FrameOutcome>([
  'no key yet',
  'older epoch',
  'newer epoch',
  'forged or forked',
  'behind',
  'failed',
]);

/**
 * Opens the frames of one slot. Frames that come before their key, of a newer epoch or before the first one, wait,
 * bounded, until the own commit is merged or the Welcome processed; others that do not open are dropped.
 */
export function receiveWork(
  ring: KeyRing,
  slot: Slot,
  now: () => number,
  negotiated: () => PayloadTypes,
): Receive {
  const { kind } = slot.options;
  const held = new HeldFrames();

  const drop = (outcome: Exclude<FrameOutcome, 'open'>, frames = 1): void => {
    if (frames === 0) return;
    if (kind === 'video' && BREAKS_DECODING.has(outcome)) slot.keyFrames.want();
    slot.dropped(now(), outcome, frames);
    if (ring.currentEpoch !== undefined) slot.keyFrames.ask(now());
  };
  const dropHeld = (frames: readonly HeldFrame[]): void => {
    for (const refusal of ['newer epoch', 'no key yet'] as const)
      drop(refusal, frames.filter((frame) => frame.refusal === refusal).length);
  };
  const expects = ({ context, participant }: Sender): boolean =>
    streamOfContext(context).kind === kind && (slot.expected === null || slot.expected === participant);

  const receive = async (frame: EncodedFrame, since: number, emit: Emit): Promise<void> => {
    const rules = codecRules(mimeTypeOf(frame, slot.options, negotiated()));
    if (rules?.kind !== kind) {
      drop('codec not supported');
      return;
    }
    const split = rules.splitProtected(new Uint8Array(frame.data));
    if (split === undefined) {
      drop('malformed');
      return;
    }
    const result = await ring.open(split.body, split.clear, now(), expects);
    if (!result.ok) {
      const { refusal } = result;
      if (refusal !== 'newer epoch' && refusal !== 'no key yet') {
        drop(refusal);
        return;
      }
      dropHeld(held.push({ frame, since, refusal }));
      slot.holds(held.size);
      slot.show(now(), refusal);
      return;
    }
    const { participant, context } = result.sender;
    // The slot may have been given to somebody else while the frame was opened.
    if (!expects(result.sender)) {
      drop('forged or forked');
      return;
    }
    const plain = split.join(result.bytes);
    const keyFrame = rules.isKeyFrame(plain);
    if (!emit(frame, plain)) {
      drop('behind');
      return;
    }
    if (keyFrame) slot.keyFrames.satisfy();
    slot.opened(now(), { participant, source: streamOfContext(context).source });
    slot.keyFrames.ask(now());
  };

  const expire = (): void => {
    dropHeld(held.expire(now()));
    slot.holds(held.size);
  };

  return {
    work: async (frame, emit) => {
      expire();
      await receive(frame, now(), emit);
    },
    drain: async (emit) => {
      expire();
      for (const { frame, since } of held.take()) await receive(frame, since, emit);
      slot.holds(held.size);
      slot.keyFrames.ask(now());
    },
    discard: () => {
      dropHeld(held.take());
      slot.holds(0);
    },
  };
}
