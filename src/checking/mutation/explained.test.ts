import { describe, expect, it } from 'vitest';
import { readExplained, scoreOf, type Explanation } from './explained.ts';
import type { Mutant } from './mutant.ts';

const mutant = (line: number, caughtBy: string | null): Mutant => ({
  ...{ file: 'a.ts', line, source: `if (x < ${line})`, mutator: 'bound moved', before: '<', after: '<=' },
  caughtBy,
});
const explanation = (line: number): Explanation => ({
  ...{ file: 'a.ts', source: `if (x < ${line})`, before: '<', after: '<=' },
  equivalent: 'x is never equal to that',
});
const hundred = (alive: number): Mutant[] =>
  Array.from({ length: 100 }, (_, i) => mutant(i, i < alive ? null : 'a.test.ts'));

describe('the score of mutants', () => {
  it('counts who was caught, who is explained, and who survived', () => {
    const score = scoreOf(hundred(2), [explanation(0)], 100);
    expect(score).toMatchObject({ mutants: 100, killed: 98, problems: [] });
    expect(score.survived.map(({ line }) => line)).toEqual([1]);
    expect(score.explained.map(({ line }) => line)).toEqual([0]);
  });

  it('fails where an explanation is of a mutant that is caught, or of none', () => {
    const { problems } = scoreOf(hundred(1), [explanation(0), explanation(5), explanation(1_000)], 100);
    expect(problems).toHaveLength(2);
    expect(problems[0]).toMatch(/a\.ts: if \(x < 5\)/);
  });

  it('does not ask for the explanations of files that were not looked at', () => {
    expect(scoreOf(hundred(0), [{ ...explanation(0), file: 'b.ts' }], 100).problems).toEqual([]);
  });

  it('fails where more than 2 % are explained: no blanket ignore', () => {
    const explained = [0, 1, 2].map(explanation);
    expect(scoreOf(hundred(3), explained, 100).problems).toEqual([
      '3.0 % of the mutants are explained, more than 2 %',
    ]);
    expect(scoreOf(hundred(2), explained.slice(0, 2), 100).problems).toEqual([]);
  });

  it('fails where there are fewer mutants than there should be', () => {
    expect(scoreOf([], [], 1).problems).toEqual(['0 mutants are fewer than 1']);
  });
});

it('the list that is kept is one', () => {
  expect(Array.isArray(readExplained())).toBe(true);
});
