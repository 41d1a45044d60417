import { initialTransition, transition } from 'xstate';
import { describe, expect, test } from 'vitest';
import type { Entry } from '../protocol/entry.ts';
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
  TRIO,
} from '../protocol/testing.ts';
import { rulesWithout, type Rule } from '../protocol/rules.ts';
import type { Effect } from './effects.ts';
import { participantMachine, type ParticipantEvent, type ParticipantSnapshot } from './machine.ts';

type Word = Entry | Exclude<ParticipantEvent['type'], 'read'>;

/** Plays entries and commands to the machine of `self`. A command that the machine refuses is the test's mistake. */
function play(self: string, words: readonly Word[], off: readonly Rule[] = []) {
  let [snapshot] = initialTransition(participantMachine, {
    self,
    origin: ORIGIN,
    rules: rulesWithout(...off),
  });
  let effects: readonly Pick<Effect, 'type' | 'params'>[] = [];
  for (const word of words) {
    const event: ParticipantEvent =
      typeof word === 'string' ? { type: word } : { type: 'read', placed: next(snapshot.context.view, word) };
    if (!snapshot.can(event)) throw new Error(`refused: ${JSON.stringify(word)}`);
    const [after, actions] = transition(participantMachine, snapshot, event);
    snapshot = after;
    effects = actions
      .filter(({ type }) => !type.startsWith('xstate.'))
      .map(({ type, params }) => ({ type, params }) as Effect);
  }
  return {
    snapshot,
    effects,
    can: (type: Exclude<ParticipantEvent['type'], 'read'>) => snapshot.can({ type }),
  };
}
const pendingOf = ({ snapshot }: { snapshot: ParticipantSnapshot }) => snapshot.context.pending;

const HEAD = idOf('a', 4);
const admitD = commit('a', 6, HEAD, ['d']);
/** `a` through its own founding and its own first commit. */
const A = [
  join('a'),
  'found',
  found('a', 1),
  join('b'),
  'commit',
  commit('a', 3, idOf('a', 1), ['b']),
] as const;

describe('drafting', () => {
  test('the first who waits founds; the others cannot', () => {
    expect(play('a', [join('a'), join('b'), 'found']).effects).toEqual([
      { type: 'found', params: { at: 2 } },
    ]);
    expect(play('b', [join('a'), join('b')]).can('found')).toBe(false);
  });

  // "a commit's adds are the first B waiting, its removes the first B departed, in order"; a path when it removes
  test('the designated committer commits what waits and what departed', () => {
    const { effects } = play('a', A.slice(0, 5));
    expect(effects).toEqual([{ type: 'commit', params: { at: 3, adds: ['b'], removes: [], path: false } }]);
    const [first, founding, second, third, admitting] = TRIO as readonly [Entry, Entry, Entry, Entry, Entry];
    const trio = [first, 'found', founding, second, third, 'commit', admitting] as const;
    const removing = play('a', [...trio, leave('c'), join('d'), 'commit']);
    expect(removing.effects).toEqual([
      { type: 'commit', params: { at: 7, adds: ['d'], removes: ['c'], path: true } },
    ]);
    expect(play('a', trio).can('commit')).toBe(false);
    expect(play('b', [...TRIO, join('d')]).can('commit')).toBe(false);
  });

  // "the new DC's first act is a commit with a path of its own"
  test('after a handover the new committer refreshes its keys', () => {
    const { effects } = play('b', [...TRIO, handover('a', 5), 'commit']);
    expect(effects).toEqual([{ type: 'commit', params: { at: 6, adds: [], removes: [], path: true } }]);
  });

  test('claims name the committer; nothing is drafted on top of something pending', () => {
    const b = play('b', [...TRIO, join('d'), 'claim']);
    expect(b.effects).toEqual([{ type: 'claim', params: { at: 6, accused: 'a' } }]);
    for (const type of ['found', 'commit', 'handOver', 'claim'] as const) expect(b.can(type)).toBe(false);
    expect(play('d', [...TRIO, join('d')]).can('claim')).toBe(false);
    expect(play('b', TRIO).can('claim')).toBe(false);
    const early = play('b', [join('a'), join('b'), 'claim']);
    expect(early.effects).toEqual([{ type: 'claim', params: { at: 2, accused: 'a' } }]);
  });
});

