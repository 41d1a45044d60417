import fc from 'fast-check';
import { schedules, type Command } from './commands.ts';
import type { SimulationOptions } from './Simulation.ts';

/** A kind of schedule. */
export interface Shape {
  readonly name: string;
  readonly schedules: fc.Arbitrary<Command[]>;
  readonly options: SimulationOptions;
}

const AT_LEAST = { join: 5, leave: 3, fault: 2 };

/** Hundreds of steps of up to 12 participants at once, who all follow the protocol on a network that does not always work. */
export const LONG: Shape = {
  name: 'honest',
  schedules: schedules({ length: [200, 300], dishonest: false, atLeast: AT_LEAST }),
  options: {},
};

/** The same with a service that repeats, drops and lets overtake, uninvited joins, and members that lie. */
export const LONG_DISHONEST: Shape = {
  name: 'dishonest',
  schedules: schedules({ length: [200, 300], dishonest: true, atLeast: AT_LEAST }),
  options: {},
};

/** Short ones of both kinds, for numbers. */
export const SHORT: readonly Shape[] = [false, true].map((dishonest) => ({
  name: `short, ${dishonest ? 'dishonest' : 'honest'}`,
  schedules: schedules({ length: [25, 60], dishonest, atLeast: { join: 2 } }),
  options: {},
}));

const pick = fc.nat({ max: 59 });
const step: fc.Arbitrary<Command> = fc.record({
  action: fc.constantFrom('deliver', 'catchUp', 'act', 'append', 'bury', 'thaw'),
  pick,
});
const one = (action: Command['action']): fc.Arbitrary<Command> =>
  fc.record({ action: fc.constant(action), pick });

/** 5 joins and 3 leaves, in an order by chance in which there is somebody to leave. */
const EVENTS: fc.Arbitrary<('join' | 'leave')[]> = fc
  .shuffledSubarray([...Array<'join'>(4).fill('join'), ...Array<'leave'>(3).fill('leave')], {
    minLength: 7,
    maxLength: 7,
  })
  .map((shuffled) => {
    let [here, late] = [1, 0];
    const events: ('join' | 'leave')[] = ['join'];
    for (const event of shuffled) {
      if (event === 'leave' && here === 0) late++;
      else events.push(event);
      here += event === 'join' ? 1 : here > 0 ? -1 : 0;
    }
    return [...events, ...Array<'leave'>(late).fill('leave')];
  });

/** Those, up to 6 steps of somebody between any two; and a crash between any two steps, or none. */
function comingsAndGoings(crash: boolean): fc.Arbitrary<Command[]> {
  const steps = fc.array(step, { maxLength: 6 });
  return fc
    .tuple(EVENTS, fc.array(steps, { minLength: 8, maxLength: 8 }), fc.nat({ max: 999 }), one('crash'), pick)
    .map(([kinds, between, place, crashing, picked]) => {
      const commands = kinds.flatMap((action, i) => [{ action, pick: picked }, ...(between[i] ?? [])]);
      if (crash) commands.splice(place % (commands.length + 1), 0, crashing);
      return commands;
    });
}

/** The shape that leaves 25 to 68 % of Orange Meets' rooms broken: by crash, and by whether who joins starts slowly. */
export const ORANGE: readonly Shape[] = [false, true].flatMap((crash) =>
  [false, true].map((slowStart) => ({
    name: `5 joins, 3 leaves, ${crash ? 'one crash' : 'no crash'}${slowStart ? ', slow start' : ''}`,
    schedules: comingsAndGoings(crash),
    options: { slowStart, exact: true },
  })),
);
