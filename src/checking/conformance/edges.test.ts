import { describe, expect, it } from 'vitest';
import { statesAtDepth } from './depths.ts';
import { EdgeList, STATES_LIMIT } from './edges.ts';

type Triple = readonly [from: number, label: number, to: number];

function edgesOf(states: number, ...triples: readonly Triple[]) {
  const list = new EdgeList();
  for (const triple of triples) list.add(...triple);
  return list.finish(states);
}

describe('edges', () => {
  it('come once each, by the state they leave, in order', () => {
    const edges = edgesOf(3, [2, 0, 1], [0, 5, 2], [0, 1, 2], [0, 5, 2], [0, 1, 1], [2, 0, 1]);
    expect(edges.length).toBe(4);
    expect(edges.leaving(0)).toEqual([
      { from: 0, label: 1, to: 1 },
      { from: 0, label: 1, to: 2 },
      { from: 0, label: 5, to: 2 },
    ]);
    expect(edges.leaving(1)).toEqual([]);
    expect(edges.leaving(2)).toEqual([{ from: 2, label: 0, to: 1 }]);
    expect(edges.leaving(3)).toEqual([]);
    expect([...edges.byLabel()]).toEqual([
      [1, 2],
      [5, 1],
      [0, 1],
    ]);
  });

  it('are missing where the label is another, or the state is not there', () => {
    const a = edgesOf(2, [0, 1, 1], [1, 2, 0]);
    const b = edgesOf(4, [0, 3, 1], [1, 2, 0], [3, 1, 1]);
    expect(a.missingIn(b)).toEqual([{ from: 0, label: 1, to: 1 }]);
    expect(b.missingIn(a)).toEqual([
      { from: 0, label: 3, to: 1 },
      { from: 3, label: 1, to: 1 },
    ]);
    expect(a.missingIn(a)).toEqual([]);
  });

  it('may be as many as it takes, and no larger than a number holds', () => {
    const count = 200_000;
    const list = new EdgeList();
    for (let i = count - 1; i >= 0; i -= 1) list.add(i, 2 ** 29 - 1, STATES_LIMIT - 1 - i);
    const edges = list.finish(count);
    expect(edges.length).toBe(count);
    expect(edges.leaving(777)).toEqual([{ from: 777, label: 2 ** 29 - 1, to: STATES_LIMIT - 778 }]);
    expect(() => list.add(0, 2 ** 29, 0)).toThrow(RangeError);
    expect(() => list.add(0, 0, STATES_LIMIT)).toThrow(RangeError);
  });
});

describe('states at each depth', () => {
  it('are counted by their shortest way', () => {
    const edges = edgesOf(5, [0, 0, 1], [0, 0, 2], [1, 0, 3], [2, 0, 3], [3, 0, 0], [0, 1, 3]);
    expect(statesAtDepth([0], edges)).toEqual([1, 3]);
    expect(statesAtDepth([1], edges)).toEqual([1, 1, 1, 1]);
    expect(statesAtDepth([4], edges)).toEqual([1]);
  });
});
