import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { collisionTries, hitTries, personCodeRows, safetyCodeRows } from './grinding.ts';
import { safetyCode, type SafetyCodeInput } from './safety-code.ts';

const plain = (text: string): string => text.replace(/[\s-]+/g, ' ');

describe('the analysis of grinding', () => {
  it('has in its tables what the formulas come to', () => {
    const text = plain(readFileSync(new URL('./README.md', import.meta.url), 'utf8'));
    const rows = [...safetyCodeRows(), ...personCodeRows()];
    for (const row of rows) expect(text).toContain(plain(row));
    expect(rows).toHaveLength(12);
    const limit = Math.log2(120e21);
    expect(text).toContain(`2^${Math.round(limit)} tries`);
    for (const bits of [199, 192]) expect(collisionTries(bits)).toBeGreaterThan(limit + 20);
  });

  // An adversary that commits in two groups tries commit after commit, which changes the commit id alone.
  it('holds for short codes: so many tries it takes, by the code that people compare', () => {
    const [ours, theirs] = [group(1), group(2)];
    let [tried, compared] = [0, 0];
    for (const [digits, rounds, hits] of [
      [2, 300, 80],
      [3, 100, 10],
    ] as const) {
      const bits = digits * Math.log2(10);
      const short = (input: SafetyCodeInput, id: number): string => {
        tried++;
        return safetyCode({ ...input, commitId: commitId(digits, id) }).groups[0]!.slice(-digits);
      };
      let next = 0;
      const collide = (): number => {
        const seen = [new Set<string>(), new Set<string>()] as const;
        for (let tries = 1; tries < 10 ** digits * 50; tries++) {
          const code = short(tries % 2 === 0 ? ours : theirs, next++);
          if (seen[tries % 2 === 0 ? 1 : 0].has(code)) return tries;
          seen[tries % 2 === 0 ? 0 : 1].add(code);
        }
        throw new Error('no two codes were alike');
      };
      const hit = (): number => {
        const given = short(ours, next++);
        for (let tries = 1; tries < 10 ** digits * 50; tries++)
          if (short(theirs, next++) === given) return tries;
        throw new Error('the code was never hit');
      };
      const mean = (one: () => number, count: number): number =>
        Array.from({ length: count }, one).reduce((sum, tries) => sum + tries, 0) / count;
      const both = mean(collide, rounds);
      const one = mean(hit, hits);
      console.log(
        `${digits} digits: two groups alike after ${both.toFixed(0)} tries (formula ${(2 ** collisionTries(bits)).toFixed(0)}), ` +
          `a given code hit after ${one.toFixed(0)} (formula ${(2 ** hitTries(bits)).toFixed(0)})`,
      );
      expect(both / 2 ** collisionTries(bits)).toBeGreaterThan(0.8);
      expect(both / 2 ** collisionTries(bits)).toBeLessThan(1.25);
      expect(one / 2 ** hitTries(bits)).toBeGreaterThan(0.5);
      expect(one / 2 ** hitTries(bits)).toBeLessThan(2);
      compared++;
    }
    console.log(`${tried} codes`);
    expect(compared).toBe(2);
    expect(tried).toBeGreaterThan(20_000);
  });
});

const group = (byte: number): SafetyCodeInput => ({
  groupId: new Uint8Array(32).fill(byte),
  epoch: 1n,
  epochAuthenticator: new Uint8Array(32).fill(byte),
  commitId: new Uint8Array(32),
});

/** Numbered, so that every run makes the same tries. */
function commitId(round: number, id: number): Uint8Array {
  const bytes = new Uint8Array(32);
  new DataView(bytes.buffer).setUint32(0, round);
  new DataView(bytes.buffer).setUint32(4, id);
  return bytes;
}
