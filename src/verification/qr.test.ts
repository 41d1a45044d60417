import jsQR from 'jsqr';
import { describe, expect, it } from 'vitest';
import { qrPicture, type QrPicture } from './qr.ts';
import { safetyCodeText } from './safety-code.ts';

const PIXELS = 4;

/** Paints the path as a browser does, `PIXELS` to a unit: dark on light, as RGBA. */
function paint({ size, path }: QrPicture): { readonly data: Uint8ClampedArray; readonly side: number } {
  const side = size * PIXELS;
  const data = new Uint8ClampedArray(side * side * 4).fill(255);
  const squares = [...path.matchAll(/M(\d+) (\d+)h1v1h-1z/g)];
  expect(squares.map(([square]) => square).join('')).toBe(path);
  for (const [, x, y] of squares)
    for (let dy = 0; dy < PIXELS; dy++)
      for (let dx = 0; dx < PIXELS; dx++) {
        const at = ((Number(y) * PIXELS + dy) * side + Number(x) * PIXELS + dx) * 4;
        data.fill(0, at, at + 3);
      }
  return { data, side };
}

/** What another library reads in the picture. */
function read(picture: QrPicture): string | null {
  const { data, side } = paint(picture);
  return jsQR(data, side, side)?.data ?? null;
}

describe('the QR code', () => {
  const groups = Array.from({ length: 12 }, (_, i) => String(i * 8_191).padStart(5, '0'));

  it('of a safety code is read by another library, as the text that it was made of', () => {
    const text = safetyCodeText(groups);
    const picture = qrPicture(text);
    // Version 4 in alphanumeric mode, and four light modules around.
    expect(picture.size).toBe(33 + 2 * 4);
    expect(read(picture)).toBe(text);
    expect(read(qrPicture(safetyCodeText([...groups].reverse())))).not.toBe(text);
  });

  it('is the right way round, and corrects errors at level M at least', () => {
    // The dark module of version 4: ISO/IEC 18004 section 7.9.1. Mirrored, another bit would stand there.
    for (let i = 0; i < 10; i++)
      expect(qrPicture(safetyCodeText(groups.map((group) => group.replace('0', String(i))))).path).toContain(
        `M${8 + 4} ${25 + 4}h1`,
      );
    // 100 characters: version 4 at level L, version 5 at level M.
    expect(qrPicture('A'.repeat(100)).size).toBe(37 + 2 * 4);
  });

  it('is read with a tenth of it scratched off, and is quiet around', () => {
    const picture = qrPicture(safetyCodeText(groups));
    const { data, side } = paint(picture);
    for (let y = 0; y < side; y++)
      for (let x = 0; x < side; x++)
        if (Math.min(x, y, side - 1 - x, side - 1 - y) < 4 * PIXELS)
          expect(data[(y * side + x) * 4]).toBe(255);
    const hole = Math.floor(33 * 0.3) * PIXELS;
    for (let y = 0; y < hole; y++) {
      const from = ((y + side / 2) * side + side / 2 - hole / 2) * 4;
      data.fill(255, from, from + hole * 2);
    }
    expect(jsQR(data, side, side)?.data).toBe(safetyCodeText(groups));
  });

  it('of a text that is too long is refused', () => {
    expect(() => qrPicture('A'.repeat(10_000))).toThrow();
  });
});
