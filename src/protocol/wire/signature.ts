import { ed25519 } from '@noble/curves/ed25519.js';
import { concat, utf8 } from './bytes.ts';

/** What is signed for a header: a label of its own keeps it apart from all that MLS signs with the same key. */
export const signedContent = (header: Uint8Array): Uint8Array => concat(utf8('DC 1.0 header\0'), header);

/** Signs a header with an Ed25519 seed of 32 bytes: the invite key of a link. */
export const signWithSeed = (seed: Uint8Array, header: Uint8Array): Uint8Array =>
  ed25519.sign(signedContent(header), seed);

/** The public key of a seed, 32 bytes. */
export const publicKeyOf = (seed: Uint8Array): Uint8Array => ed25519.getPublicKey(seed);
