import { describe, expect, test } from 'vitest';
import { believedCommitter } from './committer.ts';
import type { Refusal } from './counts.ts';
import type { Entry } from './entry.ts';
import { LIMITS } from './limits.ts';
import type { Rule } from './rules.ts';
import { step } from './step.ts';
import {
  claim,
  commit,
  found,
  handover,
  hashOf,
  idOf,
  join,
  leave,
  next,
  ORIGIN,
  PROTOCOL,
  protocolWithout,
  TRIO,
  viewOf,
} from './testing.ts';
import { designatedCommitter, departed, duty, emptyView, waiting, waitingAt, type View } from './view.ts';

/** What refuses `entry` behind `entries`; null where it counts. */
const refusedBy = (entries: readonly Entry[], entry: Entry, protocol = PROTOCOL): Refusal | null => {
  const view = viewOf(entries, protocol);
  return step(protocol, view, next(view, entry)).refusal;
};
const elsewhere = <E extends Entry>(entry: E): E => ({ ...entry, on: 'the hash of another log' });
const HEAD = idOf('a', 4);

describe('a rule refuses, and with the rule off the same entry counts', () => {
  const cases: readonly (readonly [Rule, string, readonly Entry[], Entry])[] = [
    // "a `join` counts only with a signature by the invite key"
    ['Invited', 'join', [], { ...join('a'), invited: false }],
    // "a commit, claim or handover counts only if drafted at or after the last entry that changed epoch or role"
    ['Current', 'found', [join('a'), found('a', 1), join('b'), leave('a')], found('b', 3)],
    ['Current', 'commit', [...TRIO, join('d')], commit('a', 4, HEAD, [])],
    ['Current', 'handover', TRIO, handover('a', 4)],
    ['Current', 'claim', [...TRIO, join('d')], claim('b', 4, 'a')],
    // "an entry counts only where the hash of the log it was drafted on is the reader's own"
    ['Witnessed', 'found', [join('a')], elsewhere(found('a', 1))],
    ['Witnessed', 'commit', [...TRIO, join('d')], elsewhere(commit('a', 6, HEAD, ['d']))],
    ['Witnessed', 'handover', TRIO, elsewhere(handover('a', 5))],
    ['Witnessed', 'claim', [...TRIO, join('d')], elsewhere(claim('b', 6, 'a'))],
    // "a commit counts only if its author is the DC of the view it lands on"
    ['Designated', 'commit', [...TRIO, join('d')], commit('b', 6, HEAD, ['d'])],
    // "a commit's adds are the first B waiting, its removes the first B departed, in order"
    ['Justified', 'commit, a ghost', [...TRIO, join('d')], commit('a', 6, HEAD, ['d', 'ghost'])],
    ['Justified', 'commit, nobody added', [...TRIO, join('d')], commit('a', 6, HEAD, [])],
    ['Justified', 'commit, a live member removed', TRIO, commit('a', 5, HEAD, [], ['b'])],
    ['Justified', 'commit, the departed kept', [...TRIO, leave('b')], commit('a', 6, HEAD, [], [])],
    [
      'Justified',
      'commit, adds out of order',
      [...TRIO, join('e'), join('d')],
      commit('a', 7, HEAD, ['d', 'e']),
    ],
    [
      'Justified',
      'commit, removes by seniority',
      [...TRIO, leave('c'), leave('b')],
      commit('a', 7, HEAD, [], ['b', 'c']),
    ],
    ['Justified', 'commit, who came after the draft', [...TRIO, join('d')], commit('a', 5, HEAD, ['d'])],
  ];
  test.each(cases)('%s: %s', (rule, _, entries, entry) => {
    // Where the last change itself stands in the way, the other rules would refuse it too.
    expect(refusedBy(entries, entry)).toBe(rule);
    const off = protocolWithout(rule);
    expect(refusedBy(entries, entry, off)).toBe(null);
  });

  const granting: readonly (readonly [Rule, readonly Entry[], Entry])[] = [
    // "with nobody live in the roster, the first waiting participant founds a new group"
    ['Founding', [join('a'), found('a', 1), leave('a'), join('b')], found('b', 4)],
    // "a `claim` counts when there is a duty, and moves the DC to the end of the seniority"
    ['Takeover', [...TRIO, join('d')], claim('b', 6, 'a')],
    // "a `handover` moves the DC to the end"
    ['Rotation', TRIO, handover('a', 5)],
  ];
  test.each(granting)('%s grants: without it the entry counts for nothing', (rule, entries, entry) => {
    expect(refusedBy(entries, entry)).toBe(null);
    expect(refusedBy(entries, entry, protocolWithout(rule))).toBe(rule);
  });

  test('the first founding needs no rule', () => {
    expect(refusedBy([join('a')], found('a', 1), protocolWithout('Founding'))).toBe(null);
  });

  // "with Orange Meets' local rule: nobody, or two, believe that they are it"
  test('PublicView: without it a late joiner takes somebody long gone for the committer', () => {
    const view = viewOf([join('a'), found('a', 1), join('b'), leave('a'), join('c')]);
    expect(['b', 'c'].map((p) => believedCommitter(PROTOCOL, view, p))).toEqual([null, null]);
    const off = protocolWithout('PublicView');
    expect(['b', 'c'].map((p) => believedCommitter(off, view, p))).toEqual([null, 'a']);
    const trio = viewOf([...TRIO, leave('a')]);
    expect(['a', 'b', 'c'].map((p) => believedCommitter(off, trio, p))).toEqual(['b', 'b', 'b']);
    expect(believedCommitter(PROTOCOL, trio, 'c')).toBe('b');
    // Who has not joined has seen nobody leave, and nobody waits of whom no join was read: total, for any view.
    expect(believedCommitter(off, trio, 'x')).toBe('b');
    expect(waitingAt({ ...trio, arrivals: ['x'] }, trio.position)).toEqual([]);
  });
});

