import type { Edges } from './edges.ts';

/** How many states are 0, 1, 2, … steps away from the initial ones: the shape of a graph. */
export function statesAtDepth(initial: readonly number[], edges: Edges): readonly number[] {
  const seen = new Set(initial);
  const counts: number[] = [];
  let level: readonly number[] = [...seen];
  while (level.length > 0) {
    counts.push(level.length);
    const next: number[] = [];
    for (const state of level) {
      for (const to of edges.successors(state)) {
        if (seen.has(to)) continue;
        seen.add(to);
        next.push(to);
      }
    }
    level = next;
  }
  return counts;
}
