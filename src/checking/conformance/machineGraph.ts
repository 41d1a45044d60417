import { ACTIONS } from '../explorer/actions.ts';
import { Environment, type World, type WorldStep } from '../explorer/environment.ts';
import { ExplorerError } from '../explorer/errors.ts';
import { Interner } from '../explorer/interner.ts';
import { projectVariable, VARIABLES } from '../explorer/project.ts';
import type { ModelConstants } from '../model/constants.ts';
import { EdgeSet, STATES_LIMIT } from './edgeSet.ts';
import type { StateIndex } from './stateIndex.ts';

/** The worlds that the machines can reach, and the spec's states that they are. */
export interface MachineGraph {
  readonly environment: Environment;
  /** State numbers. */
  readonly initial: number;
  readonly states: ReadonlySet<number>;
  readonly edges: Float64Array;
  /** Different worlds: whole snapshots, cores, outboxes and log. As many as states, where the projection is injective. */
  readonly worlds: number;
  readonly depth: number;
  /** Without the time in which others had the thread. */
  readonly seconds: number;
  /** How many steps the nearest world that is this state is away; undefined where none is. */
  depthOf(state: number): number | undefined;
  /** How the first world that is this state was first reached, shortest way; undefined where none was. */
  pathTo(state: number): readonly WorldStep[] | undefined;
}

export interface ExploreOptions {
  /** Fails with `explorer/too-large` beyond so many worlds. Default 4 million. */
  readonly worldsLimit?: number;
  readonly onProgress?: (worlds: number, depth: number) => void;
  readonly signal?: AbortSignal;
}

const YIELD_EVERY = 4_096;

/** Walks all worlds of a bounded model, breadth first, one production machine a participant. Throws ExplorerError. */
export async function explore(
  constants: ModelConstants,
  index: StateIndex,
  options: ExploreOptions = {},
): Promise<MachineGraph> {
  let started = performance.now();
  let worked = 0;
  const limit = Math.min(options.worldsLimit ?? 4_000_000, STATES_LIMIT);
  const environment = new Environment(constants);
  const project = projector(environment, index);
  const worlds = new Interner<World>();
  const first = environment.initial();
  worlds.intern(worldKey(first), () => first);
  const stateOf = [project(first)];
  const parents = [-1];
  const depths = [0];
  const firstWorld = new Map([[stateOf[0]!, 0]]);
  const edges = new EdgeSet();

  for (let at = 0; at < worlds.size; at += 1) {
    if (at % YIELD_EVERY === 0) {
      options.signal?.throwIfAborted();
      options.onProgress?.(worlds.size, depths[at]!);
      worked += performance.now() - started;
      await new Promise(setImmediate);
      started = performance.now();
    }
    for (const { action, world } of environment.steps(worlds.get(at))) {
      const before = worlds.size;
      const to = worlds.intern(worldKey(world), () => world);
      if (to === before) {
        if (to >= limit) throw new ExplorerError('explorer/too-large', `more than ${limit} worlds`);
        const state = project(world);
        stateOf.push(state);
        parents.push(at);
        depths.push(depths[at]! + 1);
        if (!firstWorld.has(state)) firstWorld.set(state, to);
      }
      edges.add(stateOf[at]!, ACTIONS.indexOf(action), stateOf[to]!);
    }
  }
  const sorted = edges.sorted();
  const seconds = (worked + performance.now() - started) / 1000;

  const pathTo = (state: number): readonly WorldStep[] | undefined => {
    const end = firstWorld.get(state);
    if (end === undefined) return undefined;
    const path: WorldStep[] = [];
    for (let to = end; parents[to]! >= 0; to = parents[to]!) {
      const key = worldKey(worlds.get(to));
      const step = environment.steps(worlds.get(parents[to]!)).find(({ world }) => worldKey(world) === key);
      if (step === undefined)
        throw new RangeError('the explorer lost its way: a machine is not deterministic');
      path.push(step);
    }
    return path.reverse();
  };
  const depthOf = (state: number): number | undefined => {
    const number = firstWorld.get(state);
    return number === undefined ? undefined : depths[number];
  };
  const states = new Set(stateOf);
  const depth = depths.at(-1)! + 1;
  return {
    ...{ environment, initial: stateOf[0]!, states, edges: sorted, worlds: worlds.size },
    ...{ depth, seconds, pathTo, depthOf },
  };
}

function worldKey({ log, cells, outboxes, gone, claims, handovers, lost, resent }: World): string {
  return `${log} ${cells.join(' ')} ${outboxes.join(' ')} ${gone} ${claims} ${handovers} ${lost} ${resent}`;
}

/** The number of the state that a world is. Each variable is projected once for what it depends on. */
function projector(environment: Environment, index: StateIndex): (world: World) => number {
  const known = VARIABLES.map(() => new Map<string, number>());
  return (world) => {
    const cells = world.cells.join(' ');
    const values = VARIABLES.map((name, i) => {
      const key =
        name === 'log'
          ? String(world.log)
          : name === 'outbox'
            ? world.outboxes.join(' ')
            : name === 'faults'
              ? `${world.gone} ${world.claims} ${world.handovers} ${world.lost} ${world.resent}`
              : cells;
      let number = known[i]!.get(key);
      if (number === undefined) {
        number = index.valueNumber(i, projectVariable(environment, world, name));
        known[i]!.set(key, number);
      }
      return number;
    });
    return index.stateNumber(values);
  };
}