describe('join and leave', () => {
  // "A participant id, signature key and HPKE key are used once: `Step` ignores a `join` that repeats one."
  test.each([
    ['id', { ...join('x'), author: 'b' }],
    ['signature key', { ...join('x'), signatureKey: join('b').signatureKey }],
    ['key package', { ...join('x'), keyPackage: join('b').keyPackage }],
    ['HPKE init key', { ...join('x'), hpkeKeys: ['other', ...join('b').hpkeKeys.slice(0, 1)] }],
    ['HPKE leaf key', { ...join('x'), hpkeKeys: [...join('b').hpkeKeys.slice(1), 'other'] }],
    ['HPKE key', { ...join('x'), hpkeKeys: join('b').hpkeKeys.slice(1) }],
    ['id of somebody who left', join('c')],
  ])('a join that repeats an %s counts for nothing', (_, entry) => {
    expect(refusedBy([...TRIO, leave('c')], entry)).toBe('repeated');
  });

  test('a leave counts once, and only of who joined', () => {
    expect(refusedBy(TRIO, leave('x'))).toBe('unknown');
    expect(refusedBy([...TRIO, leave('b')], leave('b'))).toBe('repeated');
    expect(refusedBy([join('a')], leave('a'))).toBe(null);
  });

  test('who leaves while it waits is neither waiting nor departed: nothing is to be done', () => {
    const view = viewOf([...TRIO, join('d'), leave('d')]);
    expect([waiting(view), departed(view), duty(view)]).toEqual([[], [], false]);
  });

  // "participants in a room: 1,000"
  test(`the ${String(LIMITS.participants)}th participant joins, the next one does not`, () => {
    const full = viewOf(Array.from({ length: LIMITS.participants }, (_, i) => join(`p${String(i)}`)));
    expect(step(PROTOCOL, full, next(full, join('x'))).refusal).toBe('full');
    expect(refusedBy([join('a')], join('x'))).toBe(null);
  });

  test.each([['void' as const], ['welcome' as const]])('a %s entry counts for nothing', (kind) => {
    const entry: Entry =
      kind === 'void'
        ? { kind, author: 'a', reason: 'signature' }
        : { ...commit('a', 5, HEAD), kind: 'welcome' };
    expect(refusedBy(TRIO, entry)).toBe(kind);
  });
});

