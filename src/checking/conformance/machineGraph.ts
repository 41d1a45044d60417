import type { CellStep } from '../explorer/cell.ts';
import { type Environment, type World, type WorldStep } from '../explorer/environment.ts';
import { ExplorerError } from '../explorer/errors.ts';
import { Interner } from '../explorer/interner.ts';
import { NO_ACT, projectAct } from '../explorer/project.ts';
import type { Doubled } from './doubled.ts';
import { EdgeList, STATES_LIMIT, type Edges } from './edges.ts';
import type { LabelIndex } from './labels.ts';
import { projector } from './projector.ts';
import type { StateIndex } from './stateIndex.ts';
import { worldKey } from './worldKey.ts';

/** The worlds that the machines can reach, and the spec's states that they are. */
export interface MachineGraph {
  readonly environment: Environment;
  /** State numbers. */
  readonly initial: number;
  readonly states: ReadonlySet<number>;
  readonly edges: Edges;
  /**
   * Different worlds: whole snapshots, cores, outboxes and log; where the last step is part of the state, with it. As
   * many as states, where the projection is injective.
   */
  readonly worlds: number;
  /** Different worlds, whatever led to them. */
  readonly unlabelled: number;
  /** The nearest two worlds that are one state; undefined where the projection is injective. */
  readonly doubled: (Doubled & { readonly path: readonly WorldStep[] }) | undefined;
  readonly depth: number;
  /** Without the time in which others had the thread. */
  readonly seconds: number;
  /** How many steps the nearest world that is this state is away; undefined where none is. */
  depthOf(state: number): number | undefined;
  /** How the first world that is this state was first reached, shortest way; undefined where none was. */
  pathTo(state: number): readonly WorldStep[] | undefined;
  /** The state of the first world that has this cell; undefined where none has. */
  stateWith(cell: number): number | undefined;
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
  environment: Environment,
  index: StateIndex,
  labels: LabelIndex,
  options: ExploreOptions = {},
): Promise<MachineGraph> {
  let started = performance.now();
  let worked = 0;
  const limit = Math.min(options.worldsLimit ?? 4_000_000, STATES_LIMIT);
  const project = projector(environment, index);
  const labelOf = labeller(environment, labels);
  const actOf = acts(environment, index);
  const worlds = new Interner<World>();
  const nodes = new Nodes();
  const first = environment.initial();
  nodes.number(
    worlds.intern(worldKey(first), () => first),
    actOf(null),
  );
  const stateOf = [project(first, actOf(null))];
  const parents = [-1];
  const depths = [0];
  const firstNode = new Map([[stateOf[0]!, 0]]);
  const edges = new EdgeList();
  let twin: number | undefined;

  for (let at = 0; at < nodes.size; at += 1) {
    if (at % YIELD_EVERY === 0) {
      options.signal?.throwIfAborted();
      options.onProgress?.(nodes.size, depths[at]!);
      worked += performance.now() - started;
      await new Promise(setImmediate);
      started = performance.now();
    }
    const before = worlds.get(nodes.world(at));
    for (const step of environment.steps(before)) {
      const { world } = step;
      const act = actOf(step);
      const seen = nodes.size;
      const to = nodes.number(
        worlds.intern(worldKey(world), () => world),
        act,
      );
      if (to === seen) {
        if (to >= limit) throw new ExplorerError('explorer/too-large', `more than ${limit} worlds`);
        const state = project(world, act);
        stateOf.push(state);
        parents.push(at);
        depths.push(depths[at]! + 1);
        if (firstNode.has(state)) twin ??= to;
        else firstNode.set(state, to);
      }
      edges.add(stateOf[at]!, labelOf(before, step), stateOf[to]!);
    }
  }
  const finished = edges.finish(index.size);
  const seconds = (worked + performance.now() - started) / 1000;

  const pathToNode = (end: number): readonly WorldStep[] => {
    const path: WorldStep[] = [];
    for (let to = end; parents[to]! >= 0; to = parents[to]!) {
      const key = worldKey(worlds.get(nodes.world(to)));
      const step = environment
        .steps(worlds.get(nodes.world(parents[to]!)))
        .find((taken) => worldKey(taken.world) === key && actOf(taken) === nodes.act(to));
      if (step === undefined)
        throw new RangeError('the explorer lost its way: a machine is not deterministic');
      path.push(step);
    }
    return path.reverse();
  };
  const pathTo = (state: number): readonly WorldStep[] | undefined => {
    const end = firstNode.get(state);
    return end === undefined ? undefined : pathToNode(end);
  };
  const depthOf = (state: number): number | undefined => {
    const number = firstNode.get(state);
    return number === undefined ? undefined : depths[number];
  };
  const stateWith = (cell: number): number | undefined => {
    const at = stateOf.findIndex((_, node) => worlds.get(nodes.world(node)).cells.includes(cell));
    return stateOf[at];
  };
  const worldAt = (node: number): World => worlds.get(nodes.world(node));
  const doubled =
    twin === undefined
      ? undefined
      : {
          first: worldAt(firstNode.get(stateOf[twin]!)!),
          second: worldAt(twin),
          path: pathToNode(twin),
        };
  return {
    ...{ environment, initial: stateOf[0]!, states: new Set(stateOf), edges: finished },
    ...{ worlds: nodes.size, unlabelled: worlds.size, depth: depths.at(-1)! + 1, seconds },
    ...{ pathTo, depthOf, stateWith, doubled },
  };
}

/** A world, and the act that led to it where that is part of the state. */
class Nodes {
  private readonly numbers = new Map<number, number>();
  private readonly worlds: number[] = [];
  private readonly acts: number[] = [];

  get size(): number {
    return this.worlds.length;
  }

  number(world: number, act: number): number {
    const key = act * STATES_LIMIT + world;
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    const number = this.worlds.push(world) - 1;
    this.acts.push(act);
    this.numbers.set(key, number);
    return number;
  }

  world(node: number): number {
    return this.worlds[node]!;
  }

  act(node: number): number {
    return this.acts[node]!;
  }
}

/** The value number of `act` after a step, null: none; always 0 where the act is no part of the state. */
function acts(environment: Environment, index: StateIndex): (step: WorldStep | null) => number {
  const { act } = index;
  if (act === null) return () => 0;
  const known = new Map<string, number>();
  return (step) => {
    const key = step === null ? '' : `${step.action} ${step.participant} ${step.entry ?? ''}`;
    let number = known.get(key);
    if (number === undefined) {
      number = index.valueNumber(act, step === null ? NO_ACT : projectAct(environment, step));
      known.set(key, number);
    }
    return number;
  };
}

/** The number of the label of a step: what the machine itself asked for. */
function labeller(environment: Environment, labels: LabelIndex): (before: World, step: WorldStep) => number {
  const bySteps = new Map<CellStep, number>();
  const others = new Map<string, number>();
  return (before, { action, participant, world, step }) => {
    const known = step === null ? undefined : bySteps.get(step);
    if (known !== undefined) return known;
    const changed =
      before.log !== world.log ||
      before.cells[participant] !== world.cells[participant] ||
      before.outboxes[participant] !== world.outboxes[participant];
    const name = changed ? (environment.constants.participants[participant] ?? null) : null;
    const key = `${action} ${name ?? ''}`;
    if (step === null) {
      const other = others.get(key) ?? labels.number({ action, participant: name, effects: [] });
      others.set(key, other);
      return other;
    }
    const number = labels.number({ action, participant: name, effects: step.effects });
    bySteps.set(step, number);
    return number;
  };
}
