import { type Bytes } from '../sframe/index.ts';
import { frameOf, OBU_FRAME, OBU_FRAME_HEADER, OBU_SEQUENCE_HEADER, obusOf, obuTypeOf } from './obu.ts';
import { unitRules } from './units.ts';

/** Bits of the first byte of a frame header (AV1 bitstream specification section 5.9.2). */
const SHOW_EXISTING_FRAME = 0b1000_0000;
const FRAME_TYPE = 0b0110_0000;
const SHOW_FRAME = 0b0001_0000;
/** Bit of the first byte of a sequence header (section 5.5.1): all frames are shown key frames, and do not say so. */
const REDUCED_STILL_PICTURE_HEADER = 0b0000_1000;

/** A key frame random access point (section 7.6.2): a sequence header, and behind it a shown frame of type KEY_FRAME. */
function isKeyFrame(frame: Bytes): boolean {
  let sequence: number | undefined;
  for (const { clear, rest } of obusOf(frame) ?? []) {
    const type = obuTypeOf(clear);
    const first = rest[0];
    if (first === undefined) continue;
    if (type === OBU_SEQUENCE_HEADER) sequence = first;
    if (sequence === undefined || (type !== OBU_FRAME_HEADER && type !== OBU_FRAME)) continue;
    if ((sequence & REDUCED_STILL_PICTURE_HEADER) !== 0) return true;
    if ((first & (SHOW_EXISTING_FRAME | FRAME_TYPE | SHOW_FRAME)) === SHOW_FRAME) return true;
  }
  return false;
}

/**
 * AV1: packetisers go by the headers of the OBUs, with temporal and spatial layer; sizes they write themselves. All
 * payloads are protected, those of sequence headers too. What RTP does not carry is left out.
 */
export const av1 = unitRules({
  mimeType: 'video/av1',
  read: obusOf,
  write: frameOf,
  readProtected: obusOf,
  writeProtected: frameOf,
  isKeyFrame,
});
