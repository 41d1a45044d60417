/** Signatures of headers: what the wasm calls one, and that all who check them come to the same answer for odd bytes. */
import { verify as nodeVerify, createPublicKey, randomBytes } from 'node:crypto';
import { ed25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { beforeAll, describe, expect, test } from 'vitest';
import { concat, unhex } from '../protocol/wire/bytes.ts';
import { publicKeyOf, signedContent, signWithSeed } from '../protocol/wire/signature.ts';
import { loadMlsInNode } from './node.ts';
import { createMlsGroup, verifies } from './wasm.ts';

beforeAll(loadMlsInNode);

const NONE = new Uint8Array();
const ODD = 2_000;

const spki = (key: Uint8Array) =>
  createPublicKey({
    key: Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), key]),
    format: 'der',
    type: 'spki',
  });

test.each([
  [
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    '',
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  ],
  [
    '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    '72',
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  ],
])('RFC 8032 section 7.1, the key %s', (key, message, signature) => {
  expect(verifies(unhex(key), unhex(message), unhex(signature))).toBe(true);
  expect(verifies(unhex(key), unhex(`${message}00`), unhex(signature))).toBe(false);
});

describe('a header', () => {
  const seed = new Uint8Array(32).fill(12);
  const [key, header] = [publicKeyOf(seed), Uint8Array.from(randomBytes(300))];
  const content = signedContent(header);
  const signature = signWithSeed(seed, header);

  test('signed by a link or by a leaf verifies, by its key alone', () => {
    const group = createMlsGroup({ participant: '00'.repeat(16), now: 0 });
    expect(verifies(key, content, signature)).toBe(true);
    expect(verifies(group.signatureKey, content, group.sign(content))).toBe(true);
    expect(verifies(group.signatureKey, content, signature)).toBe(false);
    expect(verifies(key, header, signature)).toBe(false);
  });

  test('with bytes of another length is not signed, and nothing throws', () => {
    for (const [k, c, s] of [
      [NONE, content, signature],
      [key.subarray(1), content, signature],
      [concat(key, NONE, Uint8Array.of(0)), content, signature],
      [key, content, NONE],
      [key, content, signature.subarray(1)],
      [key, content, concat(signature, Uint8Array.of(0))],
      [key, NONE, signature],
      [new Uint8Array(32).fill(255), content, signature],
      [new Uint8Array(32), content, new Uint8Array(64)],
    ] as const)
      expect(verifies(k, c, s)).toBe(false);
  });

  test('with a byte changed is not signed', () => {
    let changed = 0;
    for (let i = 0; i < ODD; i++) {
      const parts = [key, content, signature].map((it) => Uint8Array.from(it));
      const part = parts[i % 3]!;
      const at = randomBytes(2).readUInt16LE() % part.length;
      part[at] = (part[at] ?? 0) ^ (1 << (i & 7));
      expect(verifies(parts[0]!, parts[1]!, parts[2]!)).toBe(false);
      changed++;
    }
    expect(changed).toBe(ODD);
    expect(verifies(key, content, signature)).toBe(true);
  });

  test('that anybody could sign is not signed: keys of small order', () => {
    const { Point } = ed25519;
    const torsion = torsionPoint();
    let tried = 0;
    for (let n = 0n; n < 8n; n++) {
      // S = 0 and R = the identity: 0·B = R + k·A holds where k·A is the identity, for one content in 8 at least.
      const small = (n === 0n ? Point.ZERO : torsion.multiplyUnsafe(n)).toBytes();
      const forged = concat(Point.ZERO.toBytes(), new Uint8Array(32));
      for (let c = 0; c < 64; c++) expect(verifies(small, Uint8Array.of(c), forged)).toBe(false);
      tried++;
    }
    expect(tried).toBe(8);
  });

  test('is signed in one way only: S + L is no S', () => {
    const s = signature.slice(32);
    let carry = 0n;
    let value = s.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n) + ed25519.Point.Fn.ORDER;
    const more = Uint8Array.from(s, () => {
      carry = value & 255n;
      value >>= 8n;
      return Number(carry);
    });
    expect(verifies(key, content, concat(signature.slice(0, 32), more))).toBe(false);
  });

  // Why there is one implementation for all, and it is not the browser's: such a header would part the views.
  test('of a key of mixed order: implementations differ, so all use the same', () => {
    const { Point } = ed25519;
    const { scalar, prefix, point } = ed25519.utils.getExtendedPublicKey(seed);
    const mixed = point.add(torsionPoint()).toBytes();
    const mod = (hash: Uint8Array): bigint => Point.Fn.create(le(hash));
    let parted = 0;
    for (let c = 0; c < 32; c++) {
      const odd = Uint8Array.of(c);
      const r = mod(sha512(concat(prefix, odd)));
      const R = Point.BASE.multiply(r).toBytes();
      const k = mod(sha512(concat(R, mixed, odd)));
      const S = Point.Fn.toBytes(Point.Fn.create(r + k * scalar));
      const made = concat(R, S);
      const others = [
        ed25519.verify(made, odd, mixed, { zip215: false }),
        nodeVerify(null, odd, spki(mixed), made),
      ];
      const ours = verifies(mixed, odd, made);
      expect(others).toEqual([true, ours]);
      if (!ours) parted++;
    }
    expect(parted).toBeGreaterThan(0);
    expect(parted).toBeLessThan(32);
  });
});

const le = (bytes: Uint8Array): bigint => bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);

/** A point of order 8. */
function torsionPoint(): InstanceType<typeof ed25519.Point> {
  return ed25519.Point.fromBytes(unhex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'));
}
