import { ABSTRACT, REAL } from '../../checking/schedules/kinds.ts';
import { play } from '../../checking/schedules/play.ts';
import { readSaved, saveFailure } from '../../checking/schedules/saved.ts';
import type { Kind } from '../../checking/schedules/search.ts';
import { seedOfRun } from '../../checking/schedules/seed.ts';
import { LONG, LONG_DISHONEST, ORANGE, SHORT, type Shape } from '../../checking/schedules/shapes.ts';
import { soak, type SoakResult } from '../../checking/schedules/soak.ts';
import { Violation } from '../../checking/schedules/Watch.ts';
import type { World } from '../../checking/schedules/world.ts';
import { loadMlsInNode } from '../../mls/node.ts';
import { printJson, readArguments, wholeNumber } from '../options.ts';
import { progressLine, seconds, thousands } from '../output.ts';
import { WrongUse } from '../wrongUse.ts';

/** Where a schedule that fails is left. */
const FOLDER = 'test-results/schedules';
const SHAPES: Readonly<Record<string, readonly Shape[]>> = {
  long: [LONG, LONG_DISHONEST],
  short: SHORT,
  orange: ORANGE,
};
const DEFAULT_MINUTES = 30;

export const USAGE = `committer soak [--minutes N] [--runs N] [--seed S] [--core mls|abstract] [--shape long|short|orange] [--json]
committer soak --schedule FILE [--core mls|abstract]

Random schedules with faults over the production machine: no fork, nobody stuck, no crash, all together at the end, memory
flat. The first that fails is made shorter and saved in ${FOLDER}, with its records, for \`committer replay\`.
  --minutes N      how long; default ${DEFAULT_MINUTES}, or as long as --runs takes
  --runs N         schedules of each shape, at most
  --seed S         of the first schedules; else FAST_CHECK_SEED, else one by chance, which is printed
  --core CORE      mls: real MLS (default); abstract: histories in place of secrets, ten times faster
  --shape SHAPE    long: hundreds of steps, up to 12 participants, honest and dishonest (default); short: for numbers;
                   orange: 5 joins and 3 leaves, none or one crash between any two steps, slow start or not
  --schedule FILE  plays a schedule that was saved, once
  --json           the result as one JSON object, on the last line`;

/** Exit code 0: all held, 1: something did not. */
export async function run(args: readonly string[]): Promise<number> {
  const text = { type: 'string' } as const;
  const line = readArguments(args, USAGE, {
    ...{ minutes: text, runs: text, seed: text, core: text, shape: text, schedule: text },
  });
  if (line === undefined) return 0;
  const { minutes, runs, seed, core = 'mls', shape = 'long', schedule, json } = line.values;
  if (core !== 'mls' && core !== 'abstract') throw new WrongUse(`--core ${core} is neither mls nor abstract`);
  const shapes = Object.hasOwn(SHAPES, shape) ? SHAPES[shape] : undefined;
  if (shapes === undefined)
    throw new WrongUse(`--shape ${shape} is none of ${Object.keys(SHAPES).join(', ')}`);
  loadMlsInNode();
  if (schedule !== undefined) return core === 'mls' ? replayed(REAL, schedule) : replayed(ABSTRACT, schedule);
  const most = wholeNumber('runs', runs, 1, 100_000_000);
  const long =
    wholeNumber('minutes', minutes, 1, 100_000) ?? (most === undefined ? DEFAULT_MINUTES : Infinity);
  const first = wholeNumber('seed', seed, 0, 0x7fff_ffff) ?? seedOfRun();
  console.log(`seed ${first}, ${core === 'mls' ? 'real MLS' : 'abstract core'}`);
  const started = performance.now();
  const progress = progressLine();
  const how = {
    ...{ shapes, runs: most ?? Infinity, until: started + long * 60_000, seed: first },
    progress: (schedules: number, name: string) => {
      const spent = (performance.now() - started) / 1_000;
      progress.show(`${thousands(schedules)} schedules (${name}), ${seconds(spent)}`);
    },
  };
  const result = core === 'mls' ? await soak(REAL, how) : await soak(ABSTRACT, how);
  progress.end();
  return report(result, (performance.now() - started) / 1_000, json);
}

function report({ statistics, failure, heap }: SoakResult<unknown>, spent: number, json: boolean): number {
  let [schedules, steps] = [0, 0];
  for (const [name, counted] of statistics) {
    console.log(`${name}: ${counted.print()}\n`);
    schedules += counted.schedules;
    steps += counted.times('steps');
  }
  const [before, after] = heap.mebibytes;
  console.log(`${thousands(schedules)} schedules, ${thousands(steps)} steps in ${seconds(spent)}`);
  console.log(`memory in use: ${before.toFixed(0)} MiB early, ${after.toFixed(0)} MiB late`);
  if (failure !== null) {
    console.log(`\n${failure.violation.message}\nsaved: ${saveFailure(FOLDER, failure).join(', ')}`);
  }
  const property = failure?.violation.property ?? null;
  const stuck = property === 'NobodyStuck' || property === 'Liveness' || property === 'MlsIsView';
  printJson(json, {
    ...{ schedules, steps, forks: property !== null && !stuck ? 1 : 0, stuck: stuck ? 1 : 0, crashes: 0 },
    ...{ property, memoryGrows: heap.grows, seconds: spent },
  });
  return failure === null && !heap.grows && schedules > 0 ? 0 : 1;
}

function replayed<E, W extends World<E>>({ world, adds }: Kind<E, W>, file: string): number {
  const { commands, slowStart } = readSaved(file);
  try {
    const { simulation } = play(world(), commands, adds, { slowStart });
    console.log(`${simulation.trail.join('\n')}\nall holds`);
    return 0;
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    console.log(error.message);
    return 1;
  }
}
