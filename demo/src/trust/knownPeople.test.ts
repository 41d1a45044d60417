import { expect, test } from 'vitest';
import {
  codesOf,
  forgetKnown,
  KNOWN_LIMITS,
  met,
  parseKnown,
  readKnown,
  writeKnown,
  type Known,
} from './knownPeople.ts';
import { personCodeNumber as code, storage } from './testing.ts';

test('a name keeps the codes that it had; it and they are bounded', () => {
  let known: Known = [];
  for (let i = 1; i <= 6; i += 1) known = met(known, ' Ben', code(i));
  expect(codesOf(known, 'BEN')).toEqual([3, 4, 5, 6].map(code));
  known = met(known, 'ben', code(4));
  expect(codesOf(known, 'Ben')).toEqual([3, 5, 6, 4].map(code));
  for (let i = 0; i < KNOWN_LIMITS.names - 1; i += 1) known = met(known, `guest ${i}`, code(i));
  expect(known).toHaveLength(KNOWN_LIMITS.names);
  expect(codesOf(known, 'Ben')).toHaveLength(4);
  known = met(known, 'one more', code(1));
  expect(known).toHaveLength(KNOWN_LIMITS.names);
  expect(codesOf(known, 'Ben')).toEqual([]);
  expect(met(known, '\u200b', code(1))).toBe(known);
});

test('what was kept is read again, until it is forgotten', () => {
  const store = storage();
  const known = met([], 'Ben', code(7));
  expect(writeKnown(known, store)).toBe(true);
  expect(readKnown(store)).toEqual(known);
  forgetKnown(store);
  expect(readKnown(store)).toEqual([]);
});

test('what is not of this form, and a browser that stores nothing, are nothing known', () => {
  const odd = [null, '', '{', '{}', '[1]', '[{"name":"","codes":[]}]', '[{"name":"ben","codes":["12345"]}]'];
  for (const text of odd) expect(parseKnown(text)).toEqual([]);
  const refuses = (): never => {
    throw new DOMException('', 'SecurityError');
  };
  for (const none of [refuses, () => ({ getItem: refuses, setItem: refuses, removeItem: refuses })]) {
    expect(readKnown(none)).toEqual([]);
    expect(writeKnown([], none)).toBe(false);
    forgetKnown(none);
  }
});
