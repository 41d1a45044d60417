import { correction, generate } from 'lean-qr';

/** A QR code as the path of an SVG: filled squares of one unit, within the quiet zone. */
export interface QrPicture {
  /** Units on a side of the view box, the quiet zone included. */
  readonly size: number;
  /** The `d` of an SVG path, for dark modules on a light ground. */
  readonly path: string;
}

/** Light modules around the symbol: ISO/IEC 18004 section 9.1. */
const QUIET_ZONE = 4;

/**
 * Draws a text as a QR code (ISO/IEC 18004), error correction M. Nothing of it is a style or a URL, so that a strict content
 * security policy lets it through. Throws RangeError where the text is too long.
 */
export function qrPicture(text: string): QrPicture {
  const symbol = generate(text, { minCorrectionLevel: correction.M });
  const squares: string[] = [];
  for (let y = 0; y < symbol.size; y++)
    for (let x = 0; x < symbol.size; x++)
      if (symbol.get(x, y)) squares.push(`M${x + QUIET_ZONE} ${y + QUIET_ZONE}h1v1h-1z`);
  return { size: symbol.size + 2 * QUIET_ZONE, path: squares.join('') };
}
