import type { Command } from './commands.ts';
import { Simulation, type SimulationOptions } from './Simulation.ts';
import { ScheduleCounts } from './Statistics.ts';
import { Violation, Watch } from './Watch.ts';
import type { World } from './world.ts';

/** One schedule, played to its end. */
export interface Played<E> {
  readonly simulation: Simulation<E>;
  readonly counts: ScheduleCounts;
}

/** Whether an entry that was lost is a commit that adds somebody: its Welcome would have been an entry of its own. */
export type AddsSomebody<E> = (entry: E) => boolean;

/**
 * Plays a schedule in a world of its own, which it closes, and watches each step.
 *
 * @throws Violation with all that happened, a line a step.
 */
export function play<E>(
  world: World<E>,
  commands: readonly Command[],
  adds: AddsSomebody<E>,
  options: SimulationOptions = {},
): Played<E> {
  const simulation = new Simulation(world, options);
  const watch = new Watch(simulation);
  const counts = new ScheduleCounts();
  simulation.onStep = (seat) => {
    counts.stepped(seat);
    watch.stepped(seat);
  };
  simulation.onLostEntry = (entry) => {
    if (adds(entry)) counts.decided.add('Atomic');
  };
  try {
    for (const command of commands) counts.happened(simulation.run(command));
    simulation.quiesce();
    watch.end();
    counts.ended(simulation, watch);
  } catch (error) {
    if (error instanceof Violation)
      error.message += `\n${simulation.trail.map((it) => `  ${it}`).join('\n')}`;
    throw error;
  } finally {
    world.close();
  }
  return { simulation, counts };
}
