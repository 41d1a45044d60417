import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { conform } from '../src/checking/conformance/conform.ts';
import { checkModel } from '../src/checking/model/checkModel.ts';
import { readConstants } from '../src/checking/model/constants.ts';
import { readModels, SPEC_FOLDER, type Model } from '../src/checking/model/models.ts';
import { rulesWithout } from '../src/protocol/rules.ts';

const models = await readModels();
const named = (name: string): Model => models.find((model) => model.name === name)!;
const paths = ({ module, config }: Model) => ({
  spec: join(SPEC_FOLDER, module),
  config: join(SPEC_FOLDER, config),
});

describe('the graph of the spec and the graph of the machines', () => {
  it.each(['crash2', 'graph-no-ordered2', 'graph-no-atomic2'])('are equal: %s', async (name) => {
    const model = named(name);
    const { difference, ...compared } = await conform(paths(model));
    expect(difference?.lines.join('\n')).toBeUndefined();
    expect(compared.equal).toBe(true);
    expect(compared.states.spec).toBe(model.states);
    expect(compared.states.machine).toBe(model.states);
    expect(compared.worlds).toBe(model.states);
    expect(compared.edges.spec).toBeGreaterThan(compared.states.spec);
    expect(compared.edges.machine).toBe(compared.edges.spec);
  });

  it('differ where the machines play by other rules, and the report leads there', async () => {
    const model = named('crash2');
    const constants = readConstants(await readFile(paths(model).config, 'utf8'));
    const machineConstants = { ...constants, rules: rulesWithout('Ordered') };
    const { equal, states, edges, difference } = await conform({ ...paths(model), machineConstants });
    expect(equal).toBe(false);
    expect(states.onlySpec).toBeGreaterThan(0);
    expect(states.onlyMachine).toBeGreaterThan(0);
    expect(edges.onlySpec).toBeGreaterThan(0);
    expect(difference?.action).toBe('Found');
    const text = difference?.lines.join('\n') ?? '';
    expect(text).toContain('1. Join(p1)');
    expect(text).toContain('2. Found: the spec can, the machines cannot');
    expect(text).toContain('mls[p1]: + <<<<p1, 1>>>>');
    expect(text).toContain(
      'machine: {"waiting":"idle"} -> {"waiting":"founding"}; found {"at":1}, merge {"id":null}',
    );
  });

  it('differ where the machines have fewer faults: what they lack is found', async () => {
    const model = named('crash2');
    const constants = readConstants(await readFile(paths(model).config, 'utf8'));
    const machineConstants = { ...constants, limits: { ...constants.limits, crashes: 1 } };
    const { equal, states, difference } = await conform({ ...paths(model), machineConstants });
    expect(equal).toBe(false);
    expect(states.onlyMachine).toBe(0);
    expect(difference?.missingIn).toBe('machine');
    expect(difference?.action).toBe('Crash');
  });

  it('are not compared where TLC did not walk all of it', async () => {
    const { spec, config } = paths(named('graph-no-ordered2'));
    const folder = await mkdtemp(join(tmpdir(), 'conform-'));
    try {
      const violated = join(folder, 'violated.cfg');
      await writeFile(violated, `${await readFile(config, 'utf8')}INVARIANT MlsIsView\n`);
      await expect(conform({ spec, config: violated })).rejects.toThrow(/whole graph \(MlsIsView\)/);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

describe('a check', () => {
  it('is as expected', async () => {
    const { found, states, surprises } = await checkModel(named('crash2'));
    expect({ found, states, surprises }).toEqual({ found: 'holds', states: 571, surprises: [] });
  });

  it('fails on another number of states, another depth or another verdict than pinned', async () => {
    const model = named('crash2');
    expect((await checkModel({ ...model, states: 572 })).surprises).toEqual([
      'expected 572 distinct states, found 571',
    ]);
    expect((await checkModel({ ...model, depth: 17 })).surprises).toEqual(['expected depth 17, found 18']);
    expect((await checkModel({ ...model, expected: 'NoFork' })).surprises).toEqual([
      'expected NoFork, found holds',
    ]);
  });
});
