/** A step of a graph: two states and the label between them, by number. */
export interface Edge {
  readonly from: number;
  readonly label: number;
  readonly to: number;
}

/** More states than this have no number in an edge. */
export const STATES_LIMIT = 2 ** 24;
/** A label is below 2^29, so that label and state fit an integer below 2^53. */
const LABELS_LIMIT = 2 ** 29;

/** The edges of a graph, ordered by the state they leave: 12 bytes each. */
export class Edges {
  /** `codes[offsets[s]]` to `codes[offsets[s + 1] - 1]` are those that leave state s, in order, each once. */
  private readonly offsets: Uint32Array;
  private readonly codes: Float64Array;

  constructor(offsets: Uint32Array, codes: Float64Array) {
    this.offsets = offsets;
    this.codes = codes;
  }

  get length(): number {
    return this.codes.length;
  }

  /** The edges that leave a state. */
  leaving(state: number): readonly Edge[] {
    const edges: Edge[] = [];
    for (const code of this.codesOf(state)) edges.push(decode(state, code));
    return edges;
  }

  /** The states that a step leads to from `state`; one may come twice. */
  *successors(state: number): Generator<number, void, undefined> {
    for (const code of this.codesOf(state)) yield code % STATES_LIMIT;
  }

  /** The edges that `other` has not. */
  missingIn(other: Edges): readonly Edge[] {
    const only: Edge[] = [];
    for (let state = 0; state < this.offsets.length - 1; state += 1) {
      const theirs = other.codesOf(state);
      let j = 0;
      for (const code of this.codesOf(state)) {
        while (j < theirs.length && theirs[j]! < code) j += 1;
        if (theirs[j] !== code) only.push(decode(state, code));
      }
    }
    return only;
  }

  /** How many edges have each label, by its number. */
  byLabel(): ReadonlyMap<number, number> {
    const counts = new Map<number, number>();
    for (const code of this.codes) {
      const label = Math.floor(code / STATES_LIMIT);
      counts.set(label, (counts.get(label) ?? 0) + 1);
    }
    return counts;
  }

  private codesOf(state: number): Float64Array {
    return this.codes.subarray(this.offsets[state] ?? this.codes.length, this.offsets[state + 1]);
  }
}

function decode(from: number, code: number): Edge {
  const to = code % STATES_LIMIT;
  return { from, label: (code - to) / STATES_LIMIT, to };
}

/** Edges as they come, in any order and as often as they do. */
export class EdgeList {
  private froms = new Uint32Array(1 << 16);
  private codes = new Float64Array(1 << 16);
  private length = 0;

  add(from: number, label: number, to: number): void {
    if (label >= LABELS_LIMIT || to >= STATES_LIMIT) throw new RangeError('too many labels or states');
    if (this.length === this.codes.length) {
      this.froms = grown(this.froms, new Uint32Array(this.length * 2));
      this.codes = grown(this.codes, new Float64Array(this.length * 2));
    }
    this.froms[this.length] = from;
    this.codes[this.length] = label * STATES_LIMIT + to;
    this.length += 1;
  }

  /** @param states how many there are. */
  finish(states: number): Edges {
    const starts = new Uint32Array(states + 1);
    for (let i = 0; i < this.length; i += 1) starts[this.froms[i]! + 1]! += 1;
    for (let s = 0; s < states; s += 1) starts[s + 1]! += starts[s]!;
    const placed = new Float64Array(this.length);
    const next = starts.slice();
    for (let i = 0; i < this.length; i += 1) placed[next[this.froms[i]!]!++] = this.codes[i]!;
    const offsets = new Uint32Array(states + 1);
    let kept = 0;
    for (let s = 0; s < states; s += 1) {
      const own = placed.subarray(starts[s], starts[s + 1]);
      if (own.length > 1) own.sort();
      const first = kept;
      for (const code of own) if (kept === first || code !== placed[kept - 1]) placed[kept++] = code;
      offsets[s + 1] = kept;
    }
    return new Edges(offsets, placed.slice(0, kept));
  }
}

function grown<T extends Uint32Array | Float64Array>(old: T, larger: T): T {
  larger.set(old);
  return larger;
}
