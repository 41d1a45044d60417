/** A cipher suite of RFC 9605 section 4.5, table 1. Lengths are in bytes. */
export interface Suite {
  /** Number in the SFrame cipher suite registry. */
  readonly id: number;
  readonly name: string;
  readonly hash: 'SHA-256' | 'SHA-512';
  /** Key length, Nk; also the length of the MLS base key (section 5.2). */
  readonly keyBytes: 16 | 32;
  /** Nonce and salt length, Nn. */
  readonly nonceBytes: 12;
  /** Authentication tag length, Nt. */
  readonly tagBytes: 16;
}

/** Suite 4. */
export const AES_128_GCM_SHA256_128: Suite = {
  id: 4,
  name: 'AES_128_GCM_SHA256_128',
  hash: 'SHA-256',
  keyBytes: 16,
  nonceBytes: 12,
  tagBytes: 16,
};

/** Suite 5. */
export const AES_256_GCM_SHA512_128: Suite = {
  id: 5,
  name: 'AES_256_GCM_SHA512_128',
  hash: 'SHA-512',
  keyBytes: 32,
  nonceBytes: 12,
  tagBytes: 16,
};

/** The suites that WebCrypto can do, by their registry number. */
export const SUITES: ReadonlyMap<number, Suite> = new Map(
  [AES_128_GCM_SHA256_128, AES_256_GCM_SHA512_128].map((suite) => [suite.id, suite]),
);
