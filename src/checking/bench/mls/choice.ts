/** How many joiners a commit should admit, by what was measured. */
import type { Row } from '../row.ts';

/** Milliseconds a joiner: what issue and design ask for at the batch that is chosen. */
export const MOST_MILLISECONDS = { committer: 3, bystander: 1 } as const;

export interface Choice {
  /** The batch with the lowest cost of committer and bystander together. */
  readonly best: number;
  readonly current: number;
  /** What is over its limit at the current batch, as text; empty where nothing is. */
  readonly over: readonly string[];
}

/** @throws RangeError where a figure of the current batch is missing. */
export function chooseBatch(rows: readonly Row[], current: number): Choice {
  const cost = (who: keyof typeof MOST_MILLISECONDS, batch: number): number => {
    const found = rows.find((it) => it.point?.curve === who && it.point.members === batch);
    if (found === undefined) throw new RangeError(`no figure of the ${who} at ${batch}`);
    return found.ours;
  };
  const batches = rows.filter((it) => it.point?.curve === 'committer').map((it) => it.point?.members ?? 0);
  const total = (batch: number): number => cost('committer', batch) + cost('bystander', batch);
  const best = batches.reduce((a, b) => (total(b) < total(a) ? b : a), current);
  const over = Object.entries(MOST_MILLISECONDS).flatMap(([who, most]) => {
    const value = cost(who as keyof typeof MOST_MILLISECONDS, current);
    return value < most ? [] : [`${who}: ${value.toFixed(2)} ms a joiner, not below ${most}`];
  });
  return { best, current, over };
}
