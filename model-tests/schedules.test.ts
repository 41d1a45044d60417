import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { MlsGroup } from '../src/mls/MlsGroup.ts';
import { validateRuns, type RecordText, type Validation } from '../src/checking/validation/index.ts';
import { loadMlsInNode } from '../src/mls/node.ts';
import { printRecord } from '../src/trace/record.ts';
import { ACTIONS, schedules, type Command } from './support/commands.ts';
import { exportsOtherwise, mergesEarly, refusesCommits, removesNobody } from './support/faults.ts';
import { Violation, Watch, type Property } from './support/properties.ts';
import { seedOfRun } from './support/seed.ts';
import { Simulation } from './support/simulation.ts';
import { Statistics } from './support/statistics.ts';

beforeAll(loadMlsInNode);

const RUNS = 200;
/** How many schedules are played to make one that failed shorter. */
const SHRINKS = 80;
/** The schedules that find the faults are always the same. */
const FAULT_SEED = 3;
const LENGTH: Length = [60, 100];
type Length = readonly [number, number];

type Core = (name: string, mls: MlsGroup) => MlsGroup;

/** Plays one schedule and watches it. Throws `Violation`. */
function play(
  commands: readonly Command[],
  statistics?: Statistics,
  core?: Core,
  records?: RecordText[][],
): Simulation {
  const simulation = new Simulation(core);
  const watch = new Watch(simulation);
  try {
    for (const command of commands) {
      const action = simulation.run(command);
      statistics?.happened(action);
    }
    simulation.quiesce();
    watch.end();
    statistics?.ended(simulation, watch);
    records?.push([{ name: `schedule ${records.length + 1}`, text: printRecord(simulation.lines) }]);
  } catch (error) {
    if (error instanceof Violation)
      error.message += `\n${simulation.trail.map((it) => `  ${it}`).join('\n')}`;
    throw error;
  } finally {
    watch.close();
  }
  return simulation;
}

/** The first violation that random schedules find, shrunk; null where they find none. */
function search(
  seed: number,
  length: Length,
  statistics?: Statistics,
  core?: Core,
  records?: RecordText[][],
): Violation | null {
  let left = Infinity;
  const details = fc.check(
    fc.property(schedules(...length), (commands) => {
      if (left-- <= 0) return;
      try {
        play(commands, statistics, core, records);
      } catch (error) {
        left = Math.min(left, SHRINKS);
        throw error;
      }
    }),
    { seed, numRuns: RUNS, interruptAfterTimeLimit: 120_000, markInterruptAsFailure: true },
  );
  if (!details.failed) return null;
  const [commands] = details.counterexample ?? [[]];
  try {
    play(commands, undefined, core);
  } catch (error) {
    if (error instanceof Violation) {
      error.message += `\nFAST_CHECK_SEED=${seed}, shrunk ${details.numShrinks} times to ${commands.length} commands`;
      return error;
    }
    throw error;
  }
  throw new Error(`seed ${seed}: failed and does not fail again`);
}

test(`${RUNS} random schedules over real MLS: no fork, no stuck member, no key outside, and all meet at the end`, async () => {
  const seed = seedOfRun();
  console.log(`FAST_CHECK_SEED=${seed}`);
  const statistics = new Statistics();
  const started = performance.now();
  const records: RecordText[][] = [];
  const violation = search(seed, LENGTH, statistics, undefined, records);
  console.log(`${statistics.print()}\n${((performance.now() - started) / 1_000).toFixed(1)} s`);
  if (violation !== null) throw violation;
  expect(statistics.schedules).toBe(RUNS);
  expect(statistics.belowFloors()).toEqual([]);
  for (const action of ACTIONS) expect(statistics.times(action), action).toBeGreaterThanOrEqual(RUNS / 10);
  // Now and then the last of all ends before it reads that another crashed: no record tells of that one.
  expect(statistics.crashesTold).toBeGreaterThanOrEqual(0.9 * statistics.times('crash'));
  await expectBehaviours(records, statistics.crashesTold);
});

/** Has TLC judge what the schedules recorded: behaviours of the spec, with a crash filled in for each that they tell of. */
async function expectBehaviours(records: readonly RecordText[][], crashes: number): Promise<void> {
  const verdicts = await validateRuns(records);
  const sum = (of: (verdict: Validation) => number): number => verdicts.reduce((n, it) => n + of(it), 0);
  const lines = sum((it) => it.lines);
  const [events, losses] = [sum((it) => it.events), sum((it) => it.losses.length)];
  const seconds = new Set(verdicts.map((it) => it.seconds));
  const spent = [...seconds].reduce((a, b) => a + b, 0).toFixed(1);
  console.log(`TLC: ${verdicts.length} runs, ${lines} lines, ${events} events, ${losses} losses: ${spent} s`);
  expect(verdicts.flatMap((it) => it.refused ?? [])).toEqual([]);
  expect(sum((it) => it.crashes.length)).toBe(crashes);
  expect(verdicts).toHaveLength(RUNS);
  expect(lines).toBeGreaterThanOrEqual(50 * RUNS);
}

// A search that never finds anything shows nothing: these faults it must find, and name who has them.
describe('a fault in the core is found', () => {
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
    const violation = search(FAULT_SEED, [25, 40], undefined, (name, mls) => (has(name) ? fault(mls) : mls));
    if (violation === null) throw new Error('not found');
    console.log(violation.message);
    expect(violation.property).toBe(property);
    expect(violation.message).toMatch(/\bp\d+\b.*\n/);
    if (has === onlyP2) expect(violation.message.split('\n')[0]).toContain('p2');
    expect(violation.message.split('\n').length).toBeLessThan(30);
  });
});