describe('reading', () => {
  // "an author merges its commit only when it reads it back from the log"
  test('Ordered: what was drafted is merged when it is read back', () => {
    const drafted = play('a', A.slice(0, 5));
    expect(drafted.effects.map(({ type }) => type)).toEqual(['commit']);
    expect(pendingOf(drafted)).toEqual({ kind: 'commit', at: 3 });
    const read = play('a', A);
    expect(read.effects).toEqual([{ type: 'merge', params: { id: 'a@3' } }]);
    expect(pendingOf(read)).toBe(null);
    // With the rule off it is merged at once, and reading it back does nothing.
    expect(play('a', A.slice(0, 5), ['Ordered']).effects.map(({ type }) => type)).toEqual([
      'commit',
      'merge',
    ]);
    expect(play('a', A, ['Ordered']).effects).toEqual([]);
  });

  // "whoever reads such a change discards what it has in flight"
  test('a change of epoch or role discards what is in flight', () => {
    const lost = play('a', [...A, join('c'), 'commit', claim('b', 5, 'a')]);
    expect(lost.effects).toEqual([{ type: 'discard', params: {} }]);
    expect(lost.snapshot.value).toEqual({ member: { follower: 'idle' } });
    const claimed = play('b', [...TRIO, join('d'), 'claim', admitD]);
    expect(claimed.effects.map(({ type }) => type)).toEqual(['discard', 'process']);
    expect(pendingOf(claimed)).toBe(null);
    // Any other entry leaves it in flight.
    expect(pendingOf(play('b', [...TRIO, join('d'), 'claim', join('e')]))).toEqual({ kind: 'claim', at: 6 });
  });

  test('an own entry that counts for nothing is discarded', () => {
    const forged = play('a', [...A, join('c'), 'commit', commit('a', 5, 'a@3', ['ghost'])]);
    expect(forged.effects).toEqual([{ type: 'discard', params: {} }]);
    expect(forged.snapshot.value).toEqual({ member: { designated: 'idle' } });
  });

  test('a commit is welcomed by whom it adds, processed by members, and nothing to others', () => {
    const entries = [...TRIO, join('d'), join('e'), admitD];
    const params = { position: 8, id: 'a@6' };
    expect(play('d', entries).effects).toEqual([{ type: 'welcome', params }]);
    expect(play('b', entries).effects).toEqual([{ type: 'process', params }]);
    expect(play('e', entries).effects).toEqual([]);
    // "A rejected entry leaves no trace in anybody's state, and its Welcome is not opened"
    const refused = [...TRIO, join('d'), commit('b', 6, HEAD, ['d'])];
    for (const self of 'bcd') expect(play(self, refused).effects).toEqual([]);
  });

  // "A participant declared gone, stuck or dead never returns under its id"
  test('Fresh: whose leave was read is evicted, waiting or member', () => {
    for (const [self, entries] of [
      ['b', [...TRIO, leave('b')]],
      ['d', [...TRIO, join('d'), leave('d')]],
    ] as const) {
      const { snapshot } = play(self, entries);
      expect([snapshot.value, snapshot.status, snapshot.context.view.position]).toEqual([
        'evicted',
        'done',
        0,
      ]);
    }
    // "it counts as that member's leave"
    const alone = [join('a'), 'found', found('a', 1), join('b'), claim('b', 3, 'a')] as const;
    expect(play('a', alone).snapshot.value).toBe('evicted');
    expect(play('a', [join('a'), join('b'), claim('b', 2, 'a')]).snapshot.value).toBe('evicted');
    expect(play('b', [...TRIO, leave('b')], ['Fresh']).snapshot.value).toEqual({
      member: { follower: 'idle' },
    });
  });

  test('what another has drafted at the same place, and counts for nothing, leaves the own draft pending', () => {
    const b = play('b', [...TRIO, join('d'), 'claim', claim('c', 6, 'b')]);
    expect([pendingOf(b), b.effects]).toEqual([{ kind: 'claim', at: 6 }, []]);
  });

  test('stuck: an own commit that counts and was not drafted here is the end', () => {
    const { snapshot, effects } = play('a', [...A, join('c'), commit('a', 5, 'a@3', ['c'])]);
    expect([snapshot.value, snapshot.context.view.position, effects]).toEqual(['dead', 0, []]);
  });

  // "without Atomic: the DC dies between the two: the joiner sits on a fork for ever"
  test('with Atomic off a Welcome by itself makes a member of who reads it', () => {
    const welcome: Entry = { ...admitD, kind: 'welcome' };
    const early = play('d', [...TRIO, join('d'), welcome], ['Atomic']);
    expect(early.effects).toEqual([{ type: 'welcome', params: { position: 7, id: 'a@6' } }]);
    expect(early.snapshot.matches('member')).toBe(true);
    expect(play('d', [...TRIO, join('d'), welcome]).snapshot.matches('waiting')).toBe(true);
    expect(play('c', [...TRIO, join('d'), welcome], ['Atomic']).effects).toEqual([]);
    // Neither a member nor who has drafted something opens one.
    const again: Entry = { ...commit('a', 5, HEAD, ['b']), kind: 'welcome' };
    expect(play('b', [...TRIO, again], ['Atomic']).effects).toEqual([]);
    const toB: Entry = { ...commit('a', 1, 'a@1', ['b']), kind: 'welcome' };
    expect(play('b', [join('a'), join('b'), toB], ['Atomic']).effects).toHaveLength(1);
    const claiming = play('b', [join('a'), join('b'), 'claim', toB], ['Atomic']);
    expect([claiming.effects, pendingOf(claiming)]).toEqual([[], { kind: 'claim', at: 2 }]);
  });
});

