import fc from 'fast-check';

/** What may happen next in a schedule, and how often relative to one another. */
const WEIGHTS = {
  /** Somebody new joins. */
  join: 8,
  /** One participant reads the next entry; or all that there are. */
  deliver: 20,
  catchUp: 26,
  /** One founds or commits, where it may. */
  act: 24,
  /** The service appends the first entry that one has sent and that was on its way. */
  append: 24,
  handOver: 9,
  claim: 5,
  leave: 2,
  crash: 1,
  /** The service declares somebody gone who is alive. */
  declareGone: 2,
  /** The service appends the leave of somebody who left or crashed. */
  bury: 3,
  /** A connection is lost, with all that was on its way; what is in flight is sent again, or twice. */
  lose: 3,
  resend: 4,
  /** Somebody takes no step of its own, nor reads, for a while; and then goes on. */
  hang: 2,
  thaw: 2,
} as const;

/** What a service does besides that is not honest, and what a member writes that does not follow the protocol. */
const DISHONEST_WEIGHTS = {
  /** An entry of long ago is appended again. */
  repeat: 2,
  /** The second entry that somebody has sent overtakes the first. */
  overtake: 1,
  /** The first entry that somebody has sent gets nowhere. */
  drop: 1,
  joinUninvited: 1,
  outOfTurn: 2,
  unjustified: 2,
  elsewhere: 2,
  secondFounding: 1,
} as const;

export type HonestAction = keyof typeof WEIGHTS;
export type DishonestAction = keyof typeof DISHONEST_WEIGHTS;
export type Action = HonestAction | DishonestAction;
export const HONEST_ACTIONS = Object.keys(WEIGHTS) as readonly HonestAction[];
export const DISHONEST_ACTIONS = Object.keys(DISHONEST_WEIGHTS) as readonly DishonestAction[];

/** What counts as a fault: nobody who follows the protocol, on a network that works, does it. */
export const FAULTS: readonly Action[] = [
  'crash',
  'declareGone',
  'lose',
  'hang',
  'claim',
  ...DISHONEST_ACTIONS,
];

/**
 * One step of a schedule. `pick` chooses among those to whom it can happen; where there is none, something else that is
 * due happens (`Simulation.run`).
 */
export interface Command {
  readonly action: Action;
  readonly pick: number;
}

/** Picks: enough to choose among 12 in many ways. */
const PICKS = 60;

/** How schedules are made. */
export interface ScheduleShape {
  /** Commands, at least and at most. */
  readonly length: readonly [number, number];
  /** With what a service or a member does that does not follow the protocol. */
  readonly dishonest: boolean;
  /** Of these there are so many at least, spread over the schedule. */
  readonly atLeast: Partial<Record<'join' | 'leave' | 'fault', number>>;
}

const commandOf = (
  actions: readonly { readonly action: Action; readonly weight: number }[],
): fc.Arbitrary<Command> =>
  fc.record({
    action: fc.oneof(...actions.map(({ action, weight }) => ({ weight, arbitrary: fc.constant(action) }))),
    pick: fc.nat({ max: PICKS - 1 }),
  });

const weighed = (weights: Readonly<Partial<Record<Action, number>>>) =>
  Object.entries(weights).map(([action, weight]) => ({ action: action as Action, weight }));

/** The same schedule without some of its commands: halves, then quarters, and so on to single commands. */
function* shorter(commands: readonly Command[]): Generator<fc.Value<Command[]>> {
  for (let size = Math.ceil(commands.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let end = commands.length; end > 0; end -= size) {
      const start = Math.max(0, end - size);
      yield new fc.Value([...commands.slice(0, start), ...commands.slice(end)], undefined);
    }
  }
}

/** Schedules that shrink below their least length: long to search, short to read. */
class Schedules extends fc.Arbitrary<Command[]> {
  readonly #commands: fc.Arbitrary<Command[]>;
  readonly #wanted: readonly fc.Arbitrary<Command>[];

  constructor({ length: [minLength, maxLength], dishonest, atLeast }: ScheduleShape) {
    super();
    const actions = weighed(dishonest ? { ...WEIGHTS, ...DISHONEST_WEIGHTS } : WEIGHTS);
    this.#commands = fc.array(commandOf(actions), { minLength, maxLength, size: 'max' });
    const faults = commandOf(actions.filter(({ action }) => FAULTS.includes(action)));
    const of = {
      join: commandOf(weighed({ join: 1 })),
      leave: commandOf(weighed({ leave: 1 })),
      fault: faults,
    };
    this.#wanted = Object.entries(atLeast).flatMap(([kind, count]) =>
      Array.from({ length: count }, () => of[kind as keyof typeof of]),
    );
  }

  override generate(random: fc.Random): fc.Value<Command[]> {
    const commands = this.#commands.generate(random, undefined).value_;
    for (const wanted of this.#wanted)
      commands.splice(random.nextInt(0, commands.length), 0, wanted.generate(random, undefined).value_);
    return new fc.Value(commands, undefined);
  }

  override canShrinkWithoutContext(value: unknown): value is Command[] {
    return Array.isArray(value);
  }

  override shrink(value: Command[]): fc.Stream<fc.Value<Command[]>> {
    return fc.stream(shorter(value));
  }
}

export const schedules = (shape: ScheduleShape): fc.Arbitrary<Command[]> => new Schedules(shape);
