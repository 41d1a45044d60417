import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ItfError } from '../../../trace/errors.ts';
import { readItf, type ItfTrace } from '../../../trace/itf.ts';
import { TRACES_FOLDER, type Model } from '../models.ts';
import { TRACE_SUFFIX, traceFile } from './keptTrace.ts';
import { traceIndex, type KeptTrace } from './traceIndex.ts';

/** The page with a line for each trace. */
export const INDEX_FILE = 'README.md';

/** The kept traces, and what is wrong with the folder as a whole. */
export interface TraceFolder {
  readonly traces: readonly KeptTrace[];
  /** In words: models without their file, files that cannot be read or have no model, an index that is stale. */
  readonly problems: readonly string[];
}

/** Reads the traces of all models that keep one. */
export async function readTraceFolder(
  models: readonly Model[],
  folder = TRACES_FOLDER,
): Promise<TraceFolder> {
  const problems: string[] = [];
  const kept = models.filter(({ trace }) => trace);
  const traces: KeptTrace[] = [];
  for (const model of kept) {
    const itf = await readTrace(model, folder);
    if (typeof itf === 'string') problems.push(itf);
    else traces.push({ model, itf });
  }
  const names = new Set(kept.map(({ name }) => `${name}${TRACE_SUFFIX}`));
  for (const file of (await readdir(folder)).sort()) {
    if (file !== INDEX_FILE && !names.has(file)) problems.push(`traces/${file} is the trace of no model`);
  }
  const index = await readFile(join(folder, INDEX_FILE), 'utf8').catch(() => '');
  if (index !== traceIndex(traces)) problems.push(`traces/${INDEX_FILE} is stale: npm run traces`);
  return { traces, problems };
}

/** Writes the index of what is in the folder. */
export async function writeTraceIndex(models: readonly Model[], folder = TRACES_FOLDER): Promise<void> {
  const { traces } = await readTraceFolder(models, folder);
  await writeFile(join(folder, INDEX_FILE), traceIndex(traces));
}

async function readTrace(model: Model, folder: string): Promise<ItfTrace | string> {
  const text = await readFile(traceFile(model, folder), 'utf8').catch(() => undefined);
  if (text === undefined) return `${model.name} has no trace: npm run traces -- ${model.name}`;
  try {
    return readItf(text);
  } catch (error) {
    if (error instanceof ItfError) return `traces/${model.name}${TRACE_SUFFIX}: ${error.message}`;
    throw error;
  }
}
