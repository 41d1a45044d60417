import { expect, test } from 'vitest';
import { step } from './step.ts';
import { NO_TURN, SILENCE_MS, spacing, turnAfter, type Turn } from './takeover.ts';
import { claim, commit, handover, idOf, join, leave, next, ORIGIN, PROTOCOL, TRIO } from './testing.ts';
import type { Entry } from './entry.ts';
import { emptyView } from './view.ts';

/** The turn after some entries, whether they count or not. */
function turnOf(entries: readonly Entry[]): Turn {
  let view = emptyView(ORIGIN);
  let turn = NO_TURN;
  for (const entry of entries) {
    const { view: after } = step(PROTOCOL, view, next(view, entry));
    turn = turnAfter(turn, view, after, entry);
    view = after;
  }
  return turn;
}

const d = join('d');
const claimed = [...TRIO, d, claim('b', 6, 'a')];
const cases: readonly (readonly [string, readonly Entry[], Turn])[] = [
  ['is nobody’s on an empty log', [], NO_TURN],
  ['begins with the first who waits', [join('a'), join('b')], { since: 1, claims: 0 }],
  ['begins anew with the next who waits', [join('a'), join('b'), leave('a')], { since: 3, claims: 0 }],
  [
    'by a claim among those who wait too',
    [join('a'), join('b'), claim('b', 2, 'a')],
    { since: 3, claims: 1 },
  ],
  ['has not begun without a duty', TRIO, { since: null, claims: 0 }],
  ['begins with the duty', [...TRIO, d], { since: 6, claims: 0 }],
  ['goes on where the duty grows', [...TRIO, d, join('e'), leave('c')], { since: 6, claims: 0 }],
  ['ends with the duty', [...TRIO, d, leave('d')], { since: null, claims: 0 }],
  ['and begins with the next', [...TRIO, d, leave('d'), join('e')], { since: 8, claims: 0 }],
  ['begins anew with a term, by a leave', [...TRIO, d, leave('a')], { since: 7, claims: 0 }],
  ['is nobody’s where all have left', [...TRIO, leave('a'), leave('b'), leave('c')], NO_TURN],
  ['by a handover', [...TRIO, handover('a', 5)], { since: 6, claims: 0 }],
  ['by a claim, which is counted', claimed, { since: 7, claims: 1 }],
  ['by another claim', [...claimed, claim('c', 7, 'b')], { since: 8, claims: 2 }],
  ['not by a claim that counts for nothing', [...claimed, claim('a', 6, 'b')], { since: 7, claims: 1 }],
  [
    'nor by any other entry that does',
    [...claimed, commit('a', 7, idOf('a', 4), ['d'])],
    { since: 7, claims: 1 },
  ],
  ['ends with a commit', [...claimed, commit('b', 7, idOf('a', 4), ['d'])], { since: null, claims: 0 }],
  [
    'begins anew with a commit that leaves somebody waiting',
    [...claimed, join('e'), commit('b', 7, idOf('a', 4), ['d'])],
    { since: 9, claims: 0 },
  ],
];
test.for(cases)('a turn %s', ([, entries, turn]) => {
  expect(turnOf(entries)).toEqual(turn);
});

// "T = 5 s …, doubled for each claim of the epoch"
test('the silence that a claim needs is doubled for each claim of the epoch, up to a limit', () => {
  const waits = Array.from({ length: 10 }, (_, claims) => spacing({ since: 1, claims }, SILENCE_MS) / 1_000);
  expect(waits).toEqual([5, 10, 20, 40, 80, 160, 320, 640, 640, 640]);
});
