import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes, prefixed, type Bytes } from './bytes.ts';
import { shortBytes } from './short-bytes.ts';
import { seeded } from './testing.ts';

/** As browsers have it and Node 20 has not: the bytes go over, the old buffer is empty then. */
function transferable(bytes: Uint8Array): { readonly body: Bytes; readonly transfers: () => number } {
  let transfers = 0;
  const body = new Uint8Array(bytes);
  Object.defineProperty(body.buffer, 'transfer', {
    value(this: ArrayBuffer, length: number): ArrayBuffer {
      transfers += 1;
      const larger = new Uint8Array(length).fill(0xee);
      larger.set(new Uint8Array(structuredClone(this, { transfer: [this] })));
      return larger.buffer;
    },
  });
  return { body, transfers: () => transfers };
}

describe('a header before a frame', () => {
  it('is the same with and without a buffer that can be transferred', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 17 }), fc.uint8Array({ maxLength: 300 }), (header, bytes) => {
        const expected = concatBytes(header, bytes);
        const { body, transfers } = transferable(bytes);
        const joined = prefixed(header, body);
        expect(transfers()).toBe(1);
        expect(joined).toEqual(expected);
        expect(joined.buffer.byteLength).toBe(expected.length);
        expect(prefixed(header, new Uint8Array(bytes))).toEqual(expected);
      }),
      seeded('header before a frame', 200),
    );
  });

  it('leaves a buffer alone of which the frame is a part', () => {
    const { body, transfers } = transferable(Uint8Array.of(1, 2, 3, 4));
    expect(prefixed(Uint8Array.of(9), body.subarray(1, 3))).toEqual(Uint8Array.of(9, 2, 3));
    expect(transfers()).toBe(0);
    expect(body).toEqual(Uint8Array.of(1, 2, 3, 4));
  });
});

describe('short byte strings', () => {
  it('are zeros, and no byte is given out twice', () => {
    const given = Array.from({ length: 3_000 }, (_, i) => {
      const bytes = shortBytes(i % 300);
      expect(bytes.length).toBe(i % 300);
      expect(bytes.every((byte) => byte === 0)).toBe(true);
      return bytes.fill(1 + (i % 255));
    });
    for (const [i, bytes] of given.entries())
      if (!bytes.every((byte) => byte === 1 + (i % 255))) throw new Error(`${i} was overwritten`);
    expect(new Set(given.map((it) => it.buffer)).size).toBeLessThan(given.length);
  });
});
