import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeHeader, encodeHeader } from './header.ts';
import { decodeKid, encodeKid, MAX_CONTEXTS, MAX_SENDERS, placeOf, residueOf } from './kid.ts';
import { seeded, unhex } from './testing.ts';

const u64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });

describe('header', () => {
  it('comes back as it was, whatever follows it', () => {
    fc.assert(
      fc.property(u64, u64, fc.uint8Array({ maxLength: 8 }), (kid, ctr, rest) => {
        const encoded = encodeHeader({ kid, ctr });
        expect(decodeHeader(Uint8Array.of(...encoded, ...rest))).toEqual({
          kid,
          ctr,
          length: encoded.length,
        });
        expect(decodeHeader(encoded.subarray(0, -1))).toBeUndefined();
      }),
      seeded('header round trip', 500),
    );
  });

  it('refuses what is cut short or longer than it needs to be', () => {
    const refused = ['', '80', '88', '8007', '900001', '0807', '09', '0900ff', 'f0ffffffffffffff'];
    for (const hex of refused) expect(decodeHeader(unhex(hex)), hex).toBeUndefined();
  });

  it('refuses values that are not unsigned 64-bit numbers', () => {
    expect(() => encodeHeader({ kid: -1n, ctr: 0n })).toThrow('64-bit');
    expect(() => encodeHeader({ kid: 0n, ctr: 2n ** 64n })).toThrow('64-bit');
  });
});

describe('KID of RFC 9605 section 5.2', () => {
  it('comes apart into its parts', () => {
    const context = fc.nat(MAX_CONTEXTS - 1);
    const leaf = fc.nat(MAX_SENDERS - 1);
    fc.assert(
      fc.property(context, leaf, u64, (context, leafIndex, epoch) => {
        const kid = encodeKid(context, leafIndex, epoch);
        expect(kid).toBe((BigInt(context) << 16n) + (BigInt(leafIndex) << 6n) + (epoch % 64n));
        expect(decodeKid(kid)).toEqual({ context, leafIndex, epochResidue: residueOf(epoch) });
      }),
      seeded('KID round trip', 500),
    );
  });

  it('refuses what has no place in it', () => {
    expect(() => encodeKid(MAX_CONTEXTS, 0, 0n)).toThrow('no KID');
    expect(() => encodeKid(0, MAX_SENDERS, 0n)).toThrow('no KID');
    expect(decodeKid(1n << 19n)).toBeUndefined();
  });

  it('tells newer epochs from older ones, half of the residues each way', () => {
    for (const current of [0n, 40n, 1_000n]) {
      for (let step = 1n; step <= 32n; step += 1n) {
        expect(placeOf(residueOf(current + step), current)).toBe('newer epoch');
      }
      for (let step = 1n; step <= 31n; step += 1n) {
        expect(placeOf(residueOf(current + 64n - step), current)).toBe('older epoch');
      }
    }
  });

  it('adds at most 23 bytes to an audio frame', () => {
    const kid = encodeKid(0, MAX_SENDERS - 1, 63n);
    expect(encodeHeader({ kid, ctr: 2n ** 32n - 1n }).length + 16).toBe(23);
  });
});
