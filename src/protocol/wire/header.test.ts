import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LIMITS } from '../limits.ts';
import { hex, Reader, Writer } from './bytes.ts';
import { decodeHeader, encodeHeader, WIRE_VERSION, type Header } from './header.ts';
import { bytesOf, codeOf, NOTHING } from './testing.ts';

const hexOf = (bytes: number): fc.Arbitrary<string> =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((it) => hex(it));
const common = { log: hexOf(16), author: hexOf(16) };
const anyDraft = { ...common, at: fc.nat({ max: 0xffff_ffff }), on: hexOf(32) };
const ids = fc.array(hexOf(16), { maxLength: LIMITS.batch });

/** Any header that has an encoding. */
const anyHeader: fc.Arbitrary<Header> = fc.oneof(
  fc.record({
    kind: fc.constant('join' as const),
    ...common,
    signatureKey: hexOf(32),
    keyPackage: hexOf(32),
    payload: hexOf(32),
  }),
  fc.record({ kind: fc.constant('leave' as const), ...common }),
  fc.record({ kind: fc.constant('found' as const), ...anyDraft, authenticator: hexOf(32) }),
  fc.record({
    kind: fc.constant('commit' as const),
    ...anyDraft,
    parent: hexOf(32),
    adds: ids,
    removes: ids,
    authenticator: hexOf(32),
    payload: hexOf(32),
  }),
  fc.record({ kind: fc.constant('handover' as const), ...anyDraft }),
  fc.record({ kind: fc.constant('claim' as const), ...anyDraft, accused: hexOf(16) }),
);

const draft = { log: bytesOf(1, 16), author: bytesOf(2, 16), at: 0x01020304, on: bytesOf(3, 32) };
const commit: Header = {
  kind: 'commit',
  ...draft,
  parent: bytesOf(4, 32),
  adds: [bytesOf(5, 16), bytesOf(6, 16)],
  removes: [bytesOf(7, 16)],
  authenticator: bytesOf(8, 32),
  payload: bytesOf(9, 32),
};

describe('a header', () => {
  test('comes back as it went, and has one encoding', () => {
    const kinds = new Set<string>();
    fc.assert(
      fc.property(anyHeader, (header) => {
        const bytes = encodeHeader(header);
        kinds.add(header.kind);
        expect(bytes.length).toBeLessThanOrEqual(LIMITS.header);
        expect(decodeHeader(bytes)).toEqual(header);
        expect(encodeHeader(decodeHeader(bytes))).toEqual(bytes);
      }),
      { numRuns: 200 },
    );
    expect([...kinds].sort()).toEqual(['claim', 'commit', 'found', 'handover', 'join', 'leave']);
  });

  test('that is cut anywhere is truncated; one byte more is trailing', () => {
    fc.assert(
      fc.property(anyHeader, (header) => {
        const bytes = encodeHeader(header);
        for (let length = 0; length < bytes.length; length++) {
          expect(codeOf(() => decodeHeader(bytes.subarray(0, length)))).toBe('truncated');
        }
        expect(codeOf(() => decodeHeader(new Uint8Array([...bytes, 0])))).toBe('trailing');
      }),
      { numRuns: 20 },
    );
  });

  test('of another version or kind is refused by name', () => {
    const bytes = encodeHeader(commit);
    for (let version = 0; version < 256; version++) {
      const code = codeOf(() => decodeHeader(Uint8Array.from(bytes, (b, i) => (i === 0 ? version : b))));
      expect(code).toBe(version === WIRE_VERSION ? null : 'version');
    }
    for (const kind of [0, 7, 8, 255]) {
      expect(codeOf(() => decodeHeader(Uint8Array.from(bytes, (b, i) => (i === 1 ? kind : b))))).toBe('kind');
    }
  });

  test('over the limits is refused before anything is read', () => {
    expect(codeOf(() => decodeHeader(new Uint8Array(LIMITS.header + 1)))).toBe('too_long');
    const many = Array.from({ length: LIMITS.batch + 1 }, () => bytesOf(1, 16));
    expect(codeOf(() => decodeHeader(encodeHeader({ ...commit, adds: many })))).toBe('too_long');
    expect(codeOf(() => decodeHeader(encodeHeader({ ...commit, removes: many })))).toBe('too_long');
    const most = many.slice(1);
    expect(codeOf(() => decodeHeader(encodeHeader({ ...commit, adds: most, removes: most })))).toBe(null);
  });

  test('any bytes: a header or a ParseError', () => {
    const codes = new Map<string, number>();
    const mutated = fc
      .tuple(anyHeader, fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 4 }))
      .map(([header, changes]) => {
        const bytes = encodeHeader(header);
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        return bytes;
      });
    fc.assert(
      fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 300 })), (bytes) => {
        const code = codeOf(() => decodeHeader(bytes)) ?? 'none';
        codes.set(code, (codes.get(code) ?? 0) + 1);
      }),
      { numRuns: 1_000 },
    );
    console.log(`1,000 inputs: ${JSON.stringify(Object.fromEntries(codes))}`);
    expect(codes.size).toBeGreaterThan(2);
  });

  test('what has no encoding is the caller’s mistake', () => {
    expect(() => encodeHeader({ ...commit, at: -1 })).toThrow(RangeError);
    expect(() => encodeHeader({ ...commit, at: 2 ** 32 })).toThrow(RangeError);
    expect(() => encodeHeader({ ...commit, at: 0.5 })).toThrow(RangeError);
    expect(() => encodeHeader({ ...commit, author: bytesOf(1, 15) })).toThrow(RangeError);
  });
});

// RFC 8446, section 3: numbers are big-endian, vectors stand behind their length.
test('the presentation language', () => {
  const bytes = new Writer()
    .uint(1, 1)
    .uint(2, 2)
    .uint(0xfffefdfc, 4)
    .opaque(NOTHING)
    .list(['ab'], 1)
    .bytes();
  expect([...bytes]).toEqual([1, 0, 2, 0xff, 0xfe, 0xfd, 0xfc, 0, 0, 0, 0, 0, 1, 0xab]);
  const r = new Reader(bytes);
  expect([r.uint(1), r.uint(2), r.uint(4), r.opaque(0), r.list(1, 1)]).toEqual([
    1,
    2,
    0xfffefdfc,
    NOTHING,
    ['ab'],
  ]);
  r.end();
});
