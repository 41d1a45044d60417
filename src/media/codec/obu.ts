/** Open bitstream units of AV1 (AV1 bitstream specification sections 4.10.5 and 5.3). */
import { type Bytes, concatBytes } from '../sframe/index.ts';
import { MAX_UNITS, type Unit } from './units.ts';

/** obu_type, section 6.2.2. */
export const OBU_SEQUENCE_HEADER = 1;
const OBU_TEMPORAL_DELIMITER = 2;
export const OBU_FRAME_HEADER = 3;
export const OBU_FRAME = 6;
const OBU_TILE_LIST = 8;
const OBU_PADDING = 15;

/** These end at the packetiser (AV1 RTP payload format sections 4.4 and 5): no receiver gets them, no decoder misses them. */
const NOT_SENT: ReadonlySet<number> = new Set([OBU_TEMPORAL_DELIMITER, OBU_TILE_LIST, OBU_PADDING]);

const FORBIDDEN_BIT = 0x80;
const HAS_EXTENSION = 0x04;
const HAS_SIZE = 0x02;

/** The type of a unit by its header. */
export const obuTypeOf = (header: Bytes): number => ((header[0] ?? 0) >> 3) & 0x0f;

/**
 * The OBUs of a frame, without those that are not sent: the header (with its extension, without the size flag) and the
 * payload. Undefined for what is cut off, has the forbidden bit, or too many units.
 */
export function obusOf(frame: Bytes): (Unit & { readonly rest: Bytes })[] | undefined {
  const units: (Unit & { readonly rest: Bytes })[] = [];
  let count = 0;
  let at = 0;
  while (at < frame.length) {
    count += 1;
    if (count > MAX_UNITS) return undefined;
    const first = frame[at] ?? 0;
    if ((first & FORBIDDEN_BIT) !== 0) return undefined;
    const headerBytes = (first & HAS_EXTENSION) === 0 ? 1 : 2;
    const clear = frame.slice(at, at + headerBytes);
    if (clear.length < headerBytes) return undefined;
    clear[0] = first & ~HAS_SIZE;
    at += headerBytes;
    let length = frame.length - at;
    if ((first & HAS_SIZE) !== 0) {
      const size = readLeb128(frame, at);
      if (size === undefined) return undefined;
      at += size.bytes;
      length = size.value;
      if (length > frame.length - at) return undefined;
    }
    if (!NOT_SENT.has(obuTypeOf(clear))) units.push({ clear, rest: frame.subarray(at, at + length) });
    at += length;
  }
  return units;
}

/** A frame of OBUs, each with a size field of the fewest bytes, as depacketisers make it. */
export function frameOf(units: readonly Unit[]): Bytes {
  const parts = units.flatMap(({ clear, rest }) => {
    const header = clear.slice();
    header[0] = (header[0] ?? 0) | HAS_SIZE;
    return [header, leb128(rest?.length ?? 0), rest ?? new Uint8Array(0)];
  });
  return concatBytes(...parts);
}

/** leb128(), section 4.10.5: at most 8 bytes and less than 2^32. */
function readLeb128(bytes: Bytes, at: number): { value: number; bytes: number } | undefined {
  let value = 0;
  for (let index = 0; index < 8; index += 1) {
    const byte = bytes[at + index];
    if (byte === undefined) return undefined;
    value += (byte & 0x7f) * 2 ** (7 * index);
    if (value >= 2 ** 32) return undefined;
    if (byte < 0x80) return { value, bytes: index + 1 };
  }
  return undefined;
}

function leb128(value: number): Bytes {
  const bytes: number[] = [];
  let left = value;
  do {
    bytes.push((left & 0x7f) | (left > 0x7f ? 0x80 : 0));
    left >>>= 7;
  } while (left > 0);
  return Uint8Array.from(bytes);
}
