import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
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
import { printJson, readArguments } from '../options.ts';
import { WrongUse } from '../wrongUse.ts';

export const USAGE = `committer replay [FILE...] [--with-rules] [--quiet] [--json]

Runs ITF traces on the production machine over the real MLS core, all of traces/ without arguments. What a trace must
come to is in its #meta: "replay", or damage where a property is violated and none where all hold.
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
  const line = readArguments(args, USAGE, {
    'with-rules': { type: 'boolean', default: false },
    quiet: { type: 'boolean', default: false },
  });
  if (line === undefined) return 0;
  const { values, positionals } = line;
  loadMlsInNode();
  const files = positionals.length > 0 ? positionals : await keptTraces();
  const withRules = values['with-rules'];
  const replayed: Replayed[] = [];
  const notReplayed: string[] = [];
  for (const file of files) {
    const trace = await readTrace(file);
    if (trace.meta['replay'] === 'none') {
      notReplayed.push(basename(file));
      continue;
    }
    const one = await replayTrace(file, trace, withRules);
    replayed.push(one);
    print(one, values.quiet, withRules);
  }
  if (notReplayed.length > 0)
    console.log(`Not replayed, as the machines know no such steps: ${notReplayed.join(', ')}`);
  printJson(values.json, { traces: replayed.map(asJson), notReplayed });
  return replayed.length > 0 && replayed.every(({ expected }) => expected) ? 0 : 1;
}

async function keptTraces(): Promise<readonly string[]> {
  const folder = join(ROOT, 'traces');
  const names = (await readdir(folder)).filter((name) => name.endsWith(SUFFIX)).sort();
  if (names.length === 0) throw new WrongUse('there is no trace in traces/: name a file');
  return names.map((name) => join(folder, name));
}

async function replayTrace(file: string, trace: ItfTrace, withRules: boolean): Promise<Replayed> {
  const options = { withRules };
  try {
    const schedule = scheduleOf(trace, readConstants(await configOf(file, trace)));
    const result = replay(schedule, options);
    const wanted = withRules ? undefined : trace.meta['replay'];
    const expected =
      wanted === undefined ? asExpected(schedule, result.verdict, options) : result.verdict === wanted;
    return { file, result, expected };
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
  if (!/^spec\/models\/[a-z]+\/[a-z0-9-]+\.cfg$/.test(config)) {
    throw new WrongUse(`${file}: not the path of a config in spec/models: ${config}`);
  }
  return await readFile(join(ROOT, config), 'utf8').catch((error: unknown) => {
    throw new WrongUse(`${file}: there is no ${config}`, { cause: error });
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
