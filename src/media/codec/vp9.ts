import { prefixRules } from './rules.ts';

/**
 * The frame_type bit of the uncompressed header (VP9 bitstream specification section 6.2): after the 2-bit marker, the
 * profile (one more bit in profile 3) and show_existing_frame. 0 is a key frame; a shown existing frame is none.
 */
function isKeyFrame(frame: Uint8Array): boolean {
  const first = frame[0];
  if (first === undefined || first >> 6 !== 0b10) return false;
  const profile3 = (first & 0b0011_0000) === 0b0011_0000;
  const bits = profile3 ? first >> 1 : first >> 2;
  return (bits & 0b11) === 0;
}

/** VP9 (RFC 9628): the payload descriptor says all that a packetiser needs, so nothing stays in clear. */
export const vp9 = prefixRules('video/vp9', 'video', 0, isKeyFrame);
