import { ACTIONS, type Action } from '../explorer/actions.ts';
import { readDot } from '../tlc/index.ts';
import { apply } from '../../trace/value.ts';
import { EdgeList, type Edges } from './edges.ts';
import type { SpecLabels } from './specLabels.ts';
import { textOf } from './specWords.ts';
import type { StateIndex } from './stateIndex.ts';

/** The state graph that TLC wrote. */
export interface SpecGraph {
  /** State numbers of the initial states. */
  readonly initial: readonly number[];
  readonly states: ReadonlySet<number>;
  readonly edges: Edges;
}

/** The actions of `spec/Graph.tla` are those of the spec with the views kept, and are named so: `KeptRead`. */
const KEPT = /^Kept/;

/**
 * Reads the state graph of the spec out of TLC's dump, as a stream. Throws TlcError for a dump that TLC would not write
 * and RangeError for an action or a variable that is not the spec's.
 */
export async function readSpecGraph(path: string, index: StateIndex, labels: SpecLabels): Promise<SpecGraph> {
  // An edge may come before the node that it leads to: nodes are numbered as they are met, and are states later.
  const nodes = new Map<string, number>();
  const stateOf: number[] = [];
  const initial: number[] = [];
  const raw = new Triples();
  const nodeOf = (id: string): number => {
    const known = nodes.get(id);
    if (known !== undefined) return known;
    nodes.set(id, stateOf.length);
    return stateOf.push(-1) - 1;
  };
  for await (const item of readDot(path)) {
    if (item.kind === 'node') {
      const state = index.printed(item.label);
      stateOf[nodeOf(item.id)] = state;
      if (item.initial) initial.push(state);
      continue;
    }
    raw.add(nodeOf(item.from), index.act === null ? actionNumber(item.label) : 0, nodeOf(item.to));
  }
  if (stateOf.includes(-1)) throw new RangeError('an edge to a state that the graph has not');
  const edges = new EdgeList();
  const actOf = actsOf(index);
  raw.forEach((fromNode, named, toNode) => {
    const [from, to] = [stateOf[fromNode]!, stateOf[toNode]!];
    const action = index.act === null ? named : actOf(to);
    edges.add(from, labels.number(from, action, to), to);
  });
  return { initial, states: new Set(stateOf), edges: edges.finish(index.size) };
}

function actionNumber(name: string): number {
  const number = ACTIONS.indexOf(name.replace(KEPT, '') as Action);
  if (number === -1) throw new RangeError(`the spec has an action that the explorer lacks: ${name}`);
  return number;
}

/** The action that led to a state, where the state says so itself. */
function actsOf(index: StateIndex): (state: number) => number {
  const known = new Map<number, number>();
  return (state) => {
    const value = index.stateValues(state)[index.act ?? -1]!;
    const number =
      known.get(value) ?? actionNumber(textOf(apply(index.value(index.act ?? -1, value), 'name')));
    known.set(value, number);
    return number;
  };
}

/** Triples of small integers, as many as there are. */
class Triples {
  private items = new Uint32Array(3 << 14);
  private length = 0;

  add(a: number, b: number, c: number): void {
    if (this.length + 3 > this.items.length) {
      const grown = new Uint32Array(this.items.length * 2);
      grown.set(this.items);
      this.items = grown;
    }
    this.items[this.length++] = a;
    this.items[this.length++] = b;
    this.items[this.length++] = c;
  }

  forEach(use: (a: number, b: number, c: number) => void): void {
    for (let i = 0; i < this.length; i += 3) use(this.items[i]!, this.items[i + 1]!, this.items[i + 2]!);
  }
}
