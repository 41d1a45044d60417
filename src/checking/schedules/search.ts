import fc from 'fast-check';
import type { Command } from './commands.ts';
import { play, type AddsSomebody, type Played } from './play.ts';
import type { SimulationOptions } from './Simulation.ts';
import { Violation } from './Watch.ts';
import type { World } from './world.ts';

/** How many schedules are played to make one that failed shorter. */
const SHRINKS = 80;

/** One kind of world, and how to tell its entries apart. */
export interface Kind<E, W extends World<E>> {
  /** A fresh world for each schedule. */
  readonly world: () => W;
  readonly adds: AddsSomebody<E>;
}

export interface Search<E, W extends World<E>> extends Kind<E, W> {
  readonly seed: number;
  readonly runs: number;
  readonly schedules: fc.Arbitrary<Command[]>;
  readonly options?: SimulationOptions;
  /** Is told of each schedule in which all held. */
  readonly played?: (played: Played<E>, world: W) => void;
}

/** A schedule in which something does not hold, as short as it was made. */
export interface Found<W> {
  readonly violation: Violation;
  readonly commands: readonly Command[];
  /** The world in which it was played last. */
  readonly world: W;
}

/**
 * The first violation that random schedules find, shrunk; null where they find none. A world that fails in any other way
 * throws.
 */
export function search<E, W extends World<E>>(how: Search<E, W>): Found<W> | null {
  const { world, adds, seed, runs, schedules, options, played } = how;
  let left = Infinity;
  const details = fc.check(
    fc.property(schedules, (commands) => {
      if (left-- <= 0) return;
      const own = world();
      try {
        const done = play(own, commands, adds, options);
        played?.(done, own);
      } catch (error) {
        left = Math.min(left, SHRINKS);
        throw error;
      }
    }),
    { seed, numRuns: runs },
  );
  if (!details.failed) return null;
  const [commands] = details.counterexample ?? [[]];
  const again = world();
  try {
    play(again, commands, adds, options);
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    error.message += `\nseed ${seed}, shrunk ${details.numShrinks} times to ${commands.length} commands`;
    return { violation: error, commands, world: again };
  }
  throw new Error(`seed ${seed}: failed and does not fail again`);
}
