import { describe, expect, it } from 'vitest';
import { bounded } from './bounds.ts';
import { configOf } from './checkModel.ts';
import { readConstants } from './constants.ts';
import { ModelError } from './errors.ts';
import { EITHER, readModels } from './models.ts';

const crash3 = (await readModels()).find(({ name }) => name === 'crash3')!;
const text = await configOf(crash3);

describe('a model with other bounds', () => {
  it('has them, and the rest of its configuration', () => {
    const bounds = {
      participants: 4,
      batch: 2,
      crashes: 2,
      leaves: 1,
      gone: 3,
      claims: 4,
      handovers: 5,
      lost: 6,
    };
    const { model, configText } = bounded(crash3, text, bounds);
    const before = readConstants(text);
    expect(readConstants(configText)).toEqual({
      ...before,
      participants: ['p1', 'p2', 'p3', 'p4'],
      batchLimit: 2,
      limits: { crashes: 2, leaves: 1, gone: 3, claims: 4, handovers: 5, lost: 6 },
    });
    expect(configText).toContain('INVARIANTS TypeOK NoFork');
    expect(model).toMatchObject({ name: 'crash3', expected: 'holds', rules: [] });
    expect(model.states ?? model.depth).toBeUndefined();
    expect(model.shows).toMatch(/^crash3 with participants 4, batch 2, crashes 2, /);
  });

  it('without a rule is only looked at', () => {
    const { model, configText } = bounded(crash3, text, { without: ['Atomic', 'Current'] });
    expect(readConstants(configText).rules).toMatchObject({ Atomic: false, Current: false, Ordered: true });
    expect(model).toMatchObject({ expected: EITHER, rules: ['Atomic', 'Current'] });
  });

  it('of one that must be violated is only looked at', () => {
    expect(bounded({ ...crash3, expected: 'NoFork' }, text, { crashes: 0 }).model.expected).toBe(EITHER);
  });

  it.each([
    ['a rule that there is not', { without: ['Automatic'] }],
    ['a constant that is no rule', { without: ['MaxCrashes'] }],
  ])('is refused: %s', (_, bounds) => {
    expect(() => bounded(crash3, text, bounds)).toThrow(ModelError);
  });

  it('is refused where the configuration has no such constant', () => {
    const other = text.replace(/\s*MaxLost = \d+/, '');
    expect(other).not.toBe(text);
    expect(() => bounded(crash3, other, { lost: 1 })).toThrow(/has no MaxLost/);
  });

  it('does not take the end of a longer name, or a comment, for a constant', () => {
    const tricky = 'CONSTANTS\n  \\* Lost = 7\n  MaxLost = 1 Lost = 2\n';
    expect(bounded(crash3, tricky, { lost: 5 }).configText).toMatch(/MaxLost = 5 Lost = 2/);
  });
});