describe('founding', () => {
  test('only the first who waits founds, and only where nobody is live', () => {
    expect(refusedBy([join('a'), join('b')], found('b', 2))).toBe('Founding');
    expect(refusedBy([join('a'), join('b'), leave('a')], found('b', 3))).toBe(null);
    expect(refusedBy([...TRIO, join('d')], found('d', 6))).toBe('Founding');
    expect(refusedBy([], found('a', 0))).toBe('Founding');
  });

  // "A founding has an id: in the history"
  test('starts a new history, with one member, and asks for no refresh', () => {
    const view = viewOf([...TRIO, handover('a', 5), join('d'), leave('a'), leave('b'), leave('c')]);
    const after = viewOf([found('d', view.position)], PROTOCOL, view);
    expect(after).toMatchObject({
      roster: ['d'],
      arrivals: [],
      history: [idOf('d', 10)],
      refresh: false,
      changedAt: 11,
    });
  });
});

describe('commit', () => {
  test('admits in order of arrival behind the members, removes the departed, and moves the epoch', () => {
    const view = viewOf([...TRIO, join('d'), leave('b'), join('e'), commit('a', 8, HEAD, ['d', 'e'], ['b'])]);
    expect(view).toMatchObject({
      roster: ['a', 'c', 'd', 'e'],
      arrivals: [],
      history: ['a@1', 'a@4', 'a@8'],
      changedAt: 9,
    });
    expect(view.hashes).toEqual([hashOf(9)]);
  });

  // "A commit may add somebody who left after it was drafted; such a member is in the roster and departed at once"
  test('adds who left after it was drafted, and a later commit removes it', () => {
    const view = viewOf([...TRIO, join('d'), leave('d'), commit('a', 6, HEAD, ['d'])]);
    expect([view.roster, departed(view), duty(view)]).toEqual([['a', 'b', 'c', 'd'], ['d'], true]);
    const later = viewOf([commit('a', 8, 'a@6', [], ['d'])], PROTOCOL, view);
    expect([later.roster, duty(later)]).toEqual([['a', 'b', 'c'], false]);
  });

  test('does not add who left before it was drafted, nor remove who left after', () => {
    const entries = [...TRIO, join('d'), leave('d'), leave('c')];
    expect(refusedBy(entries, commit('a', 7, HEAD, ['d']))).toBe('Justified');
    expect(refusedBy(entries, commit('a', 7, HEAD, [], ['c']))).toBe('Justified');
    expect(refusedBy(entries, commit('a', 7, HEAD))).toBe(null);
    expect(refusedBy(entries, commit('a', 8, HEAD, [], ['c']))).toBe(null);
  });

  test('builds on the last one that counted', () => {
    expect(refusedBy([...TRIO, join('d')], commit('a', 6, 'a@1', ['d']))).toBe('parent');
  });

  // "Whoever reads such a change discards what it has in flight": two drafts at one position, the first wins.
  test('the second draft of one epoch counts for nothing', () => {
    const view = viewOf([...TRIO, join('d')]);
    const entry = commit('a', 6, HEAD, ['d']);
    const after = step(PROTOCOL, view, next(view, entry)).view;
    expect(step(PROTOCOL, after, next(after, entry)).refusal).toBe('Current');
  });

  // "B, adds or removes in one commit: 64"
  test('holds the first B who wait and the first B who departed', () => {
    const protocol = { ...PROTOCOL, batchLimit: 2 };
    const names = ['d', 'e', 'f'];
    const entries = [...TRIO, leave('c'), leave('b'), ...names.map(join)];
    const rest = [...entries, commit('a', 10, HEAD, ['d', 'e'], ['c', 'b'])];
    expect(refusedBy(entries, commit('a', 10, HEAD, names, ['c', 'b']), protocol)).toBe('Justified');
    const view = viewOf(rest, protocol);
    expect([view.roster, waiting(view)]).toEqual([['a', 'd', 'e'], ['f']]);
    const wide = ['b', 'c', 'd'].map(join);
    const base = [join('a'), found('a', 1), ...wide];
    expect(refusedBy(base, commit('a', 5, 'a@1', ['b', 'c', 'd']), protocol)).toBe('Justified');
    expect(refusedBy(base, commit('a', 5, 'a@1', ['b', 'c']), protocol)).toBe(null);
  });
});

