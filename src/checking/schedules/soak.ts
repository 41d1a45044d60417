import type { Command } from './commands.ts';
import { HeapWatch } from './HeapWatch.ts';
import { search, type Found, type Kind } from './search.ts';
import type { Shape } from './shapes.ts';
import { Statistics } from './Statistics.ts';
import type { Violation } from './Watch.ts';
import type { World } from './world.ts';

/** How long a soak goes on: so many schedules of each shape, or till a time of `performance.now`, whichever is first. */
export interface SoakOptions {
  readonly shapes: readonly Shape[];
  readonly runs: number;
  readonly until: number;
  readonly seed: number;
  /** Is told now and then. */
  readonly progress: (schedules: number, shape: string) => void;
}

/** What went wrong first, and how to see it again. */
export interface SoakFailure<W> {
  readonly shape: string;
  readonly violation: Violation;
  readonly commands: readonly Command[];
  readonly world: W;
}

export interface SoakResult<W> {
  /** By shape, in their order. */
  readonly statistics: ReadonlyMap<string, Statistics>;
  readonly failure: SoakFailure<W> | null;
  readonly heap: HeapWatch;
}

/** Schedules between two looks at clock and memory. */
const BATCH = 25;

/** Plays random schedules, shape by shape in turn, until something does not hold or it is enough. */
export async function soak<E, W extends World<E>>(
  kind: Kind<E, W>,
  how: SoakOptions,
): Promise<SoakResult<W>> {
  const statistics = new Map(how.shapes.map(({ name }) => [name, new Statistics()]));
  const heap = new HeapWatch();
  for (let batch = 0; batch * BATCH < how.runs && performance.now() < how.until; batch++) {
    for (const { name, schedules, options } of how.shapes) {
      const counted = statistics.get(name) ?? new Statistics();
      const found: Found<W> | null = search({
        ...kind,
        ...{ schedules, options, seed: how.seed + batch, runs: Math.min(BATCH, how.runs - batch * BATCH) },
        played: ({ counts }) => counted.take(counts),
      });
      if (found !== null) return { statistics, failure: { shape: name, ...found }, heap };
      heap.look();
      how.progress(counted.schedules, name);
      // So that Ctrl+C is heard, and what is finalized is let go.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  return { statistics, failure: null, heap };
}
