import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { ParseError } from '../errors.ts';

export { bytesToHex as hex, concatBytes as concat, hexToBytes as unhex, utf8ToBytes as utf8 };

/** SHA-256 over a label and parts of known length: labels keep the uses of one hash apart. */
export const labelledHash = (label: string, ...parts: readonly Uint8Array[]): Uint8Array =>
  sha256(concatBytes(utf8ToBytes(`${label}\0`), ...parts));

/** SHA-256 of some bytes, as hex. */
export const digest = (bytes: Uint8Array): string => bytesToHex(sha256(bytes));

/** Writes the presentation language of RFC 8446 section 3, as RFC 9420 uses it: big-endian, vectors behind their length. */
export class Writer {
  readonly #parts: Uint8Array[] = [];

  uint(value: number, bytes: 1 | 2 | 4): this {
    if (!Number.isInteger(value) || value < 0 || value >= 2 ** (8 * bytes)) {
      throw new RangeError(`${String(value)} is no uint${String(8 * bytes)}`);
    }
    const out = new Uint8Array(bytes);
    for (let i = 0; i < bytes; i++) out[i] = Math.floor(value / 2 ** (8 * (bytes - 1 - i))) & 0xff;
    this.#parts.push(out);
    return this;
  }

  /** Bytes of a length that both sides know. */
  fixed(hex: string, bytes: number): this {
    const out = hexToBytes(hex);
    if (out.length !== bytes)
      throw new RangeError(`${String(out.length)} bytes where ${String(bytes)} belong`);
    this.#parts.push(out);
    return this;
  }

  /** Bytes behind their 32-bit length. */
  opaque(value: Uint8Array): this {
    this.uint(value.length, 4).#parts.push(value);
    return this;
  }

  /** Values of one known length, behind their 16-bit number. */
  list(values: readonly string[], bytes: number): this {
    this.uint(values.length, 2);
    for (const value of values) this.fixed(value, bytes);
    return this;
  }

  bytes(): Uint8Array {
    return concatBytes(...this.#parts);
  }
}

/** Reads what `Writer` writes. Never past the end, never more than the limit it is given. */
export class Reader {
  readonly #bytes: Uint8Array;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  #take(length: number): Uint8Array {
    const end = this.#offset + length;
    if (end > this.#bytes.length)
      throw new ParseError('truncated', `${String(end - this.#bytes.length)} bytes short`);
    const out = this.#bytes.slice(this.#offset, end);
    this.#offset = end;
    return out;
  }

  uint(bytes: 1 | 2 | 4): number {
    return this.#take(bytes).reduce((value, byte) => value * 256 + byte, 0);
  }

  fixed(bytes: number): string {
    return bytesToHex(this.#take(bytes));
  }

  opaque(limit: number): Uint8Array {
    const length = this.uint(4);
    if (length > limit) throw new ParseError('too_long', `${String(length)} bytes, at most ${String(limit)}`);
    return this.#take(length);
  }

  list(bytes: number, limit: number): string[] {
    const length = this.uint(2);
    if (length > limit)
      throw new ParseError('too_long', `${String(length)} values, at most ${String(limit)}`);
    return Array.from({ length }, () => this.fixed(bytes));
  }

  get atEnd(): boolean {
    return this.#offset === this.#bytes.length;
  }

  /** Refuses bytes behind the end: every value has one encoding. */
  end(): void {
    const rest = this.#bytes.length - this.#offset;
    if (rest !== 0) throw new ParseError('trailing', `${String(rest)} bytes behind the end`);
  }
}
