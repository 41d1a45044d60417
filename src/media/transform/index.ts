export { createMediaTransforms, type MediaTransforms } from './media-transforms.ts';
export { TransformError } from './options.ts';
export { senderReport, worstOf } from './senders.ts';
export { takeTransforms, type TransformMessage } from './take.ts';
export {
  type EncodedFrame,
  type EncodedTransformer,
  type FrameCounters,
  type FrameOutcome,
  type KeyFrameRequest,
  type MediaEnvironment,
  type MediaStats,
  type SenderReport,
  type SenderState,
  type SlotName,
  type SlotReport,
  type SlotState,
  type TransformOptions,
} from './types.ts';
