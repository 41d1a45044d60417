import fc from 'fast-check';
import { type Bytes } from '../sframe/index.ts';
import { type CodecRules, type Split } from './rules.ts';

/** Bytes that emulate start codes far more often than chance does, and others. */
export const nastyBytes = (maxLength: number): fc.Arbitrary<Bytes> =>
  fc
    .oneof(
      fc.array(fc.constantFrom(0, 0, 0, 1, 2, 3, 3, 4, 0x80, 0xff), { maxLength, size: 'max' }),
      fc.array(fc.nat(255), { maxLength, size: 'max' }),
    )
    .map((bytes) => Uint8Array.from(bytes));

/** In place of a ciphertext of the body: what SFrame adds, and as many bytes as the body has, whatever they are. */
export const ciphertextOf = (body: Bytes, chance: Bytes): Bytes =>
  Uint8Array.from({ length: body.length + 23 }, (_, at) => chance[at % Math.max(1, chance.length)] ?? 0);

/** A frame through protection and back: what goes out, and what a decoder gets. Throws where a part is refused. */
export function throughProtection(
  rules: CodecRules,
  frame: Bytes,
  chance: Bytes,
): { split: Split; wire: Bytes; received: Split; sealed: Bytes; opened: Bytes } {
  const split = rules.split(frame);
  if (split === undefined) throw new Error('the frame is refused');
  const sealed = ciphertextOf(split.body, chance);
  const wire = split.join(sealed);
  const received = rules.splitProtected(wire);
  if (received === undefined) throw new Error('the protected frame is refused');
  return { split, wire, received, sealed, opened: received.join(split.body) };
}

/** As text, which compares fast. */
export const hex = (bytes: Bytes | readonly number[]): string => Buffer.from(bytes).toString('hex');

/** The parts of a split that can be compared: clear bytes and body. */
export const partsOf = (split: Split | undefined): string =>
  split === undefined ? 'refused' : `${hex(split.clear)} ${hex(split.body)}`;

/** A frame with one byte changed, left out or put in, cut off or doubled at some place. */
export const changed = (frame: Bytes): fc.Arbitrary<Bytes> =>
  fc
    .tuple(fc.nat(Math.max(0, frame.length - 1)), fc.constantFrom(0, 1, 3, 0x80, 0x67, 0xff), fc.nat(4))
    .map(([at, byte, kind]) => {
      const bytes = [...frame];
      if (kind === 0) bytes[at] = byte;
      else if (kind === 1) bytes.splice(at, 1);
      else if (kind === 2) bytes.splice(at, 0, byte);
      else if (kind === 3) bytes.length = at;
      else bytes.splice(at, 0, ...bytes.slice(at, at + 8));
      return Uint8Array.from(bytes);
    });
