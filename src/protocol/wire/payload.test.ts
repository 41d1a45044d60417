import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { LIMITS } from '../limits.ts';
import { hex, Writer } from './bytes.ts';
import {
  decodeCommitPayload,
  decodeCommitParts,
  decodeJoinPayload,
  encodeCommitPayload,
  encodeJoinPayload,
  isWholePayload,
  isWithheld,
  neededPart,
  payloadDigest,
  withholdParts,
  type CommitPart,
} from './payload.ts';
import { bytesOf, codeOf } from './testing.ts';

const sha256 = (...parts: readonly (Uint8Array | string)[]): Buffer =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();

const part = fc.uint8Array({ maxLength: 100, size: 'max' });
const PARTS: readonly CommitPart[] = ['commit', 'welcome'];

describe('a payload', () => {
  test('comes back as it went', () => {
    fc.assert(
      fc.property(part, part, (a, b) => {
        const [join, commit] = [
          { keyPackage: a, sealed: b },
          { commit: a, welcome: b },
        ];
        expect(decodeJoinPayload(encodeJoinPayload(join))).toEqual(join);
        expect(decodeCommitPayload(encodeCommitPayload(commit))).toEqual(commit);
      }),
    );
  });

  test('is in bytes: each part behind a zero and its length', () => {
    const payload = encodeCommitPayload({ commit: Uint8Array.of(7, 8), welcome: Uint8Array.of(9) });
    expect(hex(payload)).toBe('00000000020708000000000109');
    expect(
      hex(
        withholdParts(encodeCommitPayload({ commit: new Uint8Array(33), welcome: new Uint8Array(32) }), []),
      ),
    ).toBe(`01${sha256(new Uint8Array(33)).toString('hex')}0000000020${'00'.repeat(32)}`);
  });

  test('is named by the hashes of its parts', () => {
    const [commit, welcome] = [Uint8Array.of(7, 8), Uint8Array.of(9)];
    const expected = sha256('DC 1.0 payload\0', sha256(commit), sha256(welcome)).toString('hex');
    expect(payloadDigest(encodeCommitPayload({ commit, welcome }))).toBe(expected);
    expect(payloadDigest(new Uint8Array())).toBe(sha256('DC 1.0 payload\0').toString('hex'));
  });

  test('cut, with more behind it or over its limits is refused', () => {
    for (const decode of [decodeJoinPayload, decodeCommitPayload]) {
      const encoded = encodeCommitPayload({ commit: new Uint8Array(5), welcome: new Uint8Array(3) });
      for (let length = 0; length < encoded.length; length++)
        expect(codeOf(() => decode(encoded.subarray(0, length)))).toBe('truncated');
      expect(codeOf(() => decode(new Uint8Array([...encoded, 0])))).toBe('trailing');
      expect(codeOf(() => decode(Uint8Array.of(2, 0, 0, 0, 0)))).toBe('kind');
      expect(codeOf(() => decode(Uint8Array.of(0, 255, 255, 255, 255)))).toBe('too_long');
    }
    const [keyPackage, sealed] = [new Uint8Array(LIMITS.keyPackage), new Uint8Array(LIMITS.sealed)];
    const long = (bytes: Uint8Array): Uint8Array => new Uint8Array(bytes.length + 1);
    const joins = [
      { keyPackage, sealed },
      { keyPackage: long(keyPackage), sealed },
      { keyPackage, sealed: long(sealed) },
    ];
    const codes = joins.map((join) => codeOf(() => decodeJoinPayload(encodeJoinPayload(join))));
    expect(codes).toEqual([null, 'too_long', 'too_long']);
    const huge = new Writer()
      .uint(0, 1)
      .uint(LIMITS.entry + 1, 4)
      .bytes();
    expect(codeOf(() => decodeCommitPayload(huge))).toBe('too_long');
  });

  test('any bytes: a digest or a ParseError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        expect(codeOf(() => payloadDigest(bytes))).toBe(codeOf(() => isWholePayload(bytes)));
      }),
    );
  });
});

// "Headers first, payloads only where they need them."
describe('of a commit', () => {
  test('any part can be withheld: the digest stays, and the other part', () => {
    let withheld = 0;
    fc.assert(
      fc.property(part, part, fc.subarray([...PARTS]), (commit, welcome, needed) => {
        const whole = encodeCommitPayload({ commit, welcome });
        const payload = withholdParts(whole, needed);
        expect(payload.length).toBeLessThanOrEqual(whole.length);
        expect(payloadDigest(payload)).toBe(payloadDigest(whole));
        expect(withholdParts(payload, needed)).toEqual(payload);
        const parts = decodeCommitParts(payload);
        for (const name of PARTS) {
          const stays = needed.includes(name) || { commit, welcome }[name].length <= 32;
          expect(parts[name]).toEqual(stays ? { commit, welcome }[name] : null);
          expect(isWithheld(payload, name)).toBe(!stays);
          if (!stays) withheld++;
        }
        const code = parts.commit === null || parts.welcome === null ? 'withheld' : null;
        expect(codeOf(() => decodeCommitPayload(payload))).toBe(code);
        expect(codeOf(() => decodeJoinPayload(payload))).toBe(code);
        expect(isWholePayload(payload)).toBe(code === null);
      }),
      { numRuns: 300 },
    );
    console.log(`parts withheld: ${String(withheld)}`);
    expect(withheld).toBeGreaterThan(50);
  });

  test('no other part passes for the one that is named', () => {
    fc.assert(
      fc.property(part, part, part, (commit, welcome, other) => {
        fc.pre(hex(other) !== hex(welcome));
        const named = payloadDigest(encodeCommitPayload({ commit, welcome }));
        expect(payloadDigest(withholdParts(encodeCommitPayload({ commit, welcome: other }), []))).not.toBe(
          named,
        );
        expect(payloadDigest(encodeCommitPayload({ commit, welcome: other }))).not.toBe(named);
      }),
    );
  });

  test('a Welcome is for whom it admits, the MLS commit for the other members', () => {
    const [author, joiner, member] = [bytesOf(1, 16), bytesOf(2, 16), bytesOf(3, 16)];
    const commit = { author, adds: [joiner] };
    expect(neededPart(commit, joiner, false)).toBe('welcome');
    expect(neededPart(commit, member, true)).toBe('commit');
    expect(neededPart(commit, author, true)).toBe(null);
    expect(neededPart(commit, bytesOf(4, 16), false)).toBe(null);
  });
});
