/** The byte stream format of H.264 (ITU-T H.264 annex B) and the escaping inside of NAL units (section 7.4.1). */
import { type Bytes, concatBytes } from '../sframe/index.ts';
import { MAX_UNITS } from './units.ts';

/** What each depacketiser puts before a NAL unit (RFC 6184 itself has none). */
const START_CODE = Uint8Array.of(0, 0, 0, 1);

/** Keeps two zeros and a byte of 0 to 3 from standing together: they would be read as a start code. */
const EMULATION_PREVENTION = 3;

/**
 * Last byte of a protected NAL unit: as the stop bit of any RBSP, it keeps zeros of the ciphertext from standing at
 * the end, where packetisers take them for zeros before the next start code.
 */
const STOP_BYTE = 0x80;

/**
 * The NAL units of a byte stream, without start codes, zeros at their ends, and empty ones: none of these gets
 * through a packetiser. Undefined without a start code, with other bytes before the first, or with too many.
 */
export function nalUnitsOf(stream: Bytes): Bytes[] | undefined {
  const units: Bytes[] = [];
  let starts = 0;
  let start = nextStartCode(stream, 0);
  if (start === undefined || stream.subarray(0, start).some((byte) => byte !== 0)) return undefined;
  while (start !== undefined) {
    starts += 1;
    if (starts > MAX_UNITS) return undefined;
    const next = nextStartCode(stream, start + 3);
    const unit = withoutTrailingZeros(stream.subarray(start + 3, next));
    if (unit.length > 0) units.push(unit);
    start = next;
  }
  return units;
}

/** Where the next 0, 0, 1 begins, at `from` or behind it. */
function nextStartCode(stream: Bytes, from: number): number | undefined {
  let one = stream.indexOf(1, from + 2);
  while (one >= 0) {
    if (stream[one - 1] === 0 && stream[one - 2] === 0) return one - 2;
    one = stream.indexOf(1, one + 1);
  }
  return undefined;
}

function withoutTrailingZeros(unit: Bytes): Bytes {
  let end = unit.length;
  while (end > 0 && unit[end - 1] === 0) end -= 1;
  return unit.subarray(0, end);
}

/** A byte stream of NAL units, each given in parts. */
export const byteStreamOf = (units: readonly (readonly Bytes[])[]): Bytes =>
  concatBytes(...units.flatMap((unit) => [START_CODE, ...unit]));

/** Zeros at the end of what comes before, of which two matter. */
const zerosAtEnd = (before: Bytes): number => (before.at(-1) !== 0 ? 0 : before.at(-2) !== 0 ? 1 : 2);

/** Copies bytes up to the next zero, and gives how many: most of a ciphertext needs no look at each byte. */
function copyToZero(from: Bytes, at: number, into: Bytes, to: number): number {
  const zero = from.indexOf(0, at);
  const run = from.subarray(at, zero < 0 ? from.length : zero);
  into.set(run, to);
  return run.length;
}

/**
 * Escapes ciphertext as the end of a NAL unit, so that it never holds a start code and never ends in a zero.
 *
 * @param before the bytes of the NAL unit that come before it
 */
export function escapeRest(before: Bytes, rest: Bytes): Bytes {
  // At most one escape for two bytes, one for what came before, and the stop byte.
  const escaped = new Uint8Array(rest.length + (rest.length >> 1) + 2);
  let zeros = zerosAtEnd(before);
  let to = 0;
  for (let at = 0; at < rest.length; at += 1) {
    if (zeros === 0) {
      const run = copyToZero(rest, at, escaped, to);
      at += run;
      to += run;
      if (at === rest.length) break;
    }
    const byte = rest[at] ?? 0;
    if (zeros === 2 && byte <= EMULATION_PREVENTION) {
      escaped[to++] = EMULATION_PREVENTION;
      zeros = 0;
    }
    escaped[to++] = byte;
    zeros = byte === 0 ? zeros + 1 : 0;
  }
  escaped[to++] = STOP_BYTE;
  return escaped.subarray(0, to);
}

/** Undoes `escapeRest`; undefined for what it cannot have made, so that each rest has one escaped form only. */
export function unescapeRest(before: Bytes, escaped: Bytes): Bytes | undefined {
  if (escaped.at(-1) !== STOP_BYTE) return undefined;
  const whole = escaped.subarray(0, escaped.length - 1);
  const rest = new Uint8Array(whole.length);
  let zeros = zerosAtEnd(before);
  let to = 0;
  for (let at = 0; at < whole.length; at += 1) {
    if (zeros === 0) {
      const run = copyToZero(whole, at, rest, to);
      at += run;
      to += run;
      if (at === whole.length) break;
    }
    let byte = whole[at] ?? 0;
    if (zeros === 2 && byte <= EMULATION_PREVENTION) {
      at += 1;
      const next = whole[at] ?? STOP_BYTE;
      if (byte !== EMULATION_PREVENTION || next > EMULATION_PREVENTION) return undefined;
      byte = next;
      zeros = 0;
    }
    rest[to++] = byte;
    zeros = byte === 0 ? zeros + 1 : 0;
  }
  return rest.subarray(0, to);
}
