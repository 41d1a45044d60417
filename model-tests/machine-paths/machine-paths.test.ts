import { beforeAll, describe, expect, test } from 'vitest';
import type { MlsGroup } from '../../src/mls/MlsGroup.ts';
import { loadMlsInNode } from '../../src/mls/node.ts';
import { exportsOtherwise, mergesEarly, removesNobody } from '../support/faults.ts';
import {
  covering,
  namesOf,
  participantModel,
  refusedEntryPaths,
  refusedPaths,
  transitionsOf,
  type Model,
  type Path,
} from './paths.ts';
import { Coverage } from './coverage.ts';
import { compoundNodes, definedTransitions, leafNodes } from './definition.ts';
import { IMPOSSIBLE } from './impossible.ts';
import { mutants } from './mutants.ts';
import { REFUSING, runPath } from './run.ts';

/** Entries of the logs that paths go over. One more shows no other transition. */
const DEPTH = 8;

let model: Model;
/** To every state, by every transition that leads to it. */
let paths: readonly Path[];
let counted: readonly Path[];

beforeAll(() => {
  loadMlsInNode();
  model = participantModel({ depth: DEPTH });
  paths = model.getShortestPaths({ allowDuplicatePaths: true });
  counted = covering(paths);
});

test('a log of one more entry shows no other transition', () => {
  const names = new Set(paths.flatMap((path) => namesOf(path).slice(-1)));
  const more = transitionsOf(participantModel({ depth: DEPTH + 1, byTransition: false }));
  console.log(
    `${names.size} transitions on ${paths.length} paths of ${DEPTH} entries, ${more.size} of one more`,
  );
  expect([...more].sort()).toEqual([...names].sort());
  expect(names.size).toBeGreaterThanOrEqual(120);
});

test('a participant with the real MLS core follows every path: each state node and transition is covered', async () => {
  const coverage = new Coverage();
  const refused = refusedEntryPaths(model, paths);
  const broken = refusedPaths(model, paths);
  for (const path of [...counted, ...refused]) await runPath(model, path, { coverage });
  for (const { path, effect } of broken) {
    for (const refusing of REFUSING[effect]) await runPath(model, path, { coverage, refusing });
  }
  console.log(coverage.print());

  expect([...coverage.nodes.keys()].sort()).toEqual([...leafNodes(), ...compoundNodes()].sort());

  const impossible = IMPOSSIBLE.flatMap(({ event, from, to }) =>
    from.flatMap((p) => to.map((q) => `${p} --${event}--> ${q}`)),
  );
  const defined = definedTransitions().map(({ from, event, to }) => `${from} --${event}--> ${to}`);
  console.log(
    `${defined.length} transitions of the definition, ${coverage.defined.size} covered, ${impossible.length} impossible:`,
  );
  for (const { reason, event, from, to } of IMPOSSIBLE) {
    console.log(`  ${from.join(', ')} --${event}--> ${to.join(', ')}: ${reason}`);
  }
  expect(new Set(defined).size).toBe(defined.length);
  expect([...coverage.defined.keys(), ...impossible].sort()).toEqual([...defined].sort());

  const guards = definedTransitions().flatMap(({ event, guard }) =>
    guard === null || event === 'read' ? [] : [`${guard}: no`, `${guard}: yes`],
  );
  expect([...coverage.guards.keys()].sort()).toEqual([...new Set(guards)].sort());

  // All that the graph of the machine has, by what is read and why it counts for nothing.
  const wanted = new Set([...paths, ...refused, ...broken.map(({ path }) => path)].flatMap(namesOf));
  expect([...coverage.transitions.keys()].sort()).toEqual([...wanted].sort());
  expect(wanted.size).toBeGreaterThanOrEqual(280);

  expect(coverage.paths).toBeGreaterThanOrEqual(110);
  expect(coverage.steps).toBeGreaterThanOrEqual(800);
  expect(coverage.pairs - coverage.apart).toBeGreaterThanOrEqual(50);
  expect(coverage.apart).toBeGreaterThanOrEqual(20);
  expect(coverage.causes.size).toBeGreaterThanOrEqual(4);
});

/** What the first path that fails says; null where all are followed. */
async function failure(
  over: Model,
  all: readonly Path[],
  core?: (mls: MlsGroup) => MlsGroup,
): Promise<string | null> {
  for (const path of all) {
    try {
      await runPath(over, path, { ...(core && { core }), refusing: 'the core is closed' });
    } catch (error) {
      return `${error instanceof Error ? error.message.split('\n')[0] : String(error)}\n  ${namesOf(path).join('\n  ')}`;
    }
  }
  return null;
}

// That every path is followed shows something only if a path is not where something is wrong.
describe('paths find', () => {
  test.each([
    ['merges its commits early', mergesEarly],
    ['exports under another label', exportsOtherwise],
    ['removes nobody', removesNobody],
  ])('an MLS core that %s', async (_, core) => {
    const message = await failure(model, counted, core);
    console.log(message);
    expect(message).not.toBe(null);
  });

  test.each(mutants().map((it) => [it.name, it.machine] as const))(
    'a machine where %s',
    async (_, machine) => {
      const other = participantModel({ depth: 5, machine });
      const all = other.getShortestPaths({ allowDuplicatePaths: true });
      const broken = refusedPaths(other, all).map(({ path }) => path);
      const shortestFirst = [...covering(all), ...broken].sort((p, q) => p.steps.length - q.steps.length);
      const message = await failure(other, shortestFirst);
      console.log(message);
      expect(message).not.toBe(null);
    },
  );
});
