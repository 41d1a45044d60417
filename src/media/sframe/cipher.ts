import { type Bytes } from './bytes.ts';
import { type FrameKey } from './derive.ts';
import { shortBytes } from './short-bytes.ts';
import { octetsOf } from './u64.ts';

/** The nonce of a frame, RFC 9605 section 4.4.3: salt XOR counter, the counter big-endian at the end. */
export function nonceOf(salt: Uint8Array, ctr: bigint): Bytes {
  const nonce = shortBytes(salt.length);
  nonce.set(salt);
  const start = nonce.length - 8;
  const octets = octetsOf(ctr);
  for (let at = 0; at < 8; at += 1) nonce[start + at] = (nonce[start + at] ?? 0) ^ (octets[at] ?? 0);
  return nonce;
}

function parametersOf(
  frameKey: FrameKey,
  ctr: bigint,
  header: Uint8Array,
  metadata: Uint8Array,
): AesGcmParams {
  const additionalData = shortBytes(header.length + metadata.length);
  additionalData.set(header);
  additionalData.set(metadata, header.length);
  // The tag has 128 bits by default, as in all suites: to say so takes a tenth of the time of a frame in Node.
  return { name: 'AES-GCM', iv: nonceOf(frameKey.salt, ctr), additionalData };
}

/**
 * Encrypts one frame. `header` is the encoded header of `ctr`; header and `metadata` are authenticated (section 4.4.3).
 * Resolves to ciphertext and tag, without the header.
 */
export async function seal(
  frameKey: FrameKey,
  ctr: bigint,
  header: Uint8Array,
  metadata: Uint8Array,
  plaintext: Bytes,
): Promise<Bytes> {
  const parameters = parametersOf(frameKey, ctr, header, metadata);
  return new Uint8Array(await crypto.subtle.encrypt(parameters, frameKey.key, plaintext));
}

/** Decrypts ciphertext and tag; undefined when they, the header or the metadata are not what was sealed. */
export async function unseal(
  frameKey: FrameKey,
  ctr: bigint,
  header: Uint8Array,
  metadata: Uint8Array,
  ciphertext: Bytes,
): Promise<Bytes | undefined> {
  const parameters = parametersOf(frameKey, ctr, header, metadata);
  try {
    return new Uint8Array(await crypto.subtle.decrypt(parameters, frameKey.key, ciphertext));
  } catch {
    return undefined;
  }
}