describe('takeover and rotation', () => {
  // "moves the DC to the end of the seniority"
  test('a claim by a member', () => {
    const view = viewOf([...TRIO, join('d'), claim('c', 6, 'a')]);
    expect(view).toMatchObject({ roster: ['b', 'c', 'a'], refresh: false, changedAt: 7, leftAt: {} });
    expect(designatedCommitter(view)).toBe('b');
  });

  // "with one live member left, a waiting participant may claim, and it counts as that member's leave"
  test('a claim by somebody who waits is a leave of the only member', () => {
    const view = viewOf([join('a'), found('a', 1), join('b'), claim('b', 3, 'a')]);
    expect(view).toMatchObject({ roster: ['a'], leftAt: { a: 4 }, changedAt: 4 });
    expect(designatedCommitter(view)).toBe(null);
    expect(viewOf([found('b', 4)], PROTOCOL, view).roster).toEqual(['b']);
    expect(step(PROTOCOL, view, next(view, leave('a'))).refusal).toBe('repeated');
  });

  test.each([
    ['where there is no duty', TRIO, claim('b', 5, 'a')],
    ['of the committer against itself', [...TRIO, join('d')], claim('a', 6, 'a')],
    ['against somebody else', [...TRIO, join('d')], claim('b', 6, 'c')],
    ['by somebody who waits while two are live', [...TRIO, join('d'), leave('c')], claim('d', 7, 'a')],
    ['by who has left', [...TRIO, leave('b')], claim('b', 6, 'a')],
    ['by nobody known', [...TRIO, join('d')], claim('x', 6, 'a')],
    ['against nobody', [join('a')], claim('a', 1, 'b')],
  ])('a claim %s counts for nothing', (_, entries, entry) => {
    expect(refusedBy(entries, entry)).toBe('Takeover');
  });

  // "ignored while a refresh is pending or with one live member"
  test.each([
    ['of a follower', TRIO, handover('b', 5)],
    ['while a refresh is pending', [...TRIO, handover('a', 5)], handover('b', 6)],
    ['of the only one live', [...TRIO, leave('b'), leave('c')], handover('a', 7)],
    ['of somebody who waits', [...TRIO, join('d')], handover('d', 6)],
  ])('a handover %s counts for nothing', (_, entries, entry) => {
    expect(refusedBy(entries, entry)).toBe('Rotation');
  });

  // "the new DC's first act is a commit with a path of its own": `refresh` is a duty until it commits.
  test('a handover asks for a refresh, which only a commit settles', () => {
    const view = viewOf([...TRIO, handover('a', 5)]);
    expect(view).toMatchObject({ roster: ['b', 'c', 'a'], refresh: true, changedAt: 6 });
    expect(duty(view)).toBe(true);
    const claimed = viewOf([claim('c', 6, 'b')], PROTOCOL, view);
    expect(claimed).toMatchObject({ roster: ['c', 'a', 'b'], refresh: true });
    const settled = viewOf([commit('c', 7, HEAD)], PROTOCOL, claimed);
    expect([settled.refresh, duty(settled)]).toEqual([false, false]);
  });
});

describe('the position', () => {
  test('a leave of the committer changes the role, one of a follower does not', () => {
    expect(viewOf([...TRIO, leave('b')]).changedAt).toBe(5);
    const view: View = viewOf([...TRIO, leave('a')]);
    expect([view.changedAt, designatedCommitter(view), view.hashes]).toEqual([6, 'b', [hashOf(6)]]);
  });

  test('an entry that is not the next one is the caller’s mistake', () => {
    const view = emptyView(ORIGIN);
    for (const position of [0, 2, -1, 1.5]) {
      expect(() => step(PROTOCOL, view, { ...next(view, join('a')), position })).toThrow(RangeError);
    }
  });

  test('what was drafted in the future counts for nothing', () => {
    expect(refusedBy(TRIO, handover('a', 6))).toBe('Witnessed');
  });
});
