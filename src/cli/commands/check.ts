import { bounded, COUNTED, type Bounds } from '../../checking/model/bounds.ts';
import { configOf } from '../../checking/model/checkModel.ts';
import { chosenModels, DEFAULT_SET_STATES, readModels, type Model } from '../../checking/model/models.ts';
import { checkTraces } from '../models/checkTraces.ts';
import { modelAsJson, printModels, totalsOf } from '../models/report.ts';
import { CORES, largeHeapMb, runModels, type Job, type RunOptions } from '../models/run.ts';
import { printJson, readArguments, wholeNumber } from '../options.ts';
import { thousands } from '../output.ts';
import { WrongUse } from '../wrongUse.ts';

export const USAGE = `committer check [MODEL or FAMILY...] [--show] [--traces] [--workers N] [--list] [--json]
committer check [MODEL] --participants N --crashes N ... [--without RULE[,RULE]]

Runs TLC on the models of spec/models: the default set, or those that are named, by name or by family.
  --show         prints the traces of expected violations too, one line a step: who, what, what changed
  --traces       runs no model, but has TLC decide whether the kept traces are still behaviours of their configs
  --workers N    threads for each run of TLC; depth is compared with 1 (the default) only
  --list         the models, and runs nothing
  --json         the result as one JSON object, on the last line

Other bounds, for one model (crash4, if none is named: states up to names), which must then hold:
  --participants N, --batch N (adds, and removes, of one commit)
  --crashes N, --leaves N, --gone N, --claims N, --handovers N, --lost N   how often each fault may happen
  --without RULE[,RULE]   switches rules off, and prints what TLC finds, whatever it is

TLA2TOOLS_JAR=FILE in the environment: another tla2tools.jar than the one that the setup fetched.
Exit code 0: all as expected; 1: a surprise; 2: wrong use, or something is missing.`;

const BOUNDED_MODEL = 'crash4';
const MOST_PARTICIPANTS = 8;
const MOST = 100;

/** Exit code 0: everything as expected, 1: a surprise. */
export async function run(args: readonly string[]): Promise<number> {
  const number = { type: 'string' } as const;
  const line = readArguments(args, USAGE, {
    show: { type: 'boolean', default: false },
    traces: { type: 'boolean', default: false },
    workers: { type: 'string' },
    list: { type: 'boolean', default: false },
    without: { type: 'string' },
    ...{ participants: number, batch: number, crashes: number, leaves: number },
    ...{ gone: number, claims: number, handovers: number, lost: number },
  });
  if (line === undefined) return 0;
  const { values, positionals } = line;
  const workers = wholeNumber('workers', values.workers, 1, 999);
  const bounds = boundsOf(values);
  const models = await readModels();
  if (values.traces) {
    if (bounds !== undefined)
      throw new WrongUse('--traces goes with no bounds: a trace has those of its config');
    return await checkTraces(models, positionals, values.json);
  }
  if (bounds !== undefined) {
    const job = await boundedJob(models, positionals, bounds);
    const shortest = bounds.without !== undefined;
    const options = { workers: workers ?? (shortest ? 1 : CORES), heapMb: largeHeapMb() };
    return await report([job], options, { show: values.show, json: values.json });
  }
  const chosen = chosenModels(models, positionals, 'check');
  if (values.list) {
    for (const { name, family, shows } of chosen)
      console.log(`${name.padEnd(24)} ${family.padEnd(9)} ${shows}`);
    return 0;
  }
  const most = positionals.length === 0 ? DEFAULT_SET_STATES : undefined;
  return await report(
    chosen.map((model) => ({ model })),
    { workers: workers ?? 1 },
    { show: values.show, json: values.json, most },
  );
}

interface ReportOptions {
  readonly show: boolean;
  readonly json: boolean;
  /** Distinct states that there may be in all. */
  readonly most?: number | undefined;
}

async function report(
  jobs: readonly Job[],
  options: RunOptions,
  { show, json, most }: ReportOptions,
): Promise<number> {
  const started = performance.now();
  const results = await runModels(jobs, options);
  printModels(results, show, (performance.now() - started) / 1000);
  const totals = totalsOf(results);
  const tooMany = most !== undefined && totals.states > most;
  if (tooMany)
    console.log(`The default set has more than ${thousands(most)} distinct states: move some to nightly.`);
  printJson(json, { ...totals, models: results.map(modelAsJson) });
  return totals.unexpected === 0 && results.length > 0 && !tooMany ? 0 : 1;
}

/** The bounds among the options; undefined where there are none. */
function boundsOf(values: Readonly<Record<string, unknown>>): Bounds | undefined {
  const text = (name: string): string | undefined => {
    const value = values[name];
    return typeof value === 'string' ? value : undefined;
  };
  const participants = wholeNumber('participants', text('participants'), 1, MOST_PARTICIPANTS);
  const counts = COUNTED.flatMap((name) => {
    const value = wholeNumber(name, text(name), name === 'batch' ? 1 : 0, MOST);
    return value === undefined ? [] : [[name, value] as const];
  });
  const without = text('without')
    ?.split(',')
    .map((rule) => rule.trim());
  if (without?.some((rule) => !/^[A-Za-z]\w*$/.test(rule)) === true)
    throw new WrongUse(`--without ${without.join(',')}: names of rules, with commas between them`);
  if (participants === undefined && counts.length === 0 && without === undefined) return undefined;
  return {
    ...(participants !== undefined && { participants }),
    ...Object.fromEntries(counts),
    ...(without !== undefined && { without }),
  };
}

async function boundedJob(models: readonly Model[], names: readonly string[], bounds: Bounds): Promise<Job> {
  const chosen = chosenModels(models, names.length === 0 ? [BOUNDED_MODEL] : names, 'check');
  const [model, ...others] = chosen;
  if (model === undefined || others.length > 0)
    throw new WrongUse(`bounds go with one model, and these are ${chosen.length}`);
  return bounded(model, await configOf(model), bounds);
}
