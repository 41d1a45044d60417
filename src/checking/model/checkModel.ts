import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Trace } from '../../trace/trace.ts';
import {
  checkedNames,
  namesUnder,
  runTlc,
  SHORT_STATES,
  verdict,
  type TlcProgress,
  type TlcResult,
} from '../tlc/index.ts';
import { counted } from './counted.ts';
import { ModelError } from './errors.ts';
import { EITHER, SPEC_FOLDER, type Model } from './models.ts';

export interface CheckOptions {
  /** Threads of TLC, default 1. Depth is compared with one only. */
  readonly workers?: number;
  /** Java's heap in megabytes. */
  readonly heapMb?: number;
  /** Folder of module and configuration; default: the spec's. */
  readonly specFolder?: string;
  /** A configuration instead of the model's own: other bounds. */
  readonly configText?: string;
  /** Texts of modules instead of those in the folder, by file name: mutants. */
  readonly modules?: Readonly<Record<string, string>>;
  readonly onProgress?: (progress: TlcProgress) => void;
  /** Progress every thousand states, and not once a minute only. */
  readonly often?: boolean;
  readonly signal?: AbortSignal;
}

/** What TLC found, beside what was expected. */
export interface CheckedModel {
  readonly model: Model;
  /** `holds`, the violated property, or `error: …`. */
  readonly found: string;
  /** Distinct states; of a simulation, all that TLC generated. */
  readonly states: number;
  /** Undefined where TLC did not say. Of a counterexample: its states. */
  readonly depth: number | undefined;
  readonly seconds: number;
  /** What was not as expected, in words; empty where all was. */
  readonly surprises: readonly string[];
  /** The behaviour that violates a property, or on which TLC stopped. */
  readonly trace?: Trace;
  /** How often each action was taken, to states that were there before too; where the model says which must be. */
  readonly taken?: Readonly<Record<string, number>>;
  /** TLC's, as it says it. */
  readonly version: string | undefined;
}

/**
 * Runs TLC on a model and compares what it finds with what is pinned. Throws TlcError where TLC cannot be run, ModelError
 * `model/unreadable`.
 */
export async function checkModel(model: Model, options: CheckOptions = {}): Promise<CheckedModel> {
  const { workers = 1, specFolder = SPEC_FOLDER, heapMb, onProgress, signal } = options;
  const config = options.configText ?? (await configOf(model, specFolder));
  const file = `${model.name}.cfg`;
  const { simulate } = model;
  const often = options.often === true && simulate === undefined ? counted(model.module, config) : undefined;
  // Liveness takes long for few states.
  const temporal = namesUnder(config, 'PROPERTY', 'PROPERTIES').length > 0;
  const result = await runTlc({
    spec: often?.spec ?? join(specFolder, model.module),
    ...{ config: file, modulesFrom: [specFolder] },
    extraFiles: { ...options.modules, ...often?.files, [file]: often?.configText ?? config },
    // The configuration says whether a deadlock is one.
    deadlock: true,
    coverage: model.takes !== undefined,
    short: simulate === undefined && !temporal && (model.states ?? Infinity) <= SHORT_STATES,
    // Each worker of a simulation would make as many behaviours, and in another order each time.
    workers: simulate === undefined ? workers : 1,
    ...(simulate && { simulate: { traces: simulate.traces }, depth: simulate.depth, seed: simulate.seed }),
    ...(heapMb !== undefined && { heapMb }),
    ...(onProgress && { onProgress }),
    ...(signal && { signal }),
  });
  const { trace, seconds, version } = result;
  const depth = trace?.steps.length ?? result.depth;
  const taken = model.takes === undefined ? undefined : takenIn(result);
  return {
    ...{ model, found: verdict(result.outcome), depth, seconds, version },
    states: simulate === undefined ? result.statesDistinct : result.statesGenerated,
    surprises: [
      ...vacuous(model, config, result),
      ...surprisesOf(model, result, depth, workers),
      ...neverTaken(model, result, taken),
    ],
    ...(trace && { trace }),
    ...(taken && { taken }),
  };
}

/** The text of a model's configuration. Throws ModelError `model/unreadable`. */
export async function configOf({ config }: Model, specFolder = SPEC_FOLDER): Promise<string> {
  return await readFile(join(specFolder, config), 'utf8').catch((error: unknown) => {
    throw new ModelError('model/unreadable', `no configuration spec/${config}`, { cause: error });
  });
}

const takenIn = ({ coverage = {} }: TlcResult): Record<string, number> =>
  Object.fromEntries(Object.entries(coverage).map(([name, { generated }]) => [name, generated]));

/** Of a model that TLC walked to its end. */
function neverTaken(
  { takes = [] }: Model,
  { outcome }: TlcResult,
  taken: Readonly<Record<string, number>> = {},
): string[] {
  if (outcome.kind !== 'holds') return [];
  return takes.filter((name) => !taken[name]).map((name) => `${name} was never taken`);
}

/** Why the run proves nothing, whatever TLC says. */
function vacuous({ expected, family, simulate }: Model, config: string, result: TlcResult): string[] {
  const names = checkedNames(config);
  const found: string[] = [];
  if (names.length === 0 && family !== 'graphs') found.push('its config has nothing to check');
  if (expected !== 'holds' && expected !== EITHER && !names.includes(expected))
    found.push(`its config does not check ${expected}`);
  if (result.outcome.kind !== 'holds') return found;
  if (simulate !== undefined && result.statesGenerated < 2 * simulate.traces)
    found.push(`${result.statesGenerated} states in ${simulate.traces} behaviours`);
  if (simulate === undefined && result.statesDistinct === 0) found.push('no states at all');
  return found;
}

function surprisesOf(model: Model, result: TlcResult, depth: number | undefined, workers: number): string[] {
  const { outcome } = result;
  const found = verdict(outcome);
  if (outcome.kind === 'error') return [`expected ${model.expected}, found ${found} (${outcome.message})`];
  if (model.expected === EITHER) return [];
  if (outcome.kind === 'violated' && outcome.what === 'temporal' && outcome.property === 'Temporal') {
    return [
      `expected ${model.expected}, found one of several temporal properties violated, ` +
        'and TLC does not say which: leave one in the config',
    ];
  }
  if (found !== model.expected) return [`expected ${model.expected}, found ${found}`];
  const surprises: string[] = [];
  if (model.states !== undefined && model.states !== result.statesDistinct)
    surprises.push(`expected ${model.states} distinct states, found ${result.statesDistinct}`);
  if (workers === 1 && model.depth !== undefined && model.depth !== depth)
    surprises.push(`expected depth ${model.depth}, found ${depth ?? 'none'}`);
  if (outcome.kind === 'violated' && result.trace === undefined)
    surprises.push('no counterexample was printed');
  return surprises;
}
