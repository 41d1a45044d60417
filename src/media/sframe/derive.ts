import { bigEndian, concatBytes, type Bytes } from './bytes.ts';
import { type Suite } from './suites.ts';

/** A base key inside WebCrypto: not extractable, good for HKDF only. */
export interface BaseKey {
  readonly suite: Suite;
  readonly key: CryptoKey;
}

/** The key and salt of one KID. The key is not extractable and good for one direction only. */
export interface FrameKey {
  readonly suite: Suite;
  readonly key: CryptoKey;
  /** sframe_salt, Nn bytes. */
  readonly salt: Bytes;
}

const text = new TextEncoder();

/** The HKDF labels of a KID, RFC 9605 section 4.4.2: text, KID in 8 bytes, suite in 2 bytes. */
export function labelsOf(suite: Suite, kid: bigint): { key: Bytes; salt: Bytes } {
  const tail = concatBytes(bigEndian(kid, 8), bigEndian(BigInt(suite.id), 2));
  return {
    key: concatBytes(text.encode('SFrame 1.0 Secret key '), tail),
    salt: concatBytes(text.encode('SFrame 1.0 Secret salt '), tail),
  };
}

/** Imports a base key. The bytes are copied; the caller may wipe its own at once. */
export async function importBaseKey(suite: Suite, bytes: Uint8Array): Promise<BaseKey> {
  const copy = new Uint8Array(bytes);
  try {
    const key = await crypto.subtle.importKey('raw', copy, 'HKDF', false, ['deriveKey', 'deriveBits']);
    return { suite, key };
  } finally {
    copy.fill(0);
  }
}

/** Derives key and salt of a KID (RFC 9605 section 4.4.2) without either secret or key leaving WebCrypto. */
export async function deriveFrameKey(
  base: BaseKey,
  kid: bigint,
  usage: 'encrypt' | 'decrypt',
): Promise<FrameKey> {
  const { suite } = base;
  const labels = labelsOf(suite, kid);
  const hkdf = (info: Bytes): HkdfParams => ({
    name: 'HKDF',
    hash: suite.hash,
    salt: new Uint8Array(0),
    info,
  });
  const [key, salt] = await Promise.all([
    crypto.subtle.deriveKey(
      hkdf(labels.key),
      base.key,
      { name: 'AES-GCM', length: suite.keyBytes * 8 },
      false,
      [usage],
    ),
    crypto.subtle.deriveBits(hkdf(labels.salt), base.key, suite.nonceBytes * 8),
  ]);
  return { suite, key, salt: new Uint8Array(salt) };
}
