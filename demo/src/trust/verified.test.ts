import { expect, test } from 'vitest';
import { NO_CODES, begun, type PastCode } from './codeHistory.ts';
import { line, people, step, viewOf } from './testing.ts';
import { NOBODY_VERIFIED, stillVerified, verifiedAt, type Verified } from './verified.ts';

const at = (members: string, epoch: number, founding = 1): PastCode => {
  const [code] = step(begun(NO_CODES, 'anna'), line('found', 'anna'), viewOf('anna', members, epoch)).codes;
  return { ...code!, founding };
};
const told = (verified: Verified): string[] => [...verified].map(([id, { epoch }]) => `${id} ${epoch}`);
const mark = (before: Verified, code: PastCode, here: string): Verified =>
  verifiedAt(before, code, { self: 'anna', people: people(here), now: 5 });

test('the members of the compared epoch are verified, who joined since and oneself are not', () => {
  expect(told(mark(NOBODY_VERIFIED, at('anna ben', 4), 'anna ben carol'))).toEqual(['ben 4']);
});

test('it lasts while the participant stays, and no longer: the same person under a new id is compared anew', () => {
  const verified = mark(NOBODY_VERIFIED, at('anna ben carol', 4), 'anna ben carol');
  expect(stillVerified(verified, people('anna ben carol dave'))).toBe(verified);
  const left = stillVerified(verified, [...people('anna ben carol2'), ...people('carol', 'waiting')]);
  expect(told(left)).toEqual(['ben 4']);
  expect(told(stillVerified(left, people('anna ben carol')))).toEqual(['ben 4']);
});

test('who left before the answer is not verified by it', () => {
  expect(told(mark(NOBODY_VERIFIED, at('anna ben carol', 4), 'anna carol'))).toEqual(['carol 4']);
});

test('a later comparison takes the place of an earlier one, an older epoch does not', () => {
  const first = mark(NOBODY_VERIFIED, at('anna ben', 4), 'anna ben carol');
  const both = mark(first, at('anna ben carol', 6), 'anna ben carol');
  expect(told(both)).toEqual(['ben 6', 'carol 6']);
  expect(told(mark(both, at('anna ben', 5), 'anna ben carol'))).toEqual(['ben 6', 'carol 6']);
  expect(told(mark(both, at('anna ben', 0, 2), 'anna ben carol'))).toEqual(['ben 0', 'carol 6']);
});
