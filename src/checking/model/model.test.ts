import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { readConstants } from './constants.ts';
import { ModelError } from './errors.ts';
import { chosenModels, parseModels, readModels, SPEC_FOLDER } from './models.ts';

const models = await readModels();
const config = await readFile(`${SPEC_FOLDER}crash3.cfg`, 'utf8');

function codeOf(work: () => unknown): string | undefined {
  try {
    work();
  } catch (error) {
    return error instanceof ModelError ? error.code : String(error);
  }
  return undefined;
}

describe('a TLC configuration', () => {
  it('gives the constants', () => {
    const { participants, batchLimit, rules, limits } = readConstants(config);
    expect(participants).toEqual(['p1', 'p2', 'p3']);
    expect(batchLimit).toBe(3);
    expect(Object.values(rules)).not.toContain(false);
    expect(limits).toEqual({ crashes: 3, leaves: 0, gone: 0, claims: 0, handovers: 0, lost: 0 });
    expect(readConstants(config.replace('Atomic = TRUE', 'Atomic=FALSE')).rules.Atomic).toBe(false);
  });

  it.each([
    ['missing', (text: string) => text.replace('BatchLimit = 3', '')],
    ['unknown', (text: string) => text.replace('BatchLimit = 3', 'BatchLimit = 3 Extra = 1')],
    ['twice', (text: string) => text.replace('BatchLimit = 3', 'BatchLimit = 3 BatchLimit = 3')],
    ['no number', (text: string) => text.replace('BatchLimit = 3', 'BatchLimit = many')],
    ['no switch', (text: string) => text.replace('Atomic = TRUE', 'Atomic = 1')],
    ['a substitution', (text: string) => text.replace('BatchLimit = 3', 'BatchLimit <- Three')],
    ['nobody', (text: string) => text.replace('{p1, p2, p3}', '{}')],
    ['twice the same participant', (text: string) => text.replace('{p1, p2, p3}', '{p1, p1}')],
  ])('is refused: %s', (_, change) => {
    expect(change(config)).not.toBe(config);
    expect(codeOf(() => readConstants(change(config)))).toBe('model/bad-config');
  });
});

describe('the list of models', () => {
  it('names configurations that can be read', async () => {
    expect(models.length).toBeGreaterThanOrEqual(10);
    for (const model of models) {
      const constants = readConstants(await readFile(`${SPEC_FOLDER}${model.config}`, 'utf8'));
      if (model.rule !== undefined) expect(constants.rules[model.rule]).toBe(false);
      else expect(Object.values(constants.rules)).not.toContain(false);
    }
  });

  it('has at least one large model to compare', () => {
    expect(chosenModels(models, [], 'conform').some(({ states = 0 }) => states > 50_000)).toBe(true);
  });

  it('gives the models that were asked for', () => {
    expect(chosenModels(models, ['crash2', 'crash2'], 'check').map(({ name }) => name)).toEqual(['crash2']);
    expect(codeOf(() => chosenModels(models, ['nothing'], 'check'))).toBe('model/unknown');
    expect(codeOf(() => chosenModels(models, ['no-atomic'], 'conform'))).toBe('model/unknown');
  });

  it.each([
    ['not JSON', '['],
    ['empty', '[]'],
    ['not pinned', JSON.stringify([{ ...models[0], states: undefined }])],
    ['an ablation that holds', JSON.stringify([{ ...models[0], kind: 'ablation' }])],
    ['another folder', JSON.stringify([{ ...models[0], config: '../crash2.cfg' }])],
    ['twice', JSON.stringify([models[0], models[0]])],
  ])('is refused: %s', (_, text) => {
    expect(codeOf(() => parseModels(text))).toBe('model/bad-list');
  });
});
