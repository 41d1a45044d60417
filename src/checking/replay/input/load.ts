import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ItfError, TlaValueError } from '../../../trace/errors.ts';
import { readItf, type ItfTrace } from '../../../trace/itf.ts';
import type { Trace } from '../../../trace/trace.ts';
import { ModelError } from '../../model/errors.ts';
import { SPEC_FOLDER } from '../../model/models.ts';
import { TlcError } from '../../tlc/errors.ts';
import { parseSimulation } from '../../tlc/simulation.ts';
import { traceToItf } from '../../tlc/traceToItf.ts';
import { ValidationError } from '../../validation/errors.ts';
import { ReplayError } from '../errors.ts';
import { scheduleOf, type Schedule } from '../schedule.ts';
import { configText, constantsIn } from './config.ts';
import { scheduleOfRecords } from './recorded.ts';
import { isPlainOutput, isToolOutput, readPlainOutput, readToolOutput } from './tlcOutput.ts';

/** What a file is, by its content. */
export type InputKind = 'itf' | 'tlc' | 'simulation' | 'record';

/** A trace, or the records of one run, ready to be replayed. */
export interface Replayable {
  /** File name, for people; of a run the names of its records. */
  readonly file: string;
  readonly kind: InputKind;
  /** A line or two for people; empty where nobody wrote one. */
  readonly description: string;
  /** What the trace itself says it comes to: a verdict. */
  readonly wanted: string | undefined;
  readonly schedule: Schedule;
}

/** A file whose trace no participant takes a step in. */
export interface NotReplayable {
  readonly file: string;
  readonly schedule: null;
  /** Why there is nothing to replay. */
  readonly reason: string;
}

const READERS = [ReplayError, ItfError, TlaValueError, TlcError, ModelError, ValidationError];

/** Characters of one file, at most. */
const FILE_LIMIT = 256 * 1024 * 1024;

/**
 * Reads files of any kind: ITF traces, what TLC printed, TLC's simulation files, records. Records are those of one run.
 *
 * @param config a model's name or the path of a configuration, for traces that do not name theirs.
 * @throws ReplayError for whatever cannot be read or replayed, with the reader's own error as its cause.
 */
export async function loadInputs(
  files: readonly string[],
  config?: string,
): Promise<readonly (Replayable | NotReplayable)[]> {
  const inputs: (Replayable | NotReplayable)[] = [];
  const records: { readonly name: string; readonly text: string }[] = [];
  for (const name of files) {
    const text = await readText(name);
    const kind = await inFile(basename(name), () => kindOf(text));
    if (kind === 'record') records.push({ name, text });
    else inputs.push(await inFile(basename(name), () => loadTrace(name, text, config)));
  }
  if (records.length > 0) {
    inputs.push({
      file: namesOf(records.map(({ name }) => basename(name))),
      kind: 'record',
      description: 'A recorded run, with fresh keys.',
      wanted: 'agree',
      schedule: await inFile('records', () => scheduleOfRecords(records)),
    });
  }
  return inputs;
}

/** The first of them where there are many. */
const namesOf = (files: readonly string[]): string =>
  files.length <= 4 ? files.join(', ') : `${files[0] ?? ''} and ${files.length - 1} more`;

async function readText(file: string): Promise<string> {
  try {
    const { size } = await stat(file);
    if (size > FILE_LIMIT) throw new ReplayError('replay/too-large', `${file}: ${size} bytes`);
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof ReplayError) throw error;
    throw new ReplayError('replay/no-trace', `cannot read ${file}`, { cause: error });
  }
}

/** An error says which file it is about: those of the readers do not. */
async function inFile<T>(file: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!READERS.some((type) => error instanceof type)) throw error;
    const { message } = error as Error;
    const code = error instanceof ReplayError ? error.code : 'replay/no-trace';
    throw new ReplayError(code, `${file}: ${message}`, { cause: error });
  }
}

/** What a text is. Throws ReplayError `replay/no-trace` where it is nothing that can be replayed. */
export function kindOf(text: string): InputKind {
  if (isToolOutput(text) || isPlainOutput(text)) return 'tlc';
  if (/^-{4,} MODULE /.test(text) && /^STATE_1 ==/m.test(text)) return 'simulation';
  const start = text.slice(0, 65_536).trimStart();
  if (!start.startsWith('{')) throw new ReplayError('replay/no-trace', WHAT);
  const [line = ''] = start.split('\n', 1);
  return /^\{"v":\d/.test(line) || /"participant":"[^"]*","line":\d/.test(line) ? 'record' : 'itf';
}

const WHAT =
  'this is no ITF trace, no output of TLC with a behaviour in it, no file of a TLC simulation and no record';

async function loadTrace(
  path: string,
  text: string,
  config: string | undefined,
): Promise<Replayable | NotReplayable> {
  const kind = kindOf(text);
  const file = basename(path);
  const trace = kind === 'itf' ? readItf(text) : printed(text, kind);
  const { meta } = trace;
  const reason = whyNot(trace);
  if (reason !== null) return { file, schedule: null, reason };
  const constants = constantsIn(await configText(config ?? configOf(trace)));
  const { description, replay } = meta;
  return {
    file,
    kind,
    description: typeof description === 'string' ? description : '',
    wanted: typeof replay === 'string' ? replay : undefined,
    schedule: scheduleOf(trace, constants),
  };
}

/** Why a trace cannot be replayed; null where it can. */
function whyNot({ vars, meta }: ItfTrace): string | null {
  if (vars.includes('log')) return null;
  const module = typeof meta['source'] === 'string' ? meta['source'] : 'a module';
  return `of ${module.replace(/^spec\//, '')}, without a log: it is about when the service lets a claim through, and no participant takes a step in it`;
}

function printed(text: string, kind: InputKind): ItfTrace {
  const { trace, property } =
    kind === 'simulation'
      ? { trace: parseSimulation(text), property: 'holds' }
      : (isToolOutput(text) ? readToolOutput : readPlainOutput)(text);
  return asItf(trace, property);
}

/** A trace that TLC wrote, which says nothing of itself but what it violates. */
export function asItf(trace: Trace, property: string): ItfTrace {
  return traceToItf(trace, { source: '', config: '', rule: '', description: '', property });
}

/** The configuration in spec/ that a trace names: it says which rules are on. */
function configOf({ meta }: ItfTrace): string {
  const { config } = meta;
  if (typeof config !== 'string' || config === '') {
    throw new ReplayError(
      'replay/no-config',
      'it does not say which configuration it is of: name a model or a .cfg file with --config',
    );
  }
  if (!/^spec\/models\/[a-z]+\/[a-z0-9-]+\.cfg$/.test(config)) {
    throw new ReplayError('replay/no-config', `not the path of a config in spec/models: ${config}`);
  }
  return join(SPEC_FOLDER, '..', config);
}
