import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { digitGroups } from './digit-groups.ts';
import { SAFETY_CODE_LABEL, safetyCode, safetyCodeText } from './index.ts';
import { WORDS } from './words.ts';

const input = {
  groupId: Uint8Array.of(1, 2, 3),
  epoch: 7n,
  epochAuthenticator: new Uint8Array(32).fill(5),
  commitId: new Uint8Array(32).fill(9),
};

describe('safety code', () => {
  it('is twelve groups of five digits, 199 bits', () => {
    const { groups, text, bits } = safetyCode(input);
    expect(groups).toHaveLength(12);
    for (const group of groups) expect(group).toMatch(/^\d{5}$/);
    expect(text).toBe(groups.join(' '));
    expect(bits).toBe(199);
    expect(bits).toBeGreaterThanOrEqual(160);
  });

  it('is the documented arithmetic, done here in another way', () => {
    const label = Buffer.from(SAFETY_CODE_LABEL);
    const digest = createHash('sha512')
      .update(Buffer.of(label.length))
      .update(label)
      .update(Buffer.of(3, 1, 2, 3, 0, 0, 0, 0, 0, 0, 0, 7, 32))
      .update(input.epochAuthenticator)
      .update(Buffer.of(32))
      .update(input.commitId)
      .digest();
    const groups = Array.from({ length: 12 }, (_, group) =>
      String(digest.readUIntBE(group * 5, 5) % 100_000).padStart(5, '0'),
    );
    expect(safetyCode(input).groups).toEqual(groups);
    const words = Array.from(digest.subarray(0, 24), (byte) => WORDS[byte]);
    expect(safetyCode(input).words).toEqual(words);
  });

  it('changes with each of its fields, and with where one ends', () => {
    const codes = [
      input,
      { ...input, epoch: 8n },
      { ...input, groupId: Uint8Array.of(1, 2, 4) },
      { ...input, groupId: Uint8Array.of(1, 2) },
      { ...input, epochAuthenticator: new Uint8Array(32).fill(6) },
      { ...input, commitId: new Uint8Array(32).fill(6) },
    ].map(safetyCode);
    expect(new Set(codes.map(({ text }) => text)).size).toBe(codes.length);
    expect(new Set(codes.map(({ words }) => words.join(' '))).size).toBe(codes.length);
    expect(safetyCode({ ...input })).toEqual(codes[0]);
  });

  it('refuses fields of the wrong size', () => {
    expect(() => safetyCode({ ...input, groupId: new Uint8Array(0) })).toThrow(RangeError);
    expect(() => safetyCode({ ...input, epochAuthenticator: new Uint8Array(256) })).toThrow(RangeError);
    expect(() => safetyCode({ ...input, commitId: new Uint8Array(0) })).toThrow(RangeError);
    expect(() => safetyCode({ ...input, epoch: 2n ** 64n })).toThrow(RangeError);
    expect(() => digitGroups(new Uint8Array(59), 12)).toThrow(RangeError);
  });

  it('is 24 words too, 192 bits', () => {
    const { words } = safetyCode(input);
    expect(words).toHaveLength(24);
    expect(words.length * Math.log2(WORDS.length)).toBe(192);
    for (const word of words) expect(WORDS).toContain(word);
  });

  it('says its version and its digits as text that fits the alphanumeric mode of a QR code', () => {
    const { groups, text } = safetyCode(input);
    expect(safetyCodeText(groups)).toBe(`SAFETY CODE 1: ${text}`);
    expect(safetyCodeText(groups)).toMatch(/^[0-9A-Z $%*+\-./:]{86}$/);
  });

  it('keeps leading zeros', () => {
    expect(digitGroups(Uint8Array.of(0, 0, 0, 0, 7), 1)).toEqual(['00007']);
  });
});
