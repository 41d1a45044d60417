import { describe, expect, test } from 'vitest';
import { nameKey, nameWarnings, type Sighting } from './nameRule.ts';
import { nameWarningText } from './nameWords.ts';

/** `name code` or `name -`, with a `*` where it is gone. */
const seen = (...all: readonly string[]): Sighting[] =>
  all.map((text, index) => {
    const [name = '', code = '-', gone] = text.split(' ');
    return {
      participant: `p${index}`,
      key: nameKey(name),
      code: code === '-' ? null : code,
      here: gone !== '*',
    };
  });
const nobody = (): readonly string[] => [];
const flaws = (sightings: Sighting[], known: (name: string) => readonly string[] = nobody): string[] => {
  const warnings = nameWarnings(sightings, known);
  return sightings.map(({ participant }) => {
    const warning = warnings.get(participant);
    return warning === undefined
      ? 'fine'
      : `${warning.flaw}${warning.seen === null ? '' : `, ${warning.seen}`}`;
  });
};

describe('a name in one call', () => {
  test.each([
    [
      ['Anna 1', 'Ben 2'],
      ['fine', 'fine'],
    ],
    [
      ['Ben 1', 'Ben 1'],
      ['fine', 'fine'],
    ],
    [
      ['Ben 1 *', 'Ben 1'],
      ['fine', 'fine'],
    ],
    [
      ['Ben 1', 'Ben 2'],
      ['shared, this call', 'shared, this call'],
    ],
    [
      ['Ben 1', 'Ben -'],
      ['shared, this call', 'shared, this call'],
    ],
    [
      ['Ben -', 'Ben -'],
      ['shared, this call', 'shared, this call'],
    ],
    [
      ['Ben 1 *', 'Ben 2'],
      ['fine', 'other key, this call'],
    ],
    [
      ['Ben 1 *', 'Ben -'],
      ['fine', 'proof gone, this call'],
    ],
    [
      ['Ben - *', 'Ben 2'],
      ['unproven', 'fine'],
    ],
    [
      ['Ben - *', 'Ben -'],
      ['unproven', 'unproven'],
    ],
    [['Anna -'], ['unproven']],
    [
      ['Ben 1', 'ＢＥＮ\u200b 2'],
      ['shared, this call', 'shared, this call'],
    ],
    [
      ['Ben 1 *', 'Ben 2 *', 'Ben 1'],
      ['fine', 'other key, this call', 'other key, this call'],
    ],
  ])('%j: %j', (sightings, expected) => {
    expect(flaws(seen(...sightings))).toEqual(expected);
  });
});

describe('a name across calls', () => {
  const known = (name: string): readonly string[] => (name === 'ben' ? ['1', '2'] : []);
  test.each([
    ['Ben 1', 'fine'],
    ['BEN 2', 'fine'],
    ['Ben 3', 'other key, earlier call'],
    ['Ben -', 'proof gone, earlier call'],
    ['Anna 3', 'fine'],
    ['Anna -', 'unproven'],
  ])('%s: %s', (sighting, expected) => {
    expect(flaws(seen(sighting), known)).toEqual([expected]);
  });
});

test('names are compared without what is not seen, and other letters are other names', () => {
  const same = ['Ben', ' BEN ', 'B\u200be\u00adn', 'Ｂen', 'b\u0065n', '\u202eben'];
  expect(new Set(same.map(nameKey))).toEqual(new Set(['ben']));
  expect(nameKey('Bеn')).not.toBe('ben');
  expect(nameKey('Anna  B.')).toBe(nameKey('anna b.'));
  expect(flaws(seen('\u200b 1', '\u200b 2'))).toEqual(['fine', 'fine']);
});

test('each warning says whose name it is, and no name is taken for a pattern', () => {
  for (const flaw of ['shared', 'other key', 'proof gone'] as const)
    for (const where of ['this call', 'earlier call'] as const)
      expect(nameWarningText({ flaw, seen: where }, '$& Ben', false)).toContain('$& Ben');
  expect(nameWarningText({ flaw: 'shared', seen: 'this call' }, 'Ben', true)).toContain('your name');
  expect(nameWarningText({ flaw: 'unproven', seen: null }, 'Ben', false)).toContain('Nothing vouches');
});
