import { type Bytes } from './bytes.ts';

const BLOCK_BYTES = 8_192;
const LONGEST = 256;

let block = new ArrayBuffer(BLOCK_BYTES);
let used = 0;

/**
 * A new byte string of zeros for the nonce or the authenticated bytes of one frame. Short ones are parts of a common block, each byte of
 * which is given out once: what a browser does to hand a buffer over to WebCrypto, it then does for a block and not for each frame.
 */
export function shortBytes(length: number): Bytes {
  if (length > LONGEST) return new Uint8Array(length);
  if (used + length > BLOCK_BYTES) {
    block = new ArrayBuffer(BLOCK_BYTES);
    used = 0;
  }
  const bytes = new Uint8Array(block, used, length);
  used += length;
  return bytes;
}
