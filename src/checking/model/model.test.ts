import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { RULES, type Rule } from '../../protocol/rules.ts';
import { readConstants } from './constants.ts';
import { ModelError } from './errors.ts';
import { checkedNames } from '../tlc/index.ts';
import {
  chosenModels,
  DEFAULT_SET_STATES,
  FAMILIES,
  parseModels,
  readModels,
  SPEC_FOLDER,
  type Model,
} from './models.ts';

const models = await readModels();
const config = await readFile(`${SPEC_FOLDER}models/safety/crash3.cfg`, 'utf8');

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

describe('the lists of models', () => {
  const textOf = ({ config }: Model): Promise<string> => readFile(`${SPEC_FOLDER}${config}`, 'utf8');
  const isOff = (text: string, rule: string): boolean => new RegExp(`\\b${rule}\\s*=\\s*FALSE`).test(text);

  it('name configurations that are there, and say which rules these switch off', async () => {
    expect(models.length).toBeGreaterThanOrEqual(15);
    for (const model of models) {
      const text = await textOf(model);
      const off = RULES.filter((rule) => isOff(text, rule));
      expect(model.rules, model.name).toEqual(expect.arrayContaining(off));
      for (const rule of model.rules) expect(isOff(text, rule), `${model.name}: ${rule}`).toBe(true);
    }
  });

  it('name every configuration that is there', async () => {
    for (const family of FAMILIES) {
      const files = await readdir(`${SPEC_FOLDER}models/${family}`).catch(() => []);
      const names = models.filter((model) => model.family === family).map(({ name }) => `${name}.cfg`);
      expect(files.filter((name) => name !== 'models.json').sort()).toEqual(names.sort());
    }
  });

  it('have each misdeed of Adversary.tla taken by a model of the default set', async () => {
    const spec = await readFile(`${SPEC_FOLDER}Adversary.tla`, 'utf8');
    const actions = /MemberMisdeed\(p\) ==[\s\S]*?AdversaryNext/.exec(spec)?.[0] ?? '';
    const misdeeds = [...actions.matchAll(/\\\/ (\w+)\(p\)/g)].map(([, name = '']) => name);
    expect(misdeeds.length).toBeGreaterThanOrEqual(22);
    const taken = models.filter(({ check }) => check).flatMap(({ takes = [] }) => takes);
    expect([...new Set(taken)].sort()).toEqual([...misdeeds].sort());
  });

  it('compare only graphs that the explorer can walk too', async () => {
    const compared = chosenModels(models, [], 'conform');
    for (const model of compared) {
      const { rules } = readConstants(await textOf(model));
      expect(Object.keys(rules).filter((rule) => !rules[rule as Rule])).toEqual(model.rules);
    }
    expect(compared.some(({ states = 0 }) => states > 50_000)).toBe(true);
  });

  it('keep the default set small', () => {
    const pinned = chosenModels(models, [], 'check').reduce((sum, { states = 0 }) => sum + states, 0);
    expect(pinned).toBeGreaterThan(100_000);
    expect(pinned).toBeLessThanOrEqual(DEFAULT_SET_STATES);
  });

  it('have something to check, and among it what must be violated', async () => {
    for (const model of models) {
      const names = checkedNames(await textOf(model));
      if (model.family !== 'graphs') expect(names.length, model.name).toBeGreaterThan(0);
      if (model.expected !== 'holds') expect(names, model.name).toContain(model.expected);
    }
  });

  it('give the models that were asked for, by name and by family', () => {
    const names = (wanted: readonly string[], command: 'check' | 'conform' = 'check'): readonly string[] =>
      chosenModels(models, wanted, command).map(({ name }) => name);
    expect(names(['crash2', 'crash2'])).toEqual(['crash2']);
    expect(names(['crash2', 'safety', 'no-atomic']).slice(0, 2)).toEqual(['crash2', 'faults2']);
    expect(names(['crash2', 'safety', 'no-atomic']).at(-1)).toBe('no-atomic');
    expect(names([])).not.toContain('gone3');
    expect(codeOf(() => names(['nothing']))).toBe('model/unknown');
    expect(codeOf(() => names(['no-atomic'], 'conform'))).toBe('model/unknown');
  });

  const row = {
    name: 'one',
    shows: 'it',
    module: 'M.tla',
    expected: 'holds',
    states: 1,
    check: true,
    conform: false,
  };
  it.each([
    ['not JSON', '['],
    ['empty', '[]'],
    ['not pinned', JSON.stringify([{ ...row, states: undefined }])],
    ['states of one that is violated', JSON.stringify([{ ...row, expected: 'NoFork' }])],
    [
      'a graph that is never whole',
      JSON.stringify([{ ...row, expected: 'NoFork', states: undefined, conform: true }]),
    ],
    [
      'actions of one that is violated',
      JSON.stringify([{ ...row, expected: 'NoFork', states: undefined, takes: ['A'] }]),
    ],
    ['an action that must be taken twice', JSON.stringify([{ ...row, takes: ['A', 'A'] }])],
    ['a trace of one that holds', JSON.stringify([{ ...row, trace: true }])],
    ['another folder', JSON.stringify([{ ...row, name: '../one' }])],
    ['a module elsewhere', JSON.stringify([{ ...row, module: '../M.tla' }])],
    ['something unknown', JSON.stringify([{ ...row, kind: 'holds' }])],
    ['twice', JSON.stringify([row, row])],
  ])('are refused: %s', (_, text) => {
    expect(parseModels(JSON.stringify([row]), 'safety')).toMatchObject([{ config: 'models/safety/one.cfg' }]);
    expect(codeOf(() => parseModels(text, 'safety'))).toBe('model/bad-list');
  });

  it('are refused: a nightly model in the default set', () => {
    expect(codeOf(() => parseModels(JSON.stringify([row]), 'nightly'))).toBe('model/bad-list');
  });
});
