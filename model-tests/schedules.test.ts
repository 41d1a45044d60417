/** Long random schedules over real MLS: properties after every step, and TLC on what was recorded. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadInputs, replay } from '../src/checking/replay/index.ts';
import { HONEST_ACTIONS, schedules } from '../src/checking/schedules/commands.ts';
import { ABSTRACT, REAL } from '../src/checking/schedules/kinds.ts';
import { play } from '../src/checking/schedules/play.ts';
import { RealWorld } from '../src/checking/schedules/RealWorld.ts';
import { readSaved, saveFailure } from '../src/checking/schedules/saved.ts';
import { search, type Found } from '../src/checking/schedules/search.ts';
import { seedOfRun } from '../src/checking/schedules/seed.ts';
import { LONG, LONG_DISHONEST, ORANGE, type Shape } from '../src/checking/schedules/shapes.ts';
import { Statistics } from '../src/checking/schedules/Statistics.ts';
import type { Property } from '../src/checking/schedules/Watch.ts';
import { validateRuns, type RecordText, type Validation } from '../src/checking/validation/index.ts';
import { loadMlsInNode } from '../src/mls/node.ts';
import type { MlsGroup } from '../src/mls/MlsGroup.ts';
import { printRecord } from '../src/trace/record.ts';
import { exportsOtherwise, mergesEarly, refusesCommits, removesNobody } from './support/faults.ts';

beforeAll(loadMlsInNode);

/** Of each kind. `npm run soak` plays more. */
const RUNS = 20;
/** A schedule on average: what a check must have seen at least, so that it cannot pass on nothing. */
const FLOORS = {
  ...{ steps: 200, 'action: join': 5, 'action: leave': 3, faults: 2, entries: 30 },
  ...{ 'read: commit': 3, 'read: found': 1, 'read: handover': 0.5, 'read: claim': 0.5 },
  ...{ comparisons: 100, epochs: 4, 'kept out of an epoch': 5, 'all together at the end': 0.8 },
} as const;
/** A rule that decides something in fewer schedules is not tested by them. */
const IDLE = 0.01;

test(`${2 * RUNS} random schedules over real MLS: no fork, no stuck member, no key outside, and all meet at the end`, async () => {
  const seed = seedOfRun();
  console.log(`FAST_CHECK_SEED=${seed}`);
  const all = new Statistics();
  const honest: RecordText[][] = [];
  let crashes = 0;
  for (const shape of [LONG, LONG_DISHONEST]) {
    const statistics = new Statistics();
    const found = search({
      ...REAL,
      ...{ seed, runs: RUNS, schedules: shape.schedules, options: shape.options },
      played: ({ counts }, world) => {
        statistics.take(counts);
        all.take(counts);
        if (shape !== LONG) return;
        crashes += counts.counts.get('crashes told') ?? 0;
        honest.push([{ name: `schedule ${honest.length + 1}`, text: printRecord(world.lines) }]);
      },
    });
    console.log(`${shape.name}: ${statistics.print()}`);
    if (found !== null) fail(shape, found);
    expect(statistics.schedules).toBe(RUNS);
    expect(statistics.belowFloors(FLOORS)).toEqual([]);
  }
  for (const action of HONEST_ACTIONS)
    expect(all.times(`action: ${action}`), action).toBeGreaterThanOrEqual(RUNS / 5);
  expect(all.idleRules(IDLE), 'rules that decided nothing').toEqual([]);
  await expectBehaviours(honest, crashes);
});

/** Saves the schedule, and says where. */
function fail(shape: Shape, found: Found<unknown>): never {
  const files = saveFailure('test-results/schedules', { shape: shape.name, ...found });
  found.violation.message += `\nsaved: ${files.join(', ')}`;
  throw found.violation;
}

/** Has TLC judge what the schedules recorded: behaviours of the spec, with a crash filled in for each that they tell of. */
async function expectBehaviours(records: readonly RecordText[][], crashes: number): Promise<void> {
  const verdicts = await validateRuns(records);
  const sum = (of: (verdict: Validation) => number): number => verdicts.reduce((n, it) => n + of(it), 0);
  const lines = sum((it) => it.lines);
  const [events, losses] = [sum((it) => it.events), sum((it) => it.losses.length)];
  const spent = [...new Set(verdicts.map((it) => it.seconds))].reduce((a, b) => a + b, 0).toFixed(1);
  console.log(`TLC: ${verdicts.length} runs, ${lines} lines, ${events} events, ${losses} losses: ${spent} s`);
  expect(verdicts.flatMap((it) => it.refused ?? [])).toEqual([]);
  expect(sum((it) => it.crashes.length)).toBe(crashes);
  expect(verdicts).toHaveLength(RUNS);
  expect(lines).toBeGreaterThanOrEqual(200 * RUNS);
}

