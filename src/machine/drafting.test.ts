import { expect, test } from 'vitest';
import { step } from '../protocol/step.ts';
import { handover, join, leave, next, ORIGIN, TRIO } from '../protocol/testing.ts';
import type { Entry } from '../protocol/entry.ts';
import { initialContext } from './context.ts';
import { canClaim, canCommit, canFound, canHandOver } from './drafting.ts';

/** Who of `a`, `b`, `c` and `d` may draft what after those entries, whatever its machine says of it. */
function may(entries: readonly Entry[]): Record<'found' | 'commit' | 'handOver' | 'claim', string> {
  const contexts = ['a', 'b', 'c', 'd'].map((self) => {
    let context = initialContext({ self, origin: ORIGIN });
    for (const entry of entries)
      context = { ...context, view: step(context.protocol, context.view, next(context.view, entry)).view };
    return context;
  });
  const who = (can: typeof canFound): string =>
    contexts
      .filter(can)
      .map(({ self }) => self)
      .join('');
  return { found: who(canFound), commit: who(canCommit), handOver: who(canHandOver), claim: who(canClaim) };
}

// The guards of the spec's Found, Commit, HandOver and Claim, without what `status` and `pending` say.
test.each([
  ['nobody has joined', [], { found: '', commit: '', handOver: '', claim: '' }],
  ['two wait', [join('a'), join('b')], { found: 'a', commit: '', handOver: '', claim: 'b' }],
  ['nothing is to be done', TRIO, { found: '', commit: '', handOver: 'a', claim: '' }],
  ['somebody waits', [...TRIO, join('d')], { found: '', commit: 'a', handOver: 'a', claim: 'bc' }],
  ['the committer left', [...TRIO, leave('a')], { found: '', commit: 'b', handOver: 'b', claim: 'c' }],
  ['a refresh is due', [...TRIO, handover('a', 5)], { found: '', commit: 'b', handOver: '', claim: 'ac' }],
  [
    'all left, and nobody waits',
    [...TRIO, leave('a'), leave('b'), leave('c')],
    { found: '', commit: '', handOver: '', claim: '' },
  ],
] as const)('%s', (_, entries, expected) => {
  expect(may(entries)).toEqual(expected);
});
