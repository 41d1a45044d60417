export { createMediaTransforms, type MediaTransforms } from './media-transforms.ts';
export { TransformError } from './options.ts';
export {
  type EncodedFrame,
  type EncodedTransformer,
  type FrameOutcome,
  type KeyFrameRequest,
  type MediaEnvironment,
  type MediaStats,
  type SlotName,
  type SlotReport,
  type SlotState,
  type TransformOptions,
} from './types.ts';
