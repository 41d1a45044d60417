import { describe, expect, it } from 'vitest';
import { words, WORDS } from './words.ts';

/** Letters to be changed, added or left out on the way from one word to the other (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length]!;
}

describe('the words', () => {
  it('are 256, one a byte, in order, short and plain', () => {
    expect(WORDS).toHaveLength(256);
    expect([...WORDS].sort()).toEqual(WORDS);
    for (const word of WORDS) expect(word).toMatch(/^[a-z]{4,9}$/);
    expect(
      words(
        Uint8Array.from({ length: 256 }, (_, byte) => byte),
        256,
      ),
    ).toEqual(WORDS);
  });

  it('are not taken for one another: three letters apart, and other first letters', () => {
    expect(new Set(WORDS.map((word) => word.slice(0, 3))).size).toBe(256);
    let pairs = 0;
    for (const [i, a] of WORDS.entries())
      for (const b of WORDS.slice(i + 1)) {
        pairs++;
        if (distance(a, b) < 3) throw new Error(`${a} and ${b} are too near`);
      }
    expect(pairs).toBe((256 * 255) / 2);
  });

  it('are as many as were asked for, or none', () => {
    expect(words(Uint8Array.of(0, 255, 1), 2)).toEqual([WORDS[0], WORDS[255]]);
    expect(() => words(new Uint8Array(2), 3)).toThrow(RangeError);
  });
});
