import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TRACES_FOLDER } from '../../checking/model/models.ts';
import {
  ActionCounts,
  asExpected,
  loadInputs,
  pageOf,
  printCounts,
  printReplay,
  printVerdict,
  replay,
  ReplayError,
  simulatedTraces,
  totalOf,
  Totals,
  VERDICTS,
  type NotReplayable,
  type Replay,
  type Replayable,
  type SimulationOptions,
} from '../../checking/replay/index.ts';
import { loadMlsInNode } from '../../mls/node.ts';
import { printJson, readArguments, wholeNumber } from '../options.ts';
import { progressLine, seconds, thousands } from '../output.ts';
import { WrongUse } from '../wrongUse.ts';

export const USAGE = `committer replay [FILE...] [--config NAME] [--html [FILE.html]] [--with-rules] [--quiet] [--json]
committer replay --simulate N [--participants 6] [--steps 40] [--seed 1] [--json]

Runs traces step by step on the production machine over the real MLS core: ITF traces, what TLC printed (with or without
-tool), files of TLC's -simulate, or the records of one run; all of traces/ without arguments. At each step the state is
the trace's, equal histories have equal epoch authenticators, and members open each other's frames and nobody else does.
Who is dishonest is a real member too: it signs what the trace says, with MLS commits of its own.
The verdict is "agree", or "differs" where machines and MLS do something else, or the damage, at the step that shows it:
  forked       members parted                          refused      somebody cannot follow a commit that counts
  leaked       who was removed opens a member's frame  ghost        so does who was not invited, or never joined
  expelled     who had not left was removed            lingers      who had left stays or is let in again
  unwitnessed  an entry counts on another log          repeated     an entry counts twice
  disputed     nobody, or two, take themselves for the designated committer
  stuck        somebody waits for ever
What a kept trace must come to is said with it; of others damage where a property is violated, and none where all hold.
  --config NAME     a model, or a .cfg file: for traces that do not name theirs, as what TLC prints
  --html [FILE]     the replay as one page to step through; NAME.replay.html in this folder, if no FILE.html is named
  --with-rules      with all rules on, whatever the traces' are: what is not possible any more is skipped
  --quiet           the verdicts without the tables
  --simulate N      N traces that TLC simulates, all rules on and every fault, and how often each action occurred
  --participants N  of the simulated traces, 2 to 8; default 6
  --steps N         of each simulated trace, at least; default 40
  --seed N          of the simulation; default 1: the same seed, the same traces
  --json            the result as one JSON object, on the last line`;

const SUFFIX = '.itf.json';

interface Replayed {
  readonly file: string;
  readonly result: Replay;
  readonly expected: boolean;
}

/** Exit code 0: each trace came out as its description says, 1: a surprise. */
export async function run(args: readonly string[]): Promise<number> {
  const line = readArguments(spread(args), USAGE, {
    config: { type: 'string' },
    html: { type: 'boolean', default: false },
    'with-rules': { type: 'boolean', default: false },
    quiet: { type: 'boolean', default: false },
    simulate: { type: 'string' },
    participants: { type: 'string' },
    steps: { type: 'string' },
    seed: { type: 'string' },
  });
  if (line === undefined) return 0;
  const { values, positionals } = line;
  loadMlsInNode();
  const traces = wholeNumber('simulate', values.simulate, 1, 1_000_000);
  try {
    if (traces !== undefined) {
      if (positionals.length > 0) throw new WrongUse('--simulate takes no files: TLC makes the traces');
      const participants = wholeNumber('participants', values.participants, 2, 8) ?? 6;
      const steps = wholeNumber('steps', values.steps, 1, 1_000) ?? 40;
      const seed = wholeNumber('seed', values.seed, 0, 2 ** 31) ?? 1;
      return await runSimulated({ traces, participants, steps, seed }, values.json);
    }
    return await runFiles(positionals, values);
  } catch (error) {
    if (isWrongInput(error)) throw new WrongUse(error.message, { cause: error });
    throw error;
  }
}

/** `--html FILE.html` in a form that says which word is the file. */
const spread = (args: readonly string[]): readonly string[] =>
  args.flatMap((arg) => (arg.startsWith('--html=') ? ['--html', arg.slice('--html='.length)] : [arg]));

interface FileOptions {
  readonly config?: string | undefined;
  readonly html: boolean;
  readonly 'with-rules': boolean;
  readonly quiet: boolean;
  readonly json: boolean;
}

async function runFiles(names: readonly string[], options: FileOptions): Promise<number> {
  const pages = options.html ? names.filter((name) => name.endsWith('.html')) : [];
  const named = names.filter((name) => !pages.includes(name));
  const files = named.length > 0 ? named : await keptTraces();
  const inputs = await loadInputs(files, options.config);
  if (pages.length > 1 || (pages.length === 1 && inputs.length > 1))
    throw new WrongUse('one page for one trace: name no page, and each gets its own');
  const withRules = options['with-rules'];
  const progress = progressLine();
  const replayed: Replayed[] = [];
  const notReplayed: NotReplayable[] = [];
  for (const [i, input] of inputs.entries()) {
    if (input.schedule === null) {
      notReplayed.push(input);
      continue;
    }
    progress.show(`${i} of ${inputs.length} traces; ${input.file}`);
    const one = await replayOne(input, withRules);
    progress.end();
    replayed.push(one);
    print(one, options.quiet, withRules);
    if (options.html) await writePage(pages[0] ?? pageName(input), input, one, withRules);
  }
  for (const { file, reason } of notReplayed) console.log(`${file}: not replayed: ${reason}`);
  const surprises = replayed.filter(({ expected }) => !expected).length;
  if (inputs.length > 1) printSummary(replayed, notReplayed, surprises);
  printJson(options.json, {
    traces: replayed.map(asJson),
    notReplayed: notReplayed.map(({ file, reason }) => ({ file, reason })),
  });
  return replayed.length > 0 && surprises === 0 ? 0 : 1;
}

