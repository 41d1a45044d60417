import { ACTIONS, type Action } from '../explorer/actions.ts';
import { readDot } from '../tlc/index.ts';
import { EdgeSet } from './edgeSet.ts';
import type { StateIndex } from './stateIndex.ts';

/** The state graph that TLC wrote. */
export interface SpecGraph {
  /** State numbers of the initial states. */
  readonly initial: readonly number[];
  readonly states: ReadonlySet<number>;
  readonly edges: Float64Array;
}

/**
 * Reads the state graph of the spec out of TLC's dump, as a stream. Throws TlcError for a dump that TLC would not write
 * and RangeError for an action or a variable that is not the spec's.
 */
export async function readSpecGraph(path: string, index: StateIndex): Promise<SpecGraph> {
  const numbers = new Map<string, number>();
  const states = new Set<number>();
  const initial: number[] = [];
  const froms: string[] = [];
  const raw = { actions: [] as number[], tos: [] as string[] };
  for await (const item of readDot(path)) {
    if (item.kind === 'node') {
      const number = index.printed(item.label);
      numbers.set(item.id, number);
      states.add(number);
      if (item.initial) initial.push(number);
      continue;
    }
    const action = ACTIONS.indexOf(item.label as Action);
    if (action === -1) throw new RangeError(`the spec has an action that the explorer lacks: ${item.label}`);
    froms.push(item.from);
    raw.actions.push(action);
    raw.tos.push(item.to);
  }
  const numberOf = (id: string): number => {
    const number = numbers.get(id);
    if (number === undefined) throw new RangeError(`an edge to the state ${id}, which the graph has not`);
    return number;
  };
  const edges = new EdgeSet();
  froms.forEach((from, i) => edges.add(numberOf(from), raw.actions[i]!, numberOf(raw.tos[i]!)));
  return { initial, states, edges: edges.sorted() };
}
