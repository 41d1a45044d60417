/** Bytes over a plain ArrayBuffer, as WebCrypto takes them. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** Joins byte strings into one new one. */
export function concatBytes(...parts: readonly Uint8Array[]): Bytes {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

/**
 * `header`, then `body`, whose buffer is used up. Where a buffer can be transferred to a larger one, the old one is free at once, and
 * nothing is filled with zeros first.
 */
export function prefixed(header: Uint8Array, body: Bytes): Bytes {
  const { length } = body;
  const buffer = body.buffer as ArrayBuffer & { readonly transfer?: (length: number) => ArrayBuffer };
  if (buffer.transfer === undefined || length !== buffer.byteLength) return concatBytes(header, body);
  const joined = new Uint8Array(buffer.transfer(header.length + length));
  joined.copyWithin(header.length, 0, length);
  joined.set(header);
  return joined;
}

/** `value` as `length` bytes, big-endian. */
export function bigEndian(value: bigint, length: number): Bytes {
  const bytes = new Uint8Array(length);
  let rest = value;
  for (let at = length - 1; at >= 0; at -= 1) {
    bytes[at] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return bytes;
}

/** Lower-case hexadecimal, used as a map key for byte strings. */
export function hexOf(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}
