import { prefixRules } from './rules.ts';

/** Frame tag (3 bytes), start code (3) and dimensions (4) of a key frame, RFC 6386 section 9.1. */
export const VP8_KEY_FRAME_CLEAR_BYTES = 10;

/** Frame tag of a delta frame. */
export const VP8_DELTA_FRAME_CLEAR_BYTES = 3;

/** Bit 0 of the first byte is 0 for key frames, RFC 6386 section 9.1. */
const isKeyFrame = (frame: Uint8Array): boolean => frame[0] !== undefined && (frame[0] & 1) === 0;

/** VP8 (RFC 7741): depacketisers and forwarders read the frame tag and the size of a key frame. */
export const vp8 = prefixRules(
  'video/vp8',
  'video',
  (frame) => {
    if (frame.length === 0) return undefined;
    return isKeyFrame(frame) ? VP8_KEY_FRAME_CLEAR_BYTES : VP8_DELTA_FRAME_CLEAR_BYTES;
  },
  isKeyFrame,
);
