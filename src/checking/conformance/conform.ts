import { rmSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ACTIONS, type Action } from '../explorer/actions.ts';
import { readConstants, type ModelConstants } from '../model/constants.ts';
import { ModelError } from '../model/errors.ts';
import { runTlc, verdict, type TlcResult } from '../tlc/index.ts';
import { findDifference, type Difference } from './difference.ts';
import { byAction, missing } from './edgeSet.ts';
import { explore, type MachineGraph } from './machineGraph.ts';
import { readSpecGraph, type SpecGraph } from './specGraph.ts';
import { StateIndex } from './stateIndex.ts';

export interface ConformRequest {
  /** Path of the module. */
  readonly spec: string;
  /** Path of the TLC configuration: constants for both sides. */
  readonly config: string;
  /** Other constants for the machines alone: to see that a difference is found. */
  readonly machineConstants?: ModelConstants;
  /** Fails with `explorer/too-large` beyond so many worlds. Default 4 million. */
  readonly worldsLimit?: number;
  readonly onProgress?: (text: string) => void;
  readonly signal?: AbortSignal;
}

/** How many of something each graph has, and how many only that one has. */
export interface SideBySide {
  readonly spec: number;
  readonly machine: number;
  readonly onlySpec: number;
  readonly onlyMachine: number;
}

export interface Conformance {
  /** States, initial states and labelled edges are the same, and the projection is injective. */
  readonly equal: boolean;
  readonly states: SideBySide;
  readonly edges: SideBySide;
  readonly edgesByAction: Readonly<Record<Action, { readonly spec: number; readonly machine: number }>>;
  /** Worlds of the machines: as many as their states, or something in them is not in the spec's words. */
  readonly worlds: number;
  readonly depth: number;
  /** Wall clock; TLC's with Java's start and the writing of the graph. */
  readonly seconds: { readonly spec: number; readonly machine: number; readonly total: number };
  /** Distinct states a second, the machines' over TLC's. */
  readonly statesPerSecondRatioToTlc: number;
  readonly difference?: Difference;
}

/**
 * Compares the state graph of the spec with that of the machines, both ways. Throws ModelError for a configuration that
 * cannot be compared, TlcError where TLC cannot run, ExplorerError.
 */
export async function conform(request: ConformRequest): Promise<Conformance> {
  const { onProgress = () => undefined, signal } = request;
  const started = performance.now();
  const constants = readConstants(await readConfig(request.config));
  const index = new StateIndex();
  const folder = await mkdtemp(join(tmpdir(), 'graph-'));
  const removeAtExit = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', removeAtExit);
  try {
    const dump = join(folder, 'graph.dot');
    const aborted = new AbortController();
    const abort = (): void => aborted.abort();
    signal?.addEventListener('abort', abort, { once: true });
    const running = runTlc({
      ...{ spec: request.spec, config: request.config, deadlock: false, dump, signal: aborted.signal },
      onProgress: ({ statesDistinct }) => onProgress(`TLC: ${statesDistinct ?? 0} states`),
    });
    const machine = await explore(request.machineConstants ?? constants, index, {
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
    const spec = await readSpecGraph(dump, index);
    if (spec.states.size !== tlc.statesDistinct) {
      throw new RangeError(`TLC found ${tlc.statesDistinct} states and wrote ${spec.states.size}`);
    }
    return compare(spec, machine, tlc, index, (performance.now() - started) / 1000);
  } finally {
    process.removeListener('exit', removeAtExit);
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

function compare(
  spec: SpecGraph,
  machine: MachineGraph,
  tlc: TlcResult,
  index: StateIndex,
  total: number,
): Conformance {
  const onlySpec = missing(spec.edges, machine.edges);
  const onlyMachine = missing(machine.edges, spec.edges);
  const difference = findDifference({ spec, machine, onlySpec, onlyMachine, index });
  const [ofSpec, ofMachine] = [byAction(spec.edges), byAction(machine.edges)];
  const states = {
    spec: spec.states.size,
    machine: machine.states.size,
    onlySpec: without(spec.states, machine.states),
    onlyMachine: without(machine.states, spec.states),
  };
  const same = difference === undefined && states.onlySpec === 0 && states.onlyMachine === 0;
  return {
    equal: same && machine.worlds === machine.states.size && states.spec > 0 && spec.edges.length > 0,
    states,
    edges: {
      spec: spec.edges.length,
      machine: machine.edges.length,
      onlySpec: onlySpec.length,
      onlyMachine: onlyMachine.length,
    },
    edgesByAction: Object.fromEntries(
      ACTIONS.map((name) => [name, { spec: ofSpec[name], machine: ofMachine[name] }]),
    ) as Conformance['edgesByAction'],
    worlds: machine.worlds,
    depth: machine.depth,
    seconds: { spec: tlc.seconds, machine: machine.seconds, total },
    statesPerSecondRatioToTlc: machine.states.size / machine.seconds / (spec.states.size / tlc.seconds),
    ...(difference && { difference }),
  };
}

/** A graph is whole only where TLC went through it all: a violated invariant stops it. */
function complete(result: TlcResult): TlcResult {
  if (result.outcome.kind === 'holds') return result;
  const why = result.outcome.kind === 'error' ? `: ${result.outcome.message}` : '';
  throw new ModelError(
    'model/bad-config',
    `TLC did not write the whole graph (${verdict(result.outcome)}${why}): leave violated invariants out of a model to be compared`,
  );
}

function without(a: ReadonlySet<number>, b: ReadonlySet<number>): number {
  let count = 0;
  for (const item of a) if (!b.has(item)) count += 1;
  return count;
}

async function readConfig(path: string): Promise<string> {
  return await readFile(path, 'utf8').catch((error: unknown) => {
    throw new ModelError('model/unreadable', `no configuration ${path}`, { cause: error });
  });
}
