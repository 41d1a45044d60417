import { type Bytes } from '../sframe/index.ts';
import { byteStreamOf, escapeRest, nalUnitsOf, unescapeRest } from './annex-b.ts';
import { type Unit, unitRules } from './units.ts';

/** nal_unit_type, ITU-T H.264 table 7-1. */
const NON_IDR_SLICE = 1;
const IDR_SLICE = 5;
const SEQUENCE_PARAMETER_SET = 7;
const PICTURE_PARAMETER_SET = 8;
/** From here on RFC 6184 (section 5.2) has packets of its own. */
const FIRST_PACKET_TYPE = 24;

const typeOf = (nal: Bytes): number => (nal[0] ?? 0) & 0x1f;

/**
 * Bytes of a NAL unit that stay in clear, or undefined for one that no encoder makes.
 *
 * - Each: the NAL unit header, by which packetisers (RFC 6184 section 5.3) go.
 * - Slices (1, 5): first_mb_in_slice, slice_type and pic_parameter_set_id. Depacketisers drop a slice whose picture
 *   parameter set they do not have.
 * - Picture parameter set: its own number and that of its sequence parameter set.
 * - Sequence parameter set: all. Depacketisers parse it to its end, for the size of the picture.
 */
function clearBytes(nal: Bytes): number | undefined {
  const type = typeOf(nal);
  if (((nal[0] ?? 0x80) & 0x80) !== 0 || type === 0 || type >= FIRST_PACKET_TYPE) return undefined;
  switch (type) {
    case NON_IDR_SLICE:
    case IDR_SLICE:
      return endOfNumbers(nal, 3);
    case PICTURE_PARAMETER_SET:
      return endOfNumbers(nal, 2);
    case SEQUENCE_PARAMETER_SET:
      return nal.length;
    default:
      return 1;
  }
}

/** No number at the start of a slice or a picture parameter set needs more (section 7.4.3: at most 139,263). */
const MAX_LEADING_ZERO_BITS = 17;

/**
 * Bytes up to the end of `count` numbers ue(v) (section 9.1) behind the NAL unit header, with the emulation prevention
 * bytes between them. Reads no byte after the last that it counts.
 */
function endOfNumbers(nal: Bytes, count: number): number | undefined {
  let left = count;
  let zeroBits = 0;
  let skipBits = 0;
  for (let at = 1; at < nal.length; at += 1) {
    const byte = nal[at] ?? 0;
    // The NAL unit header is no zero, so two zeros before this byte are behind it.
    if (byte === 3 && nal[at - 1] === 0 && nal[at - 2] === 0) continue;
    for (let bit = 7; bit >= 0; bit -= 1) {
      if (skipBits > 0) skipBits -= 1;
      else if (((byte >> bit) & 1) === 0) zeroBits += 1;
      else {
        skipBits = zeroBits;
        zeroBits = 0;
        left -= 1;
      }
      if (zeroBits > MAX_LEADING_ZERO_BITS) return undefined;
      if (left === 0 && skipBits === 0) return at + 1;
    }
  }
  return undefined;
}

/** Reads all NAL units; `restOf` takes what follows the clear bytes as it is, or unescaped. */
function read(stream: Bytes, restOf: (clear: Bytes, rest: Bytes) => Bytes | undefined): Unit[] | undefined {
  const units: Unit[] = [];
  for (const nal of nalUnitsOf(stream) ?? []) {
    const count = clearBytes(nal);
    if (count === undefined) return undefined;
    const clear = nal.subarray(0, count);
    if (typeOf(nal) === SEQUENCE_PARAMETER_SET) {
      units.push({ clear, rest: null });
      continue;
    }
    const rest = restOf(clear, nal.subarray(count));
    if (rest === undefined) return undefined;
    units.push({ clear, rest });
  }
  return units;
}

/**
 * H.264 as a byte stream (RFC 6184). A frame without any NAL unit but sequence parameter sets is refused. Protected and
 * opened frames have start codes of 4 bytes, as each depacketiser makes them, and none of the zeros around them.
 */
export const h264 = unitRules({
  mimeType: 'video/h264',
  read: (frame) => read(frame, (_clear, rest) => rest),
  write: (units) => byteStreamOf(units.map(({ clear, rest }) => (rest === null ? [clear] : [clear, rest]))),
  readProtected: (frame) => read(frame, unescapeRest),
  writeProtected: (units) =>
    byteStreamOf(
      units.map(({ clear, rest }) => (rest === null ? [clear] : [clear, escapeRest(clear, rest)])),
    ),
  /** An IDR picture (section 7.4.1.2.4). Parameter sets alone, or recovery points, are none. */
  isKeyFrame: (frame) => nalUnitsOf(frame)?.some((nal) => typeOf(nal) === IDR_SLICE) ?? false,
});
