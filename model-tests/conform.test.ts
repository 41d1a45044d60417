import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { conform } from '../src/checking/conformance/conform.ts';
import { Environment, type World, type WorldStep } from '../src/checking/explorer/environment.ts';
import { checkModel } from '../src/checking/model/checkModel.ts';
import type { ModelConstants } from '../src/checking/model/constants.ts';
import { readModels, SPEC_FOLDER, type Model } from '../src/checking/model/models.ts';
import { rulesWithout } from '../src/protocol/rules.ts';

const models = await readModels();
const named = (name: string): Model => models.find((model) => model.name === name)!;
const paths = ({ module, config }: Model) => ({
  spec: join(SPEC_FOLDER, module),
  config: join(SPEC_FOLDER, config),
  short: true,
});

/** Production machines whose steps are told otherwise than they are. */
class Misreported extends Environment {
  private readonly told: (step: WorldStep, before: World, environment: Environment) => WorldStep;

  constructor(constants: ModelConstants, told: Misreported['told']) {
    super(constants);
    this.told = told;
  }

  override steps(world: World): WorldStep[] {
    return super.steps(world).map((step) => this.told(step, world, this));
  }
}

describe('the graph of the spec and the graph of the machines', () => {
  it.each(['crash2', 'graph-labels2', 'graph-no-ordered2'])('are equal: %s', async (name) => {
    const model = named(name);
    const { difference, ...compared } = await conform(paths(model));
    expect(difference?.lines.join('\n')).toBeUndefined();
    expect(compared.equal).toBe(true);
    expect(compared.states.spec).toBe(model.states);
    expect(compared.states.machine).toBe(model.states);
    expect(compared.worlds).toBe(model.states);
    expect(compared.edges.spec).toBeGreaterThan(compared.states.spec);
    expect(compared.edges.machine).toBe(compared.edges.spec);
    expect(compared.views.logs).toBeGreaterThan(90);
    for (const effect of ['found', 'commit', 'merge', 'welcome'] as const) {
      const { spec, machine } = compared.edgesByEffect[effect];
      expect(spec).toBeGreaterThan(20);
      expect(machine).toBe(spec);
    }
    const { spec, machine } = compared.statesAtDepth;
    expect(machine).toEqual(spec);
    expect(spec.reduce((sum, count) => sum + count)).toBe(model.states);
    expect(spec.length).toBe(compared.depth);
  });

  it('have as many worlds as the plain graph where the last step is not looked at', async () => {
    const { unlabelledWorlds, worlds } = await conform(paths(named('graph-labels2')));
    expect(unlabelledWorlds).toBe(named('crash2').states);
    expect(worlds).toBeGreaterThan(unlabelledWorlds);
  });

  it('differ where the machines play by other rules, and the report leads there', async () => {
    const { equal, states, edges, difference } = await conform({
      ...paths(named('crash2')),
      environmentOf: (constants) => new Environment({ ...constants, rules: rulesWithout('Ordered') }),
    });
    expect(equal).toBe(false);
    expect(states.onlySpec).toBeGreaterThan(0);
    expect(states.onlyMachine).toBeGreaterThan(0);
    expect(edges.onlySpec).toBeGreaterThan(0);
    expect(difference?.action).toBe('Found');
    const text = difference?.lines.join('\n') ?? '';
    expect(text).toContain('1. Join(p1)');
    expect(text).toContain('2. Found(p1), which asks for found {"at":1}: the spec can, the machines cannot');
    expect(text).toContain('mls[p1]: + <<<<p1, 1>>>>');
    expect(text).toContain(
      'machine: {"waiting":"idle"} -> {"waiting":"founding"}; found {"at":1}, merge {"id":null}',
    );
  });

  it('differ where the machines have fewer faults: what they lack is found', async () => {
    const { equal, states, difference } = await conform({
      ...paths(named('crash2')),
      environmentOf: ({ limits, ...constants }) =>
        new Environment({ ...constants, limits: { ...limits, crashes: 1 } }),
    });
    expect(equal).toBe(false);
    expect(states.onlyMachine).toBe(0);
    expect(difference?.missingIn).toBe('machine');
    expect(difference?.action).toBe('Crash');
  });

  it('differ where a machine asks for something else, and all states are the same', async () => {
    const { equal, states, edges, difference } = await conform({
      ...paths(named('crash2')),
      environmentOf: (constants) =>
        new Misreported(constants, (one) => {
          const effects = one.step?.effects.map((effect) =>
            effect.type === 'merge' ? { ...effect, params: { id: null } } : effect,
          );
          return one.step === null ? one : { ...one, step: { ...one.step, effects: effects ?? [] } };
        }),
    });
    expect(equal).toBe(false);
    expect({ ...states }).toMatchObject({ onlySpec: 0, onlyMachine: 0 });
    expect(edges.onlySpec).toBe(94);
    expect(edges.onlyMachine).toBe(94);
    const text = difference?.lines.join('\n') ?? '';
    expect(text).toContain(
      '4. Read(p1), which asks for merge {"id":"p1@1"}: the spec can, the machines cannot',
    );
    expect(text).toContain('{"member":{"designated":"idle"}}; merge {"id":null}');
  });

  it('differ where a step is another than its name, and the last step is part of the state', async () => {
    const { equal, difference } = await conform({
      ...paths(named('graph-labels2')),
      environmentOf: (constants) =>
        new Misreported(constants, (one) => (one.action === 'Read' ? { ...one, entry: 0 } : one)),
    });
    expect(equal).toBe(false);
    expect(difference?.action).toBe('Read');
    const text = difference?.lines.join('\n') ?? '';
    expect(text).toContain(
      'act = [entry |-> [author |-> p2, kind |-> "join"], name |-> "Read", participant |-> p1]',
    );
    expect(text).toContain('the machines instead, Read(p1) [author |-> p1, kind |-> "join"]');
  });

  it('differ where a machine concludes something else from the log', async () => {
    const { equal, edges, views, difference } = await conform({
      ...paths(named('crash2')),
      environmentOf: (constants) => {
        const environment = new Environment(constants);
        const honest = environment.cells.cell.bind(environment.cells);
        environment.cells.cell = (number) => {
          const { machine, ...cell } = honest(number);
          if (machine === null || machine.context.view.roster.length < 2) return { machine, ...cell };
          const view = { ...machine.context.view, refresh: true };
          return { ...cell, machine: { ...machine, context: { ...machine.context, view } } };
        };
        return environment;
      },
    });
    expect(equal).toBe(false);
    expect({ ...edges }).toMatchObject({ onlySpec: 0, onlyMachine: 0 });
    expect(views.different).toBeGreaterThan(10);
    expect(difference?.action).toBe('View');
    expect(difference?.lines.join('\n')).toMatch(
      /spec: .*refresh \|-> FALSE.*\n.*machine: .*refresh \|-> TRUE/,
    );
  });

  it('differ where machines remember what the spec has no word for', async () => {
    const { equal, states, edges, worlds, difference } = await conform({
      ...paths(named('crash2')),
      environmentOf: (constants) =>
        new Misreported(constants, (one, before, { cells }) => {
          const { action, participant, world } = one;
          if (action !== 'Crash' || cells.standing(before.cells[participant]!) !== 'member') return one;
          const remembered = world.cells.with(participant, cells.crashed('a member'));
          return { ...one, world: { ...world, cells: remembered } };
        }),
    });
    expect(equal).toBe(false);
    expect({ ...states }).toMatchObject({ spec: 571, onlySpec: 0, onlyMachine: 0 });
    expect({ ...edges }).toMatchObject({ onlySpec: 0, onlyMachine: 0 });
    expect(worlds).toBeGreaterThan(571);
    expect(difference?.action).toBe('World');
    expect(difference?.lines.at(-1)).toBe('   p1.self: "p1" and "a member"');
  });

  it('are not compared where TLC did not walk all of it', async () => {
    const { spec, config, short } = paths(named('graph-no-ordered2'));
    const folder = await mkdtemp(join(tmpdir(), 'conform-'));
    try {
      const violated = join(folder, 'violated.cfg');
      await writeFile(violated, `${await readFile(config, 'utf8')}INVARIANT MlsIsView\n`);
      await expect(conform({ spec, config: violated, short })).rejects.toThrow(/whole graph \(MlsIsView\)/);
      await writeFile(violated, (await readFile(config, 'utf8')).replace('Spec', 'FairSpec'));
      await expect(conform({ spec, config: violated, short })).rejects.toThrow(/not of FairSpec/);
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
