/**
 * Hash and KDF of cipher suite 1 for ts-mls over `node:crypto`, without a task each: what ts-mls does stays the same, and a long
 * comparison becomes short. HPKE and signatures stay those of ts-mls.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { CiphersuiteImpl, Hash, Kdf } from 'ts-mls';

const BYTES = 32;

const mac = (key: Uint8Array, data: Uint8Array): Uint8Array =>
  new Uint8Array(createHmac('sha256', key).update(data).digest());

const hash: Hash = {
  digest: async (data) => new Uint8Array(createHash('sha256').update(data).digest()),
  mac: async (key, data) => mac(key, data),
  verifyMac: async (key, tag, data) => tag.length === BYTES && timingSafeEqual(mac(key, data), tag),
};

/** HKDF with SHA-256, RFC 5869. */
const kdf: Kdf = {
  size: BYTES,
  extract: async (salt, ikm) => mac(salt.length === 0 ? new Uint8Array(BYTES) : salt, ikm),
  expand: async (prk, info, length) => {
    const out = new Uint8Array(Math.ceil(length / BYTES) * BYTES);
    let block: Uint8Array = new Uint8Array();
    for (let at = 0; at < length; at += BYTES) {
      block = mac(prk, Uint8Array.of(...block, ...info, at / BYTES + 1));
      out.set(block, at);
    }
    return out.slice(0, length);
  },
};

export const overNodeCrypto = (suite: CiphersuiteImpl): CiphersuiteImpl => ({ ...suite, hash, kdf });
