import { ACTIONS, type Action } from '../explorer/actions.ts';

/** A step of a graph: two states by number, and the action between them. */
export interface Edge {
  readonly from: number;
  readonly action: Action;
  readonly to: number;
}

/** More states than this have no number in an edge. */
export const STATES_LIMIT = 2 ** 24;
const ACTION_RANGE = 16;

/** A set of edges, 8 bytes each: `from`, action and `to` are one integer below 2^52. */
export class EdgeSet {
  private codes = new Float64Array(1 << 16);
  private length = 0;

  add(from: number, action: number, to: number): void {
    if (this.length === this.codes.length) {
      const grown = new Float64Array(this.codes.length * 2);
      grown.set(this.codes);
      this.codes = grown;
    }
    this.codes[this.length] = (from * ACTION_RANGE + action) * STATES_LIMIT + to;
    this.length += 1;
  }

  /** The edges in order, each once. */
  sorted(): Float64Array {
    const sorted = this.codes.slice(0, this.length).sort();
    let kept = 0;
    for (const code of sorted) if (kept === 0 || code !== sorted[kept - 1]) sorted[kept++] = code;
    this.codes = sorted;
    this.length = kept;
    return sorted.subarray(0, kept);
  }
}

export function decode(code: number): Edge {
  const to = code % STATES_LIMIT;
  const rest = (code - to) / STATES_LIMIT;
  const action = ACTIONS[rest % ACTION_RANGE];
  if (action === undefined) throw new RangeError(`${code} is no edge`);
  return { from: Math.floor(rest / ACTION_RANGE), action, to };
}

/** What is in `a` and not in `b`; both sorted, each edge once. */
export function missing(a: Float64Array, b: Float64Array): number[] {
  const only: number[] = [];
  let j = 0;
  for (const code of a) {
    while (j < b.length && b[j]! < code) j += 1;
    if (b[j] !== code) only.push(code);
  }
  return only;
}

/** How many edges each action has. */
export function byAction(sorted: Float64Array): Record<Action, number> {
  const counts = Object.fromEntries(ACTIONS.map((action) => [action, 0])) as Record<Action, number>;
  for (const code of sorted) counts[decode(code).action] += 1;
  return counts;
}
