import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeItf } from '../../trace/itf.ts';
import { runTlc, traceToItf, verdict, type TlcProgress, type TlcResult } from '../tlc/index.ts';
import { SPEC_FOLDER, type Model } from './models.ts';

export interface CheckOptions {
  /** Threads of TLC, default 1. Depth is compared with one only. */
  readonly workers?: number;
  /** Folder to keep an ablation's counterexample in, as `NAME.itf.json`. */
  readonly tracesFolder?: string;
  /** Folder of module and configuration; default: the spec's. */
  readonly specFolder?: string;
  readonly onProgress?: (progress: TlcProgress) => void;
  readonly signal?: AbortSignal;
}

/** What TLC found, beside what was expected. */
export interface CheckedModel {
  readonly model: Model;
  /** `holds`, the violated property, or `error: …`. */
  readonly found: string;
  readonly states: number;
  /** Undefined where TLC did not say. Of a counterexample: its states. */
  readonly depth: number | undefined;
  readonly seconds: number;
  /** What was not as expected, in words; empty where all was. */
  readonly surprises: readonly string[];
  /** The file that the counterexample was kept in. */
  readonly trace?: string;
}

/** Runs TLC on a model and compares what it finds with what is pinned. Throws TlcError where TLC cannot be run. */
export async function checkModel(model: Model, options: CheckOptions = {}): Promise<CheckedModel> {
  const { workers = 1, specFolder = SPEC_FOLDER, tracesFolder, onProgress, signal } = options;
  const result = await runTlc({
    ...{
      spec: join(specFolder, model.module),
      config: join(specFolder, model.config),
      deadlock: false,
      workers,
    },
    ...(onProgress && { onProgress }),
    ...(signal && { signal }),
  });
  const depth = result.trace?.steps.length ?? result.depth;
  const surprises = surprisesOf(model, result, depth, workers);
  const keep = tracesFolder !== undefined && model.kind === 'ablation' && surprises.length === 0;
  const trace = keep ? await keepTrace(model, result, tracesFolder) : undefined;
  return {
    ...{ model, found: verdict(result.outcome), states: result.statesDistinct, depth },
    ...{ seconds: result.seconds, surprises, ...(trace !== undefined && { trace }) },
  };
}

function surprisesOf(model: Model, result: TlcResult, depth: number | undefined, workers: number): string[] {
  const surprises: string[] = [];
  const found = verdict(result.outcome);
  if (found !== model.expected) {
    const why = result.outcome.kind === 'error' ? ` (${result.outcome.message})` : '';
    surprises.push(`expected ${model.expected}, found ${found}${why}`);
  } else {
    if (result.statesDistinct === 0) surprises.push('no states at all');
    if (model.states !== undefined && model.states !== result.statesDistinct) {
      surprises.push(`expected ${model.states} distinct states, found ${result.statesDistinct}`);
    }
    if (workers === 1 && model.depth !== undefined && model.depth !== depth) {
      surprises.push(`expected depth ${model.depth}, found ${depth ?? 'none'}`);
    }
    if (model.kind === 'ablation' && result.trace === undefined)
      surprises.push('no counterexample was printed');
  }
  return surprises;
}

async function keepTrace(model: Model, { trace }: TlcResult, folder: string): Promise<string | undefined> {
  if (trace === undefined) return undefined;
  const file = join(folder, `${model.name}.itf.json`);
  const itf = traceToItf(trace, {
    source: `spec/${model.module}`,
    config: `spec/${model.config}`,
    rule: model.rule ?? '',
    description: model.shows,
    property: model.expected,
  });
  await mkdir(folder, { recursive: true });
  await writeFile(file, writeItf(itf));
  return file;
}
