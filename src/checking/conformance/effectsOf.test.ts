import { describe, expect, it } from 'vitest';
import { parseValue } from '../../trace/parseValue.ts';
import { effectsOf, type SpecStep } from './effectsOf.ts';
import { entryOf, viewOf, type Share, type SpecEntry } from './specWords.ts';

const entry = (text: string): SpecEntry => entryOf(parseValue(text));
const viewed = (history: string, refresh = false) =>
  viewOf(parseValue(`[history |-> ${history}, refresh |-> ${refresh ? 'TRUE' : 'FALSE'}]`));

const ONE = '<<<<p1, 1>>>>';
const TWO = '<<<<p1, 1>>, <<p1, 3>>>>';
const COMMIT = entry(
  `[kind |-> "commit", author |-> p1, at |-> 3, parent |-> ${ONE}, adds |-> <<p2>>, removes |-> <<p4>>]`,
);
const CLAIM = entry('[kind |-> "claim", author |-> p3, at |-> 4, accused |-> p1]');
const member: Share = { status: 'member', pos: 4, mls: ONE, pending: null };

const reads = (self: string, entryRead: SpecEntry, before: Share, after: Share, moves = true): SpecStep => ({
  ...{ action: 'Read', self, before, after, view: viewed(ONE) },
  reading: { entry: entryRead, view: viewed(moves ? TWO : ONE) },
});
const drafts = (
  action: 'Found' | 'Commit' | 'HandOver' | 'Claim',
  pending: SpecEntry,
  mls = ONE,
  refresh = false,
) =>
  effectsOf({
    ...{ action, self: 'p1', before: member, after: { ...member, pending, mls } },
    ...{ view: viewed(ONE, refresh), reading: null },
  });

describe('what a machine must ask for', () => {
  it('follows from what is drafted', () => {
    expect(drafts('Found', entry('[kind |-> "found", author |-> p1, at |-> 1]'))).toEqual([
      { type: 'found', params: { at: 1 } },
    ]);
    expect(drafts('Commit', COMMIT)).toEqual([
      { type: 'commit', params: { at: 3, adds: ['p2'], removes: ['p4'], path: true } },
    ]);
    expect(drafts('HandOver', entry('[kind |-> "handover", author |-> p1, at |-> 2]'))).toEqual([
      { type: 'handOver', params: { at: 2 } },
    ]);
    expect(drafts('Claim', CLAIM)).toEqual([{ type: 'claim', params: { at: 4, accused: 'p1' } }]);
    // The rule Ordered is off.
    expect(drafts('Commit', COMMIT, TWO)).toHaveLength(2);
    expect(drafts('Commit', COMMIT, TWO)[1]).toEqual({ type: 'merge', params: { id: null } });
  });

  it('has a path in a commit that removes, or where a refresh is due', () => {
    const adding = entry(
      `[kind |-> "commit", author |-> p1, at |-> 3, parent |-> ${ONE}, adds |-> <<p2>>, removes |-> <<>>]`,
    );
    const pathOf = (refresh: boolean) => drafts('Commit', adding, ONE, refresh)[0]?.params;
    expect(pathOf(false)).toMatchObject({ path: false });
    expect(pathOf(true)).toMatchObject({ path: true });
  });

  const moved = { ...member, pos: 5, mls: TWO };
  const params = { position: 5, id: 'p1@3' };

  it('follows from what reading made of the group', () => {
    const own = { ...member, pending: COMMIT };
    expect(effectsOf(reads('p1', COMMIT, own, moved))).toEqual([{ type: 'merge', params: { id: 'p1@3' } }]);
    // Ordered is off: it was merged when it was drafted.
    expect(effectsOf(reads('p1', COMMIT, { ...own, mls: TWO }, moved))).toEqual([]);
    const waiting: Share = { ...member, status: 'waiting', mls: '<<>>' };
    expect(effectsOf(reads('p2', COMMIT, waiting, moved))).toEqual([{ type: 'welcome', params }]);
    expect(effectsOf(reads('p2', COMMIT, { ...moved, pos: 4 }, moved))).toEqual([
      { type: 'welcome', params },
    ]);
    expect(effectsOf(reads('p3', COMMIT, member, moved))).toEqual([{ type: 'process', params }]);
    expect(effectsOf(reads('p5', COMMIT, waiting, { ...waiting, pos: 5 }))).toEqual([]);
  });

  it('discards what is no longer pending and not merged', () => {
    const claimed = { ...member, pending: CLAIM };
    expect(effectsOf(reads('p3', COMMIT, claimed, moved))).toEqual([
      { type: 'discard', params: {} },
      { type: 'process', params },
    ]);
    expect(effectsOf(reads('p3', CLAIM, claimed, { ...member, pos: 5 }, false))).toEqual([
      { type: 'discard', params: {} },
    ]);
    expect(effectsOf(reads('p3', COMMIT, claimed, { ...claimed, pos: 5 }, false))).toEqual([]);
    const own = { ...member, pending: COMMIT };
    expect(effectsOf(reads('p1', COMMIT, own, { ...member, pos: 5 }, false))).toEqual([
      { type: 'discard', params: {} },
    ]);
  });

  it('asks the same of MLS where MLS refuses, and nothing where the end is known', () => {
    const ended = (status: string): Share => ({ status, pos: 0, mls: '<<>>', pending: null });
    expect(effectsOf(reads('p3', COMMIT, member, ended('dead')))).toEqual([{ type: 'process', params }]);
    expect(effectsOf(reads('p2', COMMIT, member, ended('dead')))).toEqual([{ type: 'welcome', params }]);
    expect(effectsOf(reads('p3', COMMIT, { ...member, pending: CLAIM }, ended('dead')))).toEqual([
      { type: 'discard', params: {} },
      { type: 'process', params },
    ]);
    expect(effectsOf(reads('p1', COMMIT, member, ended('dead')))).toEqual([]);
    expect(effectsOf(reads('p4', COMMIT, member, ended('evicted')))).toEqual([]);
  });

  it('is nothing of what others do', () => {
    const step = { self: 'p1', before: member, after: member, view: viewed(ONE), reading: null };
    for (const action of ['Join', 'AppendEntry', 'DeclareGone', 'Lose', 'Resend', 'Crash'] as const)
      expect(effectsOf({ ...step, action })).toEqual([]);
    expect(effectsOf({ ...step, action: 'Leave' })).toEqual([{ type: 'leave', params: {} }]);
    expect(() => effectsOf({ ...step, action: 'Read' })).toThrow(RangeError);
    expect(() => effectsOf({ ...step, action: 'Found' })).toThrow(RangeError);
  });
});
