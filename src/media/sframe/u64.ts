/** Unsigned 64-bit numbers and their bytes, big-endian. One buffer for all: two of these a frame, and BigInt arithmetic is slow. */

const view = new DataView(new ArrayBuffer(8));
const octets = new Uint8Array(view.buffer);

/** The 8 bytes of `value`. Read them before the next call: they are overwritten then. */
export function octetsOf(value: bigint): Uint8Array {
  view.setBigUint64(0, value);
  return octets;
}

/** The number in the bytes from `start` to before `end`, 8 at most. */
export function u64Of(bytes: Uint8Array, start: number, end: number): bigint {
  octets.fill(0);
  for (let at = start; at < end; at += 1) octets[8 - end + at] = bytes[at] ?? 0;
  return view.getBigUint64(0);
}
