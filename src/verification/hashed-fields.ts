import { sha512 } from '@noble/hashes/sha2.js';
import { concat, utf8 } from '../protocol/wire/bytes.ts';

/** A field that a code covers, behind its length in one byte. Throws RangeError unless it has 1 to 255 bytes. */
export function field(bytes: Uint8Array, name: string): Uint8Array {
  if (bytes.length === 0 || bytes.length > 255) throw new RangeError(`${name} has 1 to 255 bytes`);
  return Uint8Array.of(bytes.length, ...bytes);
}

/** SHA-512 over a label, which keeps this use of it apart from every other one, and parts that say where they end. */
export const hashedFields = (label: string, ...parts: readonly Uint8Array[]): Uint8Array =>
  sha512(concat(field(utf8(label), 'label'), ...parts));