test('leaving asks the service, and ends; what MLS refuses ends too', () => {
  const left = play('b', [...TRIO, 'leave']);
  expect(left.effects).toEqual([{ type: 'leave', params: {} }]);
  expect([left.snapshot.value, left.snapshot.context.view.roster]).toEqual(['left', []]);
  expect(play('b', [...TRIO, 'refused']).snapshot.value).toBe('dead');
  for (const type of ['leave', 'refused', 'claim', 'commit'] as const) expect(left.can(type)).toBe(false);
});

// XState: "a final state node … the machine is done"; nothing is taken there any more.
test('who left, was evicted or is stuck has ended', () => {
  const ends = [
    [...TRIO, 'leave'],
    [...TRIO, 'refused'],
    [...TRIO, leave('b')],
  ] as const;
  const ended = ends.map((words) => play('b', words));
  expect(ended.map(({ snapshot }) => snapshot.value)).toEqual(['left', 'dead', 'evicted']);
  for (const { snapshot } of ended) expect(snapshot.status).toBe('done');
  expect(ended.map(({ effects }) => effects.length)).toEqual([1, 0, 0]);
});

test('a place within waiting or member is idle where nothing else is said', () => {
  const places = ['outside', 'waiting', 'member', { member: 'designated' }] as const;
  const [{ context }] = initialTransition(participantMachine, { self: 'a', origin: ORIGIN });
  expect(places.map((value) => participantMachine.resolveState({ value, context }).value)).toEqual([
    'outside',
    { waiting: 'idle' },
    { member: { follower: 'idle' } },
    { member: { designated: 'idle' } },
  ]);
});
