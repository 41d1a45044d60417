import { describe, expect, it } from 'vitest';
import { commit, CoreRefusal, discard, EMPTY_CORE, found, merge, process, welcome } from './abstractCore.ts';
import type { AbstractCore } from './abstractCore.ts';

const founder = merge(found(EMPTY_CORE, 'a'), 'a');
const led = (core: AbstractCore) => commit(core, 'b').pending!;

function refusalOf(work: () => unknown): string | undefined {
  try {
    work();
  } catch (error) {
    if (error instanceof CoreRefusal) return error.code;
    throw error;
  }
  return undefined;
}

describe('the abstract MLS core', () => {
  it('moves only when it merges', () => {
    const drafted = commit(founder, 'b');
    expect(drafted.history).toEqual(['a']);
    expect(merge(drafted, 'b')).toEqual({ history: ['a', 'b'], pending: null });
    expect(merge(drafted, null)).toEqual({ history: ['a', 'b'], pending: null });
    expect(discard(drafted)).toEqual(founder);
    expect(discard(founder)).toBe(founder);
  });

  it('follows a commit on its own epoch, and a Welcome from nowhere', () => {
    expect(process(founder, led(founder)).history).toEqual(['a', 'b']);
    expect(process(commit(founder, 'c'), led(founder))).toEqual({ history: ['a', 'b'], pending: null });
    const member = welcome(EMPTY_CORE, led(founder));
    expect(member.history).toEqual(['a', 'b']);
  });

  it('refuses what MLS refuses', () => {
    expect(refusalOf(() => found(founder, 'x'))).toBe('core/in-a-group');
    expect(refusalOf(() => found(found(EMPTY_CORE, 'x'), 'y'))).toBe('core/pending');
    expect(refusalOf(() => commit(EMPTY_CORE, 'x'))).toBe('core/no-group');
    expect(refusalOf(() => commit(commit(founder, 'x'), 'y'))).toBe('core/pending');
    expect(refusalOf(() => merge(founder, null))).toBe('core/nothing-pending');
    expect(refusalOf(() => merge(commit(founder, 'b'), 'c'))).toBe('core/nothing-pending');
    expect(refusalOf(() => process(EMPTY_CORE, ['a', 'b']))).toBe('core/other-parent');
    expect(refusalOf(() => process(founder, ['x', 'b']))).toBe('core/other-parent');
    expect(refusalOf(() => process(founder, ['a', 'b', 'c']))).toBe('core/other-parent');
    expect(refusalOf(() => welcome(founder, ['a', 'b']))).toBe('core/in-a-group');
    expect(refusalOf(() => welcome(found(EMPTY_CORE, 'x'), ['a', 'b']))).toBe('core/pending');
  });
});
