/** Which timers run, and till when: a table. Times are milliseconds by the participant's own clock. */
import { describe, expect, test } from 'vitest';
import type { Context, Pending } from '../../machine/context.ts';
import type { Entry } from '../../protocol/entry.ts';
import { step } from '../../protocol/step.ts';
import {
  claim,
  commit,
  found,
  handover,
  idOf,
  join,
  leave,
  next,
  ORIGIN,
  PROTOCOL,
  TRIO,
} from '../../protocol/testing.ts';
import { emptyView } from '../../protocol/view.ts';
import { agendaOf, type Agenda } from './agenda.ts';
import { comparesAt, NOTHING_OBSERVED, readAt, type Observed } from './observed.ts';
import { PERIODS } from './periods.ts';

type Timeline = readonly (readonly [time: number, entry: Entry])[];
const trio: Timeline = TRIO.map((entry) => [0, entry] as const);
/** `a` founded and admitted `b`, and nobody else came. */
const pair: Timeline = [join('a'), found('a', 1), join('b'), commit('a', 3, idOf('a', 1), ['b'])].map(
  (entry) => [0, entry] as const,
);

interface Change {
  readonly pending?: Pending;
  readonly observed?: (observed: Observed) => Observed;
}

/** When it is due, for whom, after what. */
type Case = readonly [name: string, due: number | null, self: string, after: Timeline, change?: Change];

/** What `self` has on its agenda, once it has read entries at these times. */
function agenda(self: string, timeline: Timeline, change: Change = {}): Agenda {
  let view = emptyView(ORIGIN);
  let observed = NOTHING_OBSERVED;
  for (const [time, entry] of timeline) {
    const { view: after, refusal } = step(PROTOCOL, view, next(view, entry));
    if (refusal !== null) throw new Error(`${entry.kind} at ${after.position} refused: ${refusal}`);
    observed = readAt(observed, view, after, entry, time);
    view = after;
  }
  const pending = change.pending ?? null;
  const context: Context = { self, protocol: PROTOCOL, origin: ORIGIN, view, pending };
  return agendaOf(context, change.observed?.(observed) ?? observed, PERIODS);
}

const T = 5_000;
const joined = (time: number, author: string) => [time, join(author)] as const;
const d = joined(1_000, 'd');
/** After `d` came, `b` claimed. */
const claimed: Timeline = [...trio, d, [7_000, claim('b', 6, 'a')]];
const twice: Timeline = [...claimed, [20_000, claim('c', 7, 'b')]];
/** `a` was alone, and hung. */
const alone: Timeline = [
  [0, join('a')],
  [0, found('a', 1)],
  [2_000, join('b')],
  [3_000, join('c')],
];

/** `a` joined, and hung before it founded a group. */
const unfounded: Timeline = [
  [0, join('a')],
  [1_000, join('b')],
  [2_000, join('c')],
];

describe('a claim', () => {
  const cases: readonly Case[] = [
    ['is not made without a duty', null, 'b', trio],
    ['is not made by the designated committer', null, 'a', [...trio, d]],
    ['is due T after the duty began', 1_000 + T, 'b', [...trio, d]],
    ['is made by the less senior a little later', 1_000 + T + 250, 'c', [...trio, d]],
    ['is not put off by another who waits', 1_000 + T, 'b', [...trio, d, joined(4_000, 'e')]],
    ['is not made by who waits, with two members live', null, 'd', [...trio, d]],
    ['is due T after somebody left', 3_000 + T, 'b', [...trio, [3_000, leave('c')]]],
    ['is due T after the role was handed over', 9_000 + T, 'c', [...trio, [9_000, handover('a', 5)]]],
    ['is due T after the next one’s term began', 4_000 + T, 'c', [...trio, d, [4_000, leave('a')]]],
    ['is due 2 T after a claim of the epoch', 7_000 + 2 * T, 'c', claimed],
    ['is due 4 T after two', 20_000 + 4 * T + 250, 'b', twice],
    [
      'is due T again after a commit',
      22_000 + T,
      'c',
      [...claimed, [8_000, commit('b', 7, idOf('a', 4), ['d'])], joined(22_000, 'e')],
    ],
    ['is made by the first who waits where only one member is live', 2_000 + T, 'b', alone],
    ['and by the second a little later', 2_000 + T + 250, 'c', alone],
    ['is not made by the first who waits, where nobody is live', null, 'a', unfounded],
    ['is made by the next, where the first founds nothing', T, 'b', unfounded],
    ['and by the one after it a little later', T + 250, 'c', unfounded],
    ['is due T after that one became the first', 4_000 + T, 'c', [...unfounded, [4_000, leave('a')]]],
    ['waits for what is in flight', null, 'b', [...trio, d], { pending: { kind: 'claim', at: 6 } }],
    [
      'is not repeated before T has passed since the last one',
      9_000 + T,
      'b',
      [...trio, d],
      { observed: (it) => ({ ...it, triedAt: 9_000 }) },
    ],
    [
      'waits after a thaw where nothing is heard',
      64_000,
      'b',
      [...trio, d],
      { observed: (it) => ({ ...it, thawedAt: 60_000, heardAt: 59_000 }) },
    ],
    [
      'waits while what had piled up is being read',
      64_000,
      'b',
      [...trio, d],
      { observed: (it) => ({ ...it, thawedAt: 60_000, heardAt: 60_999 }) },
    ],
    [
      'is made after a thaw once the connection shows that it lives',
      1_000 + T,
      'b',
      [...trio, d],
      { observed: (it) => ({ ...it, thawedAt: 60_000, heardAt: 61_000 }) },
    ],
  ];
  test.for(cases)('%s', ([, due, self, timeline, change]) => {
    expect(agenda(self, timeline, change).claim).toBe(due);
  });

  test('is put off by its place in the seniority by T at most', () => {
    const names = Array.from({ length: 60 }, (_, i) => `m${String(i)}`);
    const large: Timeline = [
      ...alone.slice(0, 2),
      ...names.map((name) => joined(0, name)),
      [0, commit('a', 62, idOf('a', 1), names)],
      joined(0, 'z'),
    ];
    expect(agenda('m4', large).claim).toBe(T + 4 * PERIODS.staggerMs);
    expect(agenda('m59', large).claim).toBe(2 * T);
  });
});

