import { prefixRules } from './rules.ts';

/** Bit 0 of the first byte is 0 for key frames, RFC 6386 section 9.1. */
const isKeyFrame = (frame: Uint8Array): boolean => frame[0] !== undefined && (frame[0] & 1) === 0;

/**
 * VP8 (RFC 7741): depacketisers and forwarders tell key frames by the first byte of the frame tag. Chromium reads the
 * size of a key frame's picture from bytes 6 to 9 too, but plays it whatever they say: they are protected.
 */
export const vp8 = prefixRules('video/vp8', 'video', 1, isKeyFrame);
