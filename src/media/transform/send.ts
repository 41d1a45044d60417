import { codecRules } from '../codec/index.ts';
import { type KeyRing } from '../sframe/index.ts';
import { mimeTypeOf, type PayloadTypes } from './codecs.ts';
import { contextOf } from './options.ts';
import { type FrameWork } from './pipeline.ts';
import { type Slot } from './slot.ts';

/** Protects the frames of one own stream. What cannot be protected is dropped, counted and never handed on. */
export function sendWork(
  ring: KeyRing,
  slot: Slot,
  now: () => number,
  negotiated: () => PayloadTypes,
): FrameWork {
  const { kind, source = 0 } = slot.options;
  const context = contextOf(kind, source);
  const drop = (outcome: Parameters<Slot['dropped']>[1]): void => {
    if (kind === 'video') slot.keyFrames.want();
    slot.dropped(now(), outcome);
  };
  return async (frame, emit) => {
    const rules = codecRules(mimeTypeOf(frame, slot.options, negotiated()));
    if (rules?.kind !== kind) {
      drop('codec not supported');
      return;
    }
    const plain = new Uint8Array(frame.data);
    const split = rules.split(plain);
    if (split === undefined) {
      drop('malformed');
      return;
    }
    const keyFrame = rules.isKeyFrame(plain);
    const result = await ring.protect(context, split.body, split.clear);
    if (!result.ok) {
      drop(result.refusal);
      return;
    }
    if (!emit(frame, split.join(result.bytes))) {
      drop('behind');
      return;
    }
    if (keyFrame) slot.keyFrames.satisfy();
    slot.opened(now());
    slot.keyFrames.ask(now());
  };
}
