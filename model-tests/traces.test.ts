import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkModel } from '../src/checking/model/checkModel.ts';
import { parseModels, readModels, type Model } from '../src/checking/model/models.ts';
import {
  readTraceFolder,
  traceText,
  verifyTrace,
  type KeptTrace,
} from '../src/checking/model/traces/index.ts';
import { fixture, fixtureText } from '../src/checking/tlc/fixtures/index.ts';
import { readItf, type ItfTrace } from '../src/trace/itf.ts';

const { traces, problems } = await readTraceFolder(await readModels());

describe('the kept traces', () => {
  it('have a file, a model and a line of the index each', () => {
    expect(problems).toEqual([]);
    expect(traces.length).toBeGreaterThan(0);
  });

  // All of them: `npm run check -- --traces`, a suite of its own.
  it('are behaviours of their configs that show what they are kept for: the first', async () => {
    const [{ model, itf }] = traces as [KeptTrace];
    expect(await verifyTrace(model, itf)).toBeUndefined();
  });
});

const model = (name: string, module: string, expected: string): Model => {
  const row = { name, shows: 'it', module, expected, check: true, conform: false, trace: true };
  return { ...parseModels(JSON.stringify([row]), 'ablations')[0]!, config: `${name}.cfg` };
};
const specFolder = fixture('.');

/** A model of the fixtures and the trace that TLC finds of it. */
async function found(name: string, module: string, expected: string): Promise<readonly [Model, ItfTrace]> {
  const one = model(name, module, expected);
  const { surprises, trace } = await checkModel(one, { specFolder });
  expect(surprises).toEqual([]);
  return [one, readItf(traceText(one, trace!))];
}

describe('a trace is told from one that is', () => {
  it.each([
    ['an invariant violated at the end', 'invariant', 'Tickets.tla', 'NoTwoWaiting'],
    ['an invariant violated at once', 'initial-state', 'Lamp.tla', 'NotStarted'],
    ['a property of steps violated', 'action-property', 'Tickets.tla', 'NeverForward'],
    ['a lasso', 'lasso', 'Lamp.tla', 'StopsAtTwo'],
    ['nothing happening any more', 'stuttering', 'Tickets.tla', 'EventuallyClosed'],
  ])('none: %s', async (_, name, module, expected) => {
    const [one, itf] = await found(name, module, expected);
    expect(await verifyTrace(one, itf, { specFolder })).toBeUndefined();
  });

  it('with a step too few, left out, another, or too many', async () => {
    const [one, itf] = await found('invariant', 'Tickets.tla', 'NoTwoWaiting');
    const { states } = itf;
    expect(states).toHaveLength(3);
    const [first, second, third] = [states[0]!, states[1]!, states[2]!];
    const verify = (...now: typeof states): Promise<string | undefined> =>
      verifyTrace(one, { ...itf, states: now }, { specFolder });
    expect(await verify(first, second)).toBe('it does not violate NoTwoWaiting');
    expect(await verify(first, third)).toMatch(/^it is no behaviour of its config from state 1 on/);
    expect(await verify(second, third)).toMatch(/^it is no behaviour of its config from state 1 on/);
    const another = { ...third, values: { ...third.values, next: 7 } };
    expect(await verify(first, second, another)).toMatch(/^it is no behaviour of its config from state 2 on/);
    expect(await verify(first, second, third, third)).toBe(
      'it violates NoTwoWaiting in state 3 already, of 4',
    );
    expect(await verifyTrace({ ...one, depth: 4 }, itf, { specFolder })).toMatch(/^it has 3 states/);
    expect(await verifyTrace({ ...one, shows: 'else' }, itf, { specFolder })).toMatch(/^its description/);
  });

  it('with another last step than one of the spec, which violates a property of steps too', async () => {
    const [one, itf] = await found('action-property', 'Tickets.tla', 'NeverForward');
    const last = itf.states.length - 1;
    const states = itf.states.map((state, i) =>
      i < last ? state : { ...state, values: { ...state.values, next: 7 } },
    );
    expect(await verifyTrace(one, { ...itf, states }, { specFolder })).toMatch(/^it is no behaviour/);
  });

  it('with a lasso that goes back elsewhere, or is not fair', async () => {
    const [lamp, lasso] = await found('lasso', 'Lamp.tla', 'StopsAtTwo');
    const back = await verifyTrace(lamp, { ...lasso, loop: 2 }, { specFolder });
    expect(back).toMatch(/^it is no behaviour of its config/);
    const fair = { ...lasso, states: lasso.states.slice(0, 2), loop: 1 };
    // The lamp that stays at its first colour for ever ignores that Next is weakly fair.
    expect(await verifyTrace(lamp, fair, { specFolder })).toMatch(/^it is no behaviour of its config/);
  });
});

