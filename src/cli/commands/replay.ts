import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readConstants } from '../../checking/model/constants.ts';
import {
  asExpected,
  printReplay,
  replay,
  ReplayError,
  scheduleOf,
  type Replay,
} from '../../checking/replay/index.ts';
import { loadMlsInNode } from '../../mls/node.ts';
import { ItfError, readItf, type ItfTrace } from '../../trace/index.ts';
import { WrongUse } from '../wrongUse.ts';

export const USAGE = `committer replay [FILE...] [--with-rules] [--quiet] [--json]

Runs ITF traces on the production machine over the real MLS core, all of traces/ without arguments.
  --with-rules  with all rules on, whatever the traces' are: what is not possible any more is skipped
  --quiet       the verdicts without the tables
  --json        the result as one JSON object, on the last line`;

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const SUFFIX = '.itf.json';

interface Replayed {
  readonly file: string;
  readonly result: Replay;
  readonly expected: boolean;
}

/** Exit code 0: each trace came out as its description says, 1: a surprise. */
export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      'with-rules': { type: 'boolean', default: false },
      quiet: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  loadMlsInNode();
  const files = positionals.length > 0 ? positionals : await keptTraces();
  const withRules = values['with-rules'];
  const replayed: Replayed[] = [];
  for (const file of files) {
    const one = await replayFile(file, withRules);
    replayed.push(one);
    print(one, values.quiet, withRules);
  }
  if (values.json) console.log(JSON.stringify({ traces: replayed.map(asJson) }));
  return replayed.every(({ expected }) => expected) ? 0 : 1;
}

async function keptTraces(): Promise<readonly string[]> {
  const folder = join(ROOT, 'traces');
  const names = (await readdir(folder)).filter((name) => name.endsWith(SUFFIX)).sort();
  if (names.length === 0) throw new WrongUse('there is no trace in traces/: name a file');
  return names.map((name) => join(folder, name));
}

async function replayFile(file: string, withRules: boolean): Promise<Replayed> {
  const trace = await readTrace(file);
  const options = { withRules };
  try {
    const schedule = scheduleOf(trace, readConstants(await configOf(file, trace)));
    const result = replay(schedule, options);
    return { file, result, expected: asExpected(schedule, result.verdict, options) };
  } catch (error) {
    if (error instanceof ReplayError) throw new WrongUse(`${file}: ${error.message}`, { cause: error });
    throw error;
  }
}

async function readTrace(file: string): Promise<ItfTrace> {
  try {
    return readItf(await readFile(file, 'utf8'));
  } catch (error) {
    if (error instanceof ItfError || (error instanceof Error && 'code' in error)) {
      throw new WrongUse(`${file}: ${error.message}`, { cause: error });
    }
    throw error;
  }
}

/** The configuration in spec/ that a trace names: it says which rules are on. */
async function configOf(file: string, { meta }: ItfTrace): Promise<string> {
  const { config } = meta;
  if (typeof config !== 'string') throw new WrongUse(`${file}: #meta names no config`);
  const path = join(ROOT, 'spec', basename(config));
  return await readFile(path, 'utf8').catch((error: unknown) => {
    throw new WrongUse(`${file}: there is no spec/${basename(config)}`, { cause: error });
  });
}

function print({ file, result, expected }: Replayed, quiet: boolean, withRules: boolean): void {
  const text = printReplay(result);
  console.log(`${basename(file)}${withRules ? ', with all rules on' : ''}: ${result.driver}`);
  console.log(quiet ? (text.split('\n').at(-1) ?? '') : text);
  console.log(
    `${result.rows.length} steps, ${result.pairs} pairs of groups compared: ${expected ? 'as expected' : 'a SURPRISE'}\n`,
  );
}

function asJson({ file, result, expected }: Replayed): object {
  const { rows, verdict, step, reason, pairs, skipped } = result;
  return {
    file: basename(file),
    steps: rows.length,
    verdict,
    step,
    reason,
    pairs,
    skipped,
    asExpected: expected,
  };
}