function printSummary(
  replayed: readonly Replayed[],
  notReplayed: readonly NotReplayable[],
  surprises: number,
): void {
  const totals = new Totals();
  const verdicts = new Map<string, number>();
  for (const { result } of replayed) {
    totals.add(result);
    verdicts.set(result.verdict, (verdicts.get(result.verdict) ?? 0) + 1);
  }
  const all = replayed.length + notReplayed.length;
  const where = notReplayed.length === 0 ? `${all} traces` : `${replayed.length} of ${all} traces replayed`;
  const known = VERDICTS.filter((verdict) => verdicts.has(verdict));
  const counted = known.map((verdict) => [verdict, verdicts.get(verdict) ?? 0] as const);
  console.log(`${where}: ${inWords(Object.fromEntries(counted))}`);
  console.log(printCounts(totals));
  console.log(surprises === 0 ? 'all as expected' : `${surprises} SURPRISES`);
}

async function keptTraces(): Promise<readonly string[]> {
  const names = (await readdir(TRACES_FOLDER)).filter((name) => name.endsWith(SUFFIX)).sort();
  if (names.length === 0) throw new WrongUse('there is no trace in traces/: name a file');
  return names.map((name) => join(TRACES_FOLDER, name));
}

async function replayOne({ file, schedule, wanted }: Replayable, withRules: boolean): Promise<Replayed> {
  const result = await replay(schedule, { withRules });
  const expected = asExpected(schedule, result.verdict, { withRules, wanted });
  return { file, result, expected };
}

function print({ file, result, expected }: Replayed, quiet: boolean, withRules: boolean): void {
  console.log(`${file}${withRules ? ', with all rules on' : ''}: ${result.driver}`);
  console.log(quiet ? printVerdict(result) : printReplay(result));
  console.log(`${printCounts(totalOf(result))}: ${expected ? 'as expected' : 'a SURPRISE'}\n`);
}

/** Of a run, after its first record. */
const pageName = ({ file }: Replayable): string =>
  `${file.replace(/(?:, .*| and \d+ more)$/, '').replace(/(?:\.itf)?\.[A-Za-z]+$/, '')}.replay.html`;

async function writePage(
  path: string,
  { file, description }: Replayable,
  { result }: Replayed,
  withRules: boolean,
): Promise<void> {
  await writeFile(path, pageOf({ title: file, description, withRules }, result));
  console.log(`${path}: open it in a browser and step through it\n`);
}

function asJson({ file, result, expected }: Replayed): object {
  const { rows, verdict, step, reason, pairs, skipped, openings } = result;
  return {
    file,
    steps: rows.length,
    verdict,
    step,
    reason,
    pairs,
    frames: openings,
    skipped,
    asExpected: expected,
  };
}

/** Of each action, for each hundred traces: a simulation in which something never happens shows nothing of it. */
const OCCURRENCES_A_HUNDRED = 20;

/** Exit code 0: all of them agree, and every action occurred often enough. */
async function runSimulated(options: SimulationOptions, json: boolean): Promise<number> {
  const { traces, participants, steps, seed } = options;
  const started = performance.now();
  const took = (): string => seconds((performance.now() - started) / 1000);
  const progress = progressLine();
  const actions = new ActionCounts();
  const totals = new Totals();
  const rows: object[] = [];
  let surprises = 0;
  progress.show(`TLC simulates ${participants} participants`);
  for await (const { number, schedule } of simulatedTraces(options)) {
    const file = `simulated-${seed}-${number}`;
    const result = await replay(schedule);
    const expected = result.verdict === 'agree' && result.rows.length >= steps;
    actions.add(schedule);
    totals.add(result);
    rows.push({
      file,
      steps: result.rows.length,
      verdict: result.verdict,
      step: result.step,
      asExpected: expected,
    });
    if (!expected) {
      surprises += 1;
      progress.end();
      print({ file, result, expected }, false, false);
    }
    progress.show(`${number} of ${traces} traces, ${thousands(totals.steps)} steps, ${took()}`);
  }
  progress.end();
  const floor = Math.floor((traces * OCCURRENCES_A_HUNDRED) / 100);
  const rare = actions.below(floor);
  console.log(
    `${rows.length} traces of ${participants} participants, at least ${steps} steps each, seed ${seed}`,
  );
  console.log(printCounts(totals));
  console.log(`how often each action occurred (at least ${thousands(floor)}): ${inWords(actions.counts)}`);
  if (rare.length > 0) console.log(`too rare: ${rare.join(', ')}`);
  console.log(`${surprises === 0 ? 'all agree' : `${surprises} SURPRISES`} (${took()})`);
  const { pairs, openings } = totals;
  printJson(json, {
    ...{ steps: totals.steps, pairs, frames: openings, actions: actions.counts, tooRare: rare },
    traces: rows,
  });
  return surprises === 0 && rare.length === 0 && rows.length === traces ? 0 : 1;
}

const inWords = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([name, count]) => `${name} ${thousands(count)}`)
    .join(', ');

/** What cannot be replayed; that TLC makes no traces is no fault of the caller. */
const isWrongInput = (error: unknown): error is ReplayError =>
  error instanceof ReplayError && error.code !== 'replay/simulation';