// "the shape that leaves 25 to 68 % of Orange Meets' rooms broken"
test('5 joins, 3 leaves, none or one crash, slow start or not: no room is broken', () => {
  const seed = seedOfRun();
  const told: string[] = [];
  for (const { name, schedules, options } of ORANGE) {
    const statistics = new Statistics();
    const runs = 100;
    const found = search({
      ...ABSTRACT,
      ...{ seed, runs, schedules, options },
      played: ({ counts }) => statistics.take(counts),
    });
    expect(found?.violation.message ?? null, `FAST_CHECK_SEED=${seed}, ${name}`).toBe(null);
    told.push(`${name}: ${statistics.schedules} rooms, ${statistics.times('all together at the end')} whole`);
    expect(statistics.times('action: join')).toBe(5 * runs);
    expect(statistics.mean('action: leave')).toBeGreaterThan(2.5);
    const crashes = statistics.mean('action: crash');
    if (name.includes('one crash')) expect(crashes).toBeGreaterThan(0.7);
    else expect(crashes).toBe(0);
    expect(statistics.times('all together at the end')).toBe(runs);
  }
  console.log(`FAST_CHECK_SEED=${seed}\n${told.join('\n')}`);
});

/** What the replay of a record comes to. */
async function verdictOf(file: string): Promise<string> {
  const [input] = await loadInputs([file]);
  if (input === undefined || input.schedule === null) throw new Error('not replayable');
  const { verdict, rows } = await replay(input.schedule);
  expect(rows.length).toBeGreaterThan(5);
  return verdict;
}

// A search that never finds anything shows nothing: these faults it must find, and name who has them.
describe('a fault in the core is found', () => {
  /** The schedules that find the faults are always the same. */
  const FAULT_SEED = 9;
  const short = schedules({ length: [30, 50], dishonest: false, atLeast: { join: 3, leave: 1 } });
  const everybody = (): boolean => true;
  const onlyP2 = (name: string): boolean => name === 'p2';
  const cases: readonly (readonly [
    string,
    (mls: MlsGroup) => MlsGroup,
    (name: string) => boolean,
    Property,
  ])[] = [
    ['p2 merges its commits early', mergesEarly, onlyP2, 'SameEpoch'],
    ['p2 exports under another label', exportsOtherwise, onlyP2, 'SameKeys'],
    ['p2 refuses what others commit', refusesCommits, onlyP2, 'NobodyStuck'],
    ['nobody is ever removed', removesNobody, everybody, 'Secrecy'],
  ];
  test.each(cases)('%s', (_, fault, has, property) => {
    const world = (): RealWorld => new RealWorld((name, mls) => (has(name) ? fault(mls) : mls));
    const found = search({ ...REAL, world, seed: FAULT_SEED, runs: 200, schedules: short });
    if (found === null) throw new Error('not found');
    const { violation } = found;
    console.log(violation.message);
    expect(violation.property).toBe(property);
    expect(violation.message).toMatch(/\bp\d+\b.*\n/);
    if (has === onlyP2) expect(violation.message.split('\n')[0]).toContain('p2');
    expect(violation.message.split('\n').length).toBeLessThan(30);
  });

  test('and saved: its commands play again, and its records are replayed', async () => {
    const world = (): RealWorld => new RealWorld((name, mls) => (onlyP2(name) ? refusesCommits(mls) : mls));
    const found = search({ ...REAL, world, seed: FAULT_SEED, runs: 200, schedules: short });
    if (found === null) throw new Error('not found');
    const folder = mkdtempSync(join(tmpdir(), 'schedules-'));
    try {
      const [commands = '', records = ''] = saveFailure(folder, { shape: 'short', ...found });
      const saved = readSaved(commands);
      expect(saved.violation).toBe(found.violation.message);
      expect(() => play(world(), saved.commands, REAL.adds)).toThrow(/^NobodyStuck: p2 is dead/);
      expect(await verdictOf(records)).toBe('differs');
      // A core without the fault plays the same to its end, and what it records is what the replay comes to.
      const healthy = REAL.world();
      const { simulation } = play(healthy, saved.commands, REAL.adds);
      expect(simulation.running.length).toBeGreaterThan(0);
      const file = join(folder, 'healthy.ndjson');
      writeFileSync(file, printRecord(healthy.lines));
      expect(await verdictOf(file)).toBe('agree');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
