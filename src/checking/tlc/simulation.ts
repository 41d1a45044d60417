import { itemAt } from '../../trace/itemAt.ts';
import { opendir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { parseState } from '../../trace/parseValue.ts';
import { INITIAL_PREDICATE, actionOf } from '../../trace/trace.ts';
import type { Trace } from '../../trace/trace.ts';
import { TlcError } from './errors.ts';

const FILE_LIMIT = 256 * 1024 * 1024;
const FILES_LIMIT = 100_000;

/**
 * The files that a simulation wrote, `prefix_<worker>_<trace>`, as absolute paths in the order of worker and trace.
 */
export async function simulationFiles(prefix: string): Promise<readonly string[]> {
  const path = resolve(prefix);
  const start = `${basename(path)}_`;
  const found: { readonly file: string; readonly worker: number; readonly trace: number }[] = [];
  for await (const { name } of await opendir(dirname(path))) {
    const numbers = name.startsWith(start) ? /^(\d+)_(\d+)$/.exec(name.slice(start.length)) : null;
    if (numbers === null) continue;
    found.push({ file: join(dirname(path), name), worker: Number(numbers[1]), trace: Number(numbers[2]) });
    if (found.length > FILES_LIMIT)
      throw new TlcError('simulation/malformed', `more than ${FILES_LIMIT} files`);
  }
  return found.sort((a, b) => a.worker - b.worker || a.trace - b.trace).map(({ file }) => file);
}

/** Reads one file of a simulation. Throws TlcError `simulation/malformed`, TlaValueError. */
export async function readSimulationFile(path: string, actionVariable = 'act'): Promise<Trace> {
  const { size } = await stat(path);
  if (size > FILE_LIMIT) throw new TlcError('simulation/malformed', `${size} bytes, more than ${FILE_LIMIT}`);
  return parseSimulation(await readFile(path, 'utf8'), actionVariable);
}

/**
 * The trace of a simulation file. It holds states only: the action is that of the action variable, and `Next` where there
 * is none.
 */
export function parseSimulation(text: string, actionVariable = 'act'): Trace {
  const [head, ...parts] = text.split(/^STATE_(?=\d+ ==)/m);
  if (!/^-{4,} MODULE /.test(head ?? '') || parts.length === 0) {
    throw new TlcError('simulation/malformed', 'not a trace of a simulation');
  }
  const last = parts.length - 1;
  if (!/^={4,}\s*$/m.test(itemAt(parts, last)))
    throw new TlcError('simulation/malformed', 'the trace is cut off');
  const steps = parts.map((part, i) => {
    const heading = `${i + 1} ==`;
    if (!part.startsWith(heading)) throw new TlcError('simulation/malformed', `expected STATE_${heading}`);
    const body = i === last ? part.replace(/^={4,}\s*$/m, '') : part;
    const state = parseState(body.slice(heading.length));
    const action = i === 0 ? undefined : actionOf(state[actionVariable]);
    return {
      action: i === 0 ? INITIAL_PREDICATE : (action?.name ?? 'Next'),
      ...(action !== undefined && { parameters: action.parameters }),
      state,
    };
  });
  return { variables: Object.keys(itemAt(steps, 0).state), steps };
}
