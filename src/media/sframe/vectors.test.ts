import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { concatBytes, hexOf } from './bytes.ts';
import { nonceOf, seal, unseal } from './cipher.ts';
import { deriveFrameKey, importBaseKey, labelsOf } from './derive.ts';
import { decodeHeader, encodeHeader } from './header.ts';
import { SUITES } from './suites.ts';
import { unhex } from './testing.ts';

const directory = process.env['VECTORS_DIR'];
if (directory === undefined) console.log('RFC 9605 vectors skipped: VECTORS_DIR is not set');

interface Vectors {
  header: { kid: bigint; ctr: bigint; encoded: string }[];
  sframe: Record<string, string | number>[];
}

/** KID and CTR go up to 2^64 - 1, more than JSON.parse keeps: they are turned into texts first. */
function read(): Vectors {
  const source = readFileSync(join(directory ?? '', 'sframe-rfc9605.json'), 'utf8');
  const quoted = source.replace(/"(kid|ctr)":\s*(\d+)/g, '"$1":"$2"');
  const parsed = JSON.parse(quoted) as {
    header: { kid: string; ctr: string; encoded: string }[];
    sframe: Vectors['sframe'];
  };
  const header = parsed.header.map(({ kid, ctr, encoded }) => ({
    kid: BigInt(kid),
    ctr: BigInt(ctr),
    encoded,
  }));
  return { header, sframe: parsed.sframe };
}

describe.skipIf(directory === undefined)('RFC 9605 appendix C', () => {
  it('encodes and decodes every header vector', () => {
    const { header } = read();
    for (const { kid, ctr, encoded } of header) {
      expect(hexOf(encodeHeader({ kid, ctr }))).toBe(encoded);
      expect(decodeHeader(unhex(encoded))).toEqual({ kid, ctr, length: encoded.length / 2 });
    }
    console.log(`SFrame headers: ${header.length} vectors`);
    expect(header.length).toBe(289);
  });

  it('encrypts and decrypts the vectors of suites 4 and 5', async () => {
    const seen: number[] = [];
    for (const vector of read().sframe) {
      const suite = SUITES.get(Number(vector['cipher_suite']));
      if (suite === undefined) continue;
      const hex = (name: string) => unhex(String(vector[name]));
      const kid = BigInt(String(vector['kid']));
      const ctr = BigInt(String(vector['ctr']));
      const labels = labelsOf(suite, kid);
      expect(hexOf(labels.key)).toBe(vector['sframe_key_label']);
      expect(hexOf(labels.salt)).toBe(vector['sframe_salt_label']);

      const base = await importBaseKey(suite, hex('base_key'));
      const encrypting = await deriveFrameKey(base, kid, 'encrypt');
      const decrypting = await deriveFrameKey(base, kid, 'decrypt');
      expect(hexOf(encrypting.salt)).toBe(vector['sframe_salt']);
      expect(hexOf(nonceOf(encrypting.salt, ctr))).toBe(vector['nonce']);
      for (const key of [base.key, encrypting.key, decrypting.key]) {
        expect(key.extractable).toBe(false);
        await expect(crypto.subtle.exportKey('raw', key)).rejects.toThrow();
      }
      // The key itself cannot be read: what the vector's own key encrypts must be the same.
      const raw = await crypto.subtle.importKey('raw', hex('sframe_key'), 'AES-GCM', false, ['encrypt']);
      const header = encodeHeader({ kid, ctr });
      const metadata = hex('metadata');
      expect(hexOf(concatBytes(header, metadata))).toBe(vector['aad']);
      const ciphertext = await seal(encrypting, ctr, header, metadata, hex('pt'));
      expect(await seal({ ...encrypting, key: raw }, ctr, header, metadata, hex('pt'))).toEqual(ciphertext);
      expect(hexOf(concatBytes(header, ciphertext))).toBe(vector['ct']);
      expect(await unseal(decrypting, ctr, header, metadata, ciphertext)).toEqual(hex('pt'));
      seen.push(suite.id);
    }
    console.log(`SFrame encryption: ${seen.length} vectors, suites ${seen.join(', ')}`);
    expect(seen).toEqual([4, 5]);
  });
});
