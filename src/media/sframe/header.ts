import { type Bytes } from './bytes.ts';
import { SFrameError } from './errors.ts';
import { octetsOf, u64Of } from './u64.ts';

/**
 * The SFrame header, RFC 9605 section 4.3: a config byte `X KKK Y CCC`, then KID, then CTR.
 *
 * With X (or Y) 0 the three bits hold the value itself, 0 to 7. With 1 they hold the length of the value less one,
 * and the value follows as that many big-endian bytes, as few as it needs.
 */
export interface Header {
  /** Key id, unsigned 64 bits. */
  readonly kid: bigint;
  /** Counter, unsigned 64 bits. */
  readonly ctr: bigint;
}

/** A header read from bytes, with the number of bytes it took. */
export interface DecodedHeader extends Header {
  readonly length: number;
}

const MAX_U64 = 2n ** 64n - 1n;

/** Bytes that a value takes after the config byte: 0 for 0 to 7, else 1 to 8. */
const byteLength = (value: bigint): number =>
  value < 8n ? 0 : 8 - octetsOf(value).findIndex((it) => it > 0);

const configBits = (value: bigint, length: number): number =>
  length === 0 ? Number(value) : 0b1000 | (length - 1);

/** Encodes a header. Throws `header-value-out-of-range` unless both values are unsigned 64-bit numbers. */
export function encodeHeader({ kid, ctr }: Header): Bytes {
  if (kid < 0n || kid > MAX_U64 || ctr < 0n || ctr > MAX_U64) {
    throw new SFrameError('header-value-out-of-range', 'KID and CTR are unsigned 64-bit numbers');
  }
  const kidLength = byteLength(kid);
  const ctrLength = byteLength(ctr);
  const bytes = new Uint8Array(1 + kidLength + ctrLength);
  bytes[0] = (configBits(kid, kidLength) << 4) | configBits(ctr, ctrLength);
  if (kidLength > 0) bytes.set(octetsOf(kid).subarray(8 - kidLength), 1);
  if (ctrLength > 0) bytes.set(octetsOf(ctr).subarray(8 - ctrLength), 1 + kidLength);
  return bytes;
}

/** Reads one value; undefined when bytes are missing or when it is longer than it needs to be. */
function read(bytes: Uint8Array, start: number, bits: number): { value: bigint; end: number } | undefined {
  if ((bits & 0b1000) === 0) return { value: BigInt(bits), end: start };
  const end = start + (bits & 0b0111) + 1;
  if (end > bytes.length) return undefined;
  const value = u64Of(bytes, start, end);
  return byteLength(value) === end - start ? { value, end } : undefined;
}

/** Decodes the header at the start of `bytes`; undefined when it is cut short or not minimally encoded. */
export function decodeHeader(bytes: Uint8Array): DecodedHeader | undefined {
  const config = bytes[0];
  if (config === undefined) return undefined;
  const kid = read(bytes, 1, config >> 4);
  if (kid === undefined) return undefined;
  const ctr = read(bytes, kid.end, config & 0b1111);
  if (ctr === undefined) return undefined;
  return { kid: kid.value, ctr: ctr.value, length: ctr.end };
}