describe('a check', () => {
  const check = async (name: string, module: string, expected: string): Promise<readonly string[]> =>
    (await checkModel(model(name, module, expected), { specFolder })).surprises;

  it('knows a violated temporal property and a violated property of steps by their names', async () => {
    expect(await check('lasso', 'Lamp.tla', 'StopsAtTwo')).toEqual([]);
    expect(await check('stuttering', 'Tickets.tla', 'EventuallyClosed')).toEqual([]);
    expect(await check('action-property', 'Tickets.tla', 'NeverForward')).toEqual([]);
  });

  it('finds the same where it tells of its progress', async () => {
    const holds = { ...model('holds', 'Tickets.tla', 'TypeOK'), expected: 'holds', states: 21, depth: 6 };
    expect((await checkModel(holds, { specFolder, often: true })).surprises).toEqual([]);
    const violated = model('invariant', 'Tickets.tla', 'NoTwoWaiting');
    const { surprises, trace } = await checkModel(violated, { specFolder, often: true });
    expect(surprises).toEqual([]);
    expect(trace?.steps.map(({ action }) => action)).toEqual(['Initial predicate', 'Draw', 'Draw']);
  });

  it('is surprised by another violation, a deadlock and an error', async () => {
    expect(await check('invariant', 'Tickets.tla', 'TypeOK')).toEqual([
      'expected TypeOK, found NoTwoWaiting',
    ]);
    expect(await check('deadlock', 'Tickets.tla', 'TypeOK')).toEqual(['expected TypeOK, found Deadlock']);
    expect((await check('evaluation-error', 'Lamp.tla', 'CannotEvaluate'))[0]).toMatch(
      /^expected CannotEvaluate, found error: evaluation/,
    );
    expect(await check('lasso', 'Lamp.tla', 'NotStarted')).toEqual([
      'its config does not check NotStarted',
      'expected NotStarted, found StopsAtTwo',
    ]);
  });

  it('cannot tell which of several temporal properties is violated, and says so', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'check-test-'));
    try {
      await writeFile(join(folder, 'Lamp.tla'), fixtureText('Lamp.tla'));
      await writeFile(join(folder, 'several.cfg'), `${fixtureText('lasso.cfg')}PROPERTY Spec\n`);
      await writeFile(join(folder, 'nothing.cfg'), 'SPECIFICATION Spec\n');
      const several = model('several', 'Lamp.tla', 'StopsAtTwo');
      expect((await checkModel(several, { specFolder: folder })).surprises).toEqual([
        'expected StopsAtTwo, found one of several temporal properties violated, and TLC does not say which: leave one in the config',
      ]);
      const nothing = { ...model('nothing', 'Lamp.tla', 'StopsAtTwo'), expected: 'holds' };
      expect((await checkModel(nothing, { specFolder: folder })).surprises).toEqual([
        'its config has nothing to check',
      ]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('simulates, and is surprised where there is next to nothing to see', async () => {
    const simulate = { traces: 20, depth: 6, seed: 7 };
    const holds = { ...model('holds', 'Tickets.tla', 'TypeOK'), expected: 'holds', trace: false };
    const seen = await checkModel({ ...holds, simulate }, { specFolder, workers: 2 });
    expect(seen.surprises).toEqual([]);
    expect(seen.states).toBeGreaterThan(40);
    expect((await checkModel({ ...holds, simulate }, { specFolder })).states).toBe(seen.states);
    const shallow = { ...holds, simulate: { ...simulate, depth: 1 } };
    expect((await checkModel(shallow, { specFolder })).surprises).toHaveLength(1);
    const violated = { ...model('invariant', 'Tickets.tla', 'NoTwoWaiting'), simulate };
    const { surprises, trace } = await checkModel(violated, { specFolder });
    expect(surprises).toEqual([]);
    expect(await verifyTrace(violated, readItf(traceText(violated, trace!)), { specFolder })).toBeUndefined();
  });
});
