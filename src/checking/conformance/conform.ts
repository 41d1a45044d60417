import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../explorer/environment.ts';
import type { ModelConstants } from '../model/constants.ts';
import { type Conformance } from './compare.ts';
import { ComparedModel } from './ComparedModel.ts';

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
  const { onProgress = () => undefined, signal } = request;
  const started = performance.now();
  const folder = await mkdtemp(join(tmpdir(), 'graph-'));
  const removeAtExit = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', removeAtExit);
  try {
    const dump = join(folder, 'graph.dot');
    const aborted = new AbortController();
    const abort = (): void => aborted.abort();
    signal?.addEventListener('abort', abort, { once: true });
    const sides = await ComparedModel.of(request);
    const running = sides.writeGraph(dump, { ...request, signal: aborted.signal });
    const machine = await sides.explore(request).catch(async (error: unknown) => {
      abort();
      await running.catch(() => undefined);
      throw error;
    });
    const tlc = await running;
    signal?.removeEventListener('abort', abort);
    onProgress('reading the graph of the spec');
    const compared = await sides.compare(dump, tlc.statesDistinct, machine);
    const total = (performance.now() - started) / 1000;
    const { spec } = compared.states;
    return {
      ...compared,
      seconds: { spec: tlc.seconds, machine: machine.seconds, total },
      statesPerSecondRatioToTlc: machine.states.size / machine.seconds / (spec / tlc.seconds),
    };
  } finally {
    process.removeListener('exit', removeAtExit);
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