describe('a handover', () => {
  const HELD = 120_000;
  const comparing = (since: number) => ({
    observed: (it: Observed) => comparesAt(it, true, true, since),
  });
  const cases: readonly Case[] = [
    ['is made by the designated committer', 60_000, 'a', pair],
    ['and by nobody else', null, 'b', pair],
    ['is not made alone', null, 'a', alone.slice(0, 2)],
    ['is due a period after the term began', 75_000, 'b', [...trio, [15_000, leave('a')]]],
    [
      'is due a period after there was somebody',
      80_000,
      'a',
      [...alone.slice(0, 2), joined(10_000, 'b'), [20_000, commit('a', 3, idOf('a', 1), ['b'])]],
    ],
    ['is not made while a refresh is due', null, 'b', [...pair, [60_000, handover('a', 4)]]],
    ['waits for what is in flight', null, 'a', pair, { pending: { kind: 'handover', at: 4 } }],
    ['waits while its user compares codes', 30_000 + HELD, 'a', pair, comparing(30_000)],
    ['but is not made sooner for it', HELD + 1_000, 'a', pair, comparing(1_000)],
    [
      'is made when its user has stopped',
      60_000,
      'a',
      pair,
      { observed: (it) => comparesAt(comparesAt(it, true, true, 1), false, true, 50_000) },
    ],
    [
      'waits after a thaw where nothing is heard',
      94_000,
      'a',
      pair,
      { observed: (it) => ({ ...it, thawedAt: 90_000 }) },
    ],
  ];
  test.for(cases)('%s', ([, due, self, timeline, change]) => {
    expect(agenda(self, timeline, change).handOver).toBe(due);
  });
});

describe('being cut off', () => {
  const cases: readonly Case[] = [
    ['is suspected two periods after the last commit', 120_000, 'b', pair],
    ['by the designated committer too', 120_000, 'a', pair],
    ['by who waits too', 120_000, 'd', [...trio, d]],
    ['by nobody who is alone', null, 'a', alone.slice(0, 2)],
    ['by nobody who has not joined', null, 'x', pair],
    ['not while there is nobody else', null, 'b', [...pair, [50_000, leave('a')]]],
    [
      'after a commit later',
      190_000,
      'b',
      [...pair, [60_000, handover('a', 4)], [70_000, commit('b', 5, idOf('a', 3))]],
    ],
    ['no later for a handover', 120_000, 'b', [...pair, [60_000, handover('a', 4)]]],
    [
      'not while the own user holds the commit back',
      null,
      'a',
      pair,
      { observed: (it) => comparesAt(it, true, true, 50_000) },
    ],
    [
      'later where it did',
      270_000,
      'a',
      pair,
      { observed: (it) => comparesAt(comparesAt(it, true, true, 50_000), false, true, 150_000) },
    ],
    [
      'no later where somebody else holds the role',
      120_000,
      'b',
      pair,
      { observed: (it) => comparesAt(comparesAt(it, true, false, 50_000), false, false, 150_000) },
    ],
    [
      'after a thaw not before the log could be read',
      901_000,
      'b',
      pair,
      { observed: (it) => ({ ...it, thawedAt: 900_000 }) },
    ],
  ];
  test.for(cases)('%s', ([, due, self, timeline, change]) => {
    expect(agenda(self, timeline, change).cutOff).toBe(due);
  });
});

test('comparing codes has an end, and begins once', () => {
  const begun = comparesAt(NOTHING_OBSERVED, true, true, 1_000);
  const again = comparesAt(begun, true, true, 9_000);
  expect(agenda('a', pair, { observed: () => again }).compared).toBe(121_000);
  expect(agenda('a', pair).compared).toBe(null);
  expect(comparesAt(NOTHING_OBSERVED, false, true, 5)).toBe(NOTHING_OBSERVED);
});
