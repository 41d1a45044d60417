/**
 * A secret for one recipient: HPKE (RFC 9180) in base mode with DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM. Who it is
 * from, and whose key it is for, say the signatures of the messages that carry key and box, and `boxInfo`.
 */
import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core';
import { concat } from '../../protocol/wire/bytes.ts';

const suite = new CipherSuite({
  kem: new DhkemX25519HkdfSha256(),
  kdf: new HkdfSha256(),
  aead: new Aes256Gcm(),
});

export const PUBLIC_KEY_BYTES = 32;
export const SECRET_BYTES = 32;
/** The encapsulated key, then secret and tag. */
export const BOX_BYTES = 32 + SECRET_BYTES + 16;

/** A key pair for one offer. */
export interface BoxKey {
  /** X25519, 32 bytes. */
  readonly publicKey: Uint8Array;
  /** Null where the box was not made for this key and this `info`. */
  readonly open: (box: Uint8Array, info: Uint8Array) => Promise<Uint8Array | null>;
}

const plain = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer;

export async function newBoxKey(): Promise<BoxKey> {
  const { publicKey, privateKey } = await suite.kem.generateKeyPair();
  return {
    publicKey: new Uint8Array(await suite.kem.serializePublicKey(publicKey)),
    open: async (box, info) => {
      if (box.length !== BOX_BYTES) return null;
      const [enc, ciphertext] = [box.subarray(0, PUBLIC_KEY_BYTES), box.subarray(PUBLIC_KEY_BYTES)];
      const parameters = { recipientKey: privateKey, enc: plain(enc), info: plain(info) };
      return suite.open(parameters, plain(ciphertext)).then(
        (secret) => new Uint8Array(secret),
        () => null,
      );
    },
  };
}

/** Null where the public key is none that can be sealed to. */
export async function sealBox(
  publicKey: Uint8Array,
  info: Uint8Array,
  secret: Uint8Array,
): Promise<Uint8Array | null> {
  try {
    const recipientPublicKey = await suite.kem.deserializePublicKey(plain(publicKey));
    const { enc, ct } = await suite.seal({ recipientPublicKey, info: plain(info) }, plain(secret));
    return concat(new Uint8Array(enc), new Uint8Array(ct));
  } catch {
    return null;
  }
}
