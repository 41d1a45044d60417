import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readItf } from '../../../trace/itf.ts';
import { parseState } from '../../../trace/parseValue.ts';
import type { Trace } from '../../../trace/trace.ts';
import { parseModels, type Family, type Model } from '../models.ts';
import { staleDescription } from './keptTrace.ts';
import { readTraceFolder, traceFile, traceIndex, traceText, writeTraceIndex } from './index.ts';

const row = {
  name: 'one',
  shows: 'what it is',
  module: 'M.tla',
  expected: 'Bad',
  check: true,
  conform: false,
  trace: true,
};
const modelOf = (more: object = {}, family: Family = 'ablations'): Model =>
  parseModels(JSON.stringify([{ ...row, ...more }]), family)[0]!;
const model = modelOf({ rule: ['Atomic', 'Current'] });
const trace: Trace = {
  variables: ['n'],
  steps: [0, 1].map((n) => ({
    action: n === 0 ? 'Initial predicate' : 'Add',
    state: parseState(`n = ${n}`),
  })),
};

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'traces-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function keep(...models: readonly Model[]): Promise<void> {
  for (const one of models) await writeFile(traceFile(one, folder), traceText(one, trace));
  await writeTraceIndex(models, folder);
}

const problems = async (...models: readonly Model[]): Promise<readonly string[]> =>
  (await readTraceFolder(models, folder)).problems;

describe('a kept trace', () => {
  it('says what it is', () => {
    const itf = readItf(traceText(model, trace));
    expect(itf.meta).toMatchObject({
      config: 'spec/models/ablations/one.cfg',
      rule: 'Atomic, Current',
      description: 'what it is',
      property: 'Bad',
    });
    expect(staleDescription(model, itf)).toBeUndefined();
    expect(staleDescription({ ...model, shows: 'something else' }, itf)).toMatch(
      /^its description is "what it is"/,
    );
    expect(staleDescription(modelOf({ rule: 'Atomic' }), itf)).toMatch(/^its rule is/);
    expect(staleDescription({ ...model, replay: 'none' }, itf)).toMatch(/^its replay is undefined/);
  });

  it('of a witness violates nothing', () => {
    const itf = readItf(traceText(modelOf({}, 'witnesses'), trace));
    expect(itf.meta).toMatchObject({ property: 'holds', witness: 'Bad' });
  });
});

describe('the folder of traces', () => {
  it('has a file and a line of the index for each model, and nothing else', async () => {
    const two = modelOf({ name: 'two' }, 'witnesses');
    await keep(model, two);
    expect(await problems(model, two, modelOf({ name: 'three', trace: false }))).toEqual([]);
    expect((await readTraceFolder([model, two], folder)).traces).toHaveLength(2);
  });

  it('lacks the trace of a model', async () => {
    await keep(model);
    expect(await problems(model, modelOf({ name: 'two' }))).toEqual([
      'two has no trace: npm run traces -- two',
    ]);
  });

  it('has a trace of no model', async () => {
    await keep(model);
    await writeFile(join(folder, 'stray.itf.json'), '{}');
    expect(await problems(model)).toEqual(['traces/stray.itf.json is the trace of no model']);
  });

  it('has an index that is stale', async () => {
    await keep(model);
    expect(await problems({ ...model, shows: 'something else' })).toEqual([
      'traces/README.md is stale: npm run traces',
    ]);
    await rm(join(folder, 'README.md'));
    expect(await problems(model)).toHaveLength(1);
  });

  it('has a trace that cannot be read', async () => {
    await keep(model);
    await writeFile(traceFile(model, folder), '{"vars":[]}');
    expect((await problems(model))[0]).toMatch(/^traces\/one\.itf\.json: states: expected a list/);
  });
});

describe('the index', () => {
  it('has a line for each trace, by family', () => {
    const kept = [
      { model, itf: readItf(traceText(model, trace)) },
      { model: modelOf({ name: 'two' }, 'liveness'), itf: readItf(traceText(model, { ...trace, lasso: 1 })) },
      {
        model: modelOf({ name: 'three' }, 'witnesses'),
        itf: readItf(traceText(model, { ...trace, lasso: 'stuttering' })),
      },
    ];
    const lines = traceIndex(kept)
      .split('\n')
      .filter((line) => line.startsWith('| ['));
    expect(lines).toEqual([
      '| [`one`](one.itf.json) | what it is | 1 | `Bad` violated without Atomic and Current | [one.cfg](../spec/models/ablations/one.cfg) |',
      '| [`two`](two.itf.json) | what it is | 1, then from 0 for ever | `Bad` violated | [two.cfg](../spec/models/liveness/two.cfg) |',
      '| [`three`](three.itf.json) | what it is | 1, then nothing | that `Bad` is not so | [three.cfg](../spec/models/witnesses/three.cfg) |',
    ]);
    expect(traceIndex(kept).match(/^## /gm)).toHaveLength(3);
  });
});
