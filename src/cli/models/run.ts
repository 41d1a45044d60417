import { availableParallelism, totalmem } from 'node:os';
import { checkModel, type CheckedModel } from '../../checking/model/checkModel.ts';
import type { Model } from '../../checking/model/models.ts';
import { inParallel } from '../inParallel.ts';
import { modelsProgress, type ModelsProgress } from './progress.ts';

/** A model to run: its own configuration, or the text of another. */
export interface Job {
  readonly model: Model;
  readonly configText?: string;
}

export interface RunOptions {
  /** Threads of each run of TLC. */
  readonly workers: number;
  /** Java's heap in megabytes for each run. */
  readonly heapMb?: number;
}

const MOST_AT_ONCE = 4;

/** How many cores there are for TLC. */
export const CORES = availableParallelism();

/** A heap for large models: a quarter of the memory, from 1 to 8 GB. */
export function largeHeapMb(): number {
  return Math.round(Math.min(8192, Math.max(1024, totalmem() / 1024 / 1024 / 4)));
}

/**
 * Runs models, as many at a time as cores allow, the largest first; the results are in the order of the jobs. Tells its
 * progress on standard error.
 */
export async function runModels(jobs: readonly Job[], options: RunOptions): Promise<readonly CheckedModel[]> {
  const progress = modelsProgress(jobs.length);
  try {
    const atOnce = Math.min(MOST_AT_ONCE, Math.max(1, Math.floor(CORES / options.workers)));
    return await runWith(jobs, options, atOnce, progress);
  } finally {
    progress.end();
  }
}

/**
 * Runs large models one after the other with a thread for each core, and simulations, which have one thread, as many at a
 * time as there are cores.
 */
export async function runLargeModels(
  jobs: readonly Job[],
  workers: number,
): Promise<readonly CheckedModel[]> {
  const heapMb = largeHeapMb();
  const simulated = jobs.filter(({ model }) => model.simulate !== undefined);
  const searched = jobs.filter(({ model }) => model.simulate === undefined);
  const progress = modelsProgress(jobs.length);
  try {
    const results = [
      ...(await runWith(searched, { workers, heapMb }, 1, progress)),
      ...(await runWith(simulated, { workers: 1 }, Math.min(MOST_AT_ONCE, workers), progress)),
    ];
    return jobs.flatMap(({ model }) => results.filter((result) => result.model === model));
  } finally {
    progress.end();
  }
}

async function runWith(
  jobs: readonly Job[],
  { workers, heapMb }: RunOptions,
  atOnce: number,
  progress: ModelsProgress,
): Promise<readonly CheckedModel[]> {
  const largestFirst = jobs.toSorted((a, b) => (b.model.states ?? 0) - (a.model.states ?? 0));
  const results = await inParallel(largestFirst, atOnce, async ({ model, configText }) => {
    progress.start(model.name);
    const result = await checkModel(model, {
      workers,
      ...(heapMb !== undefined && { heapMb }),
      ...(configText !== undefined && { configText }),
      often: process.stderr.isTTY,
      onProgress: (seen) => progress.update(model.name, seen),
    });
    progress.done(result);
    return result;
  });
  return jobs.flatMap((job) => results[largestFirst.indexOf(job)] ?? []);
}
