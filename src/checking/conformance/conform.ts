import { rmSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Environment } from '../explorer/environment.ts';
import { readConstants, type ModelConstants } from '../model/constants.ts';
import { ModelError } from '../model/errors.ts';
import { runTlc, verdict, type TlcResult } from '../tlc/index.ts';
import { compare, type Conformance } from './compare.ts';
import { graphModel } from './graphModel.ts';
import { LabelIndex } from './labels.ts';
import { explore } from './machineGraph.ts';
import { readSpecGraph } from './specGraph.ts';
import { SpecLabels } from './specLabels.ts';
import { StateIndex } from './stateIndex.ts';

export type { Conformance } from './compare.ts';

export interface ConformRequest {
  /** Path of the module. */
  readonly spec: string;
  /** Path of the TLC configuration: constants for both sides. */
  readonly config: string;
  /** Other machines, or in another environment, than the model's: to see that a difference is found. */
  readonly environmentOf?: (constants: ModelConstants) => Environment;
  /** Fails with `explorer/too-large` beyond so many worlds. Default 4 million. */
  readonly worldsLimit?: number;
  /** A graph of a few thousand states: Java starts faster, and would run slower in the long run. */
  readonly short?: boolean;
  /** Java's heap in megabytes. */
  readonly heapMb?: number;
  readonly onProgress?: (text: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * Compares the state graph of the spec with that of the machines, both ways: states, edges with whose step each is and
 * what its machine asks for, and the views. Throws ModelError for a configuration that cannot be compared, TlcError where
 * TLC cannot run, ExplorerError.
 */
export async function conform(request: ConformRequest): Promise<Conformance> {
  const { onProgress = () => undefined, signal, heapMb, short = false } = request;
  const started = performance.now();
  const configText = await readConfig(request.config);
  const constants = readConstants(configText);
  const model = graphModel(request.spec, configText);
  const index = new StateIndex(model.labelled);
  const labels = new LabelIndex();
  const folder = await mkdtemp(join(tmpdir(), 'graph-'));
  const removeAtExit = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', removeAtExit);
  try {
    const dump = join(folder, 'graph.dot');
    const aborted = new AbortController();
    const abort = (): void => aborted.abort();
    signal?.addEventListener('abort', abort, { once: true });
    const running = runTlc({
      ...{ spec: model.spec, config: CONFIG, extraFiles: { [CONFIG]: model.configText } },
      ...{ deadlock: false, dump, short, signal: aborted.signal },
      ...(heapMb !== undefined && { heapMb }),
      onProgress: ({ statesDistinct }) => onProgress(`TLC: ${statesDistinct ?? 0} states`),
    });
    const environment = request.environmentOf?.(constants) ?? new Environment(constants);
    const machine = await explore(environment, index, labels, {
      onProgress: (worlds, depth) => onProgress(`machines: ${worlds} worlds, depth ${depth}`),
      ...(request.worldsLimit !== undefined && { worldsLimit: request.worldsLimit }),
      ...(signal && { signal }),
    }).catch(async (error: unknown) => {
      abort();
      await running.catch(() => undefined);
      throw error;
    });
    const tlc = complete(await running);
    signal?.removeEventListener('abort', abort);
    onProgress('reading the graph of the spec');
    const spec = await readSpecGraph(dump, index, new SpecLabels(index, labels, constants.participants));
    if (spec.states.size !== tlc.statesDistinct) {
      throw new RangeError(`TLC found ${tlc.statesDistinct} states and wrote ${spec.states.size}`);
    }
    const compared = compare({ spec, machine, index, labels });
    const total = (performance.now() - started) / 1000;
    return {
      ...compared,
      seconds: { spec: tlc.seconds, machine: machine.seconds, total },
      statesPerSecondRatioToTlc: machine.states.size / machine.seconds / (spec.states.size / tlc.seconds),
    };
  } finally {
    process.removeListener('exit', removeAtExit);
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

const CONFIG = 'Compared.cfg';

/** A graph is whole only where TLC went through it all: a violated invariant stops it. */
function complete(result: TlcResult): TlcResult {
  if (result.outcome.kind === 'holds') return result;
  const why = result.outcome.kind === 'error' ? `: ${result.outcome.message}` : '';
  throw new ModelError(
    'model/bad-config',
    `TLC did not write the whole graph (${verdict(result.outcome)}${why}): leave violated invariants out of a model to be compared`,
  );
}

async function readConfig(path: string): Promise<string> {
  return await readFile(path, 'utf8').catch((error: unknown) => {
    throw new ModelError('model/unreadable', `no configuration ${path}`, { cause: error });
  });
}
