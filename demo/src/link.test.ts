import { expect, test } from 'vitest';
import { fragmentOf, newSecret, secretIn } from './link.ts';

test('a secret comes back out of its fragment', () => {
  for (let i = 0; i < 100; i++) {
    const secret = newSecret();
    expect(secretIn(fragmentOf(secret))).toEqual(secret);
  }
});

test.each([
  '',
  '#',
  '#s=',
  '#s=abc',
  `#s=${'A'.repeat(42)}`,
  `#s=${'A'.repeat(44)}`,
  `#s=${'+'.repeat(43)}`,
  `#t=${'A'.repeat(43)}`,
])('no secret in %j', (fragment) => expect(secretIn(fragment)).toBeNull());
