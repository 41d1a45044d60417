import fc from 'fast-check';

/** What may happen next in a schedule, and how often relative to one another. */
const WEIGHTS = {
  /** Somebody new joins. */
  join: 8,
  /** One participant reads the next entry; or all that there are. */
  deliver: 30,
  catchUp: 8,
  /** One founds or commits, where it may. */
  act: 14,
  /** The service appends the first entry that one has sent and that was on its way. */
  append: 14,
  handOver: 9,
  claim: 5,
  leave: 1,
  crash: 1,
  /** The service declares somebody gone who is alive. */
  declareGone: 2,
  /** The service appends the leave of somebody who left or crashed. */
  bury: 3,
  /** A connection is lost, with all that was on its way; what is in flight is sent again, or twice. */
  lose: 3,
  resend: 4,
} as const;

export type Action = keyof typeof WEIGHTS;
export const ACTIONS = Object.keys(WEIGHTS) as readonly Action[];

/**
 * One step of a schedule. `pick` chooses among those to whom it can happen; where there is none, something else that is
 * due happens (`Simulation.run`).
 */
export interface Command {
  readonly action: Action;
  readonly pick: number;
}

const command: fc.Arbitrary<Command> = fc.record({
  action: fc.oneof(...ACTIONS.map((it) => ({ weight: WEIGHTS[it], arbitrary: fc.constant(it) }))),
  pick: fc.nat({ max: 59 }),
});

/** The same schedule without some of its commands: halves, then quarters, and so on to single commands. */
function* shorter(commands: readonly Command[]): Generator<fc.Value<Command[]>> {
  for (let size = Math.ceil(commands.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let end = commands.length; end > 0; end -= size) {
      const start = Math.max(0, end - size);
      yield new fc.Value([...commands.slice(0, start), ...commands.slice(end)], undefined);
    }
  }
}

/** Schedules of `min` to `max` commands that shrink below `min`: long to search, short to read. */
class Schedules extends fc.Arbitrary<Command[]> {
  readonly #commands: fc.Arbitrary<Command[]>;

  constructor(min: number, max: number) {
    super();
    this.#commands = fc.array(command, { minLength: min, maxLength: max, size: 'max' });
  }

  override generate(random: fc.Random): fc.Value<Command[]> {
    return new fc.Value(this.#commands.generate(random, undefined).value_, undefined);
  }

  override canShrinkWithoutContext(value: unknown): value is Command[] {
    return Array.isArray(value);
  }

  override shrink(value: Command[]): fc.Stream<fc.Value<Command[]>> {
    return fc.stream(shorter(value));
  }
}

export const schedules = (min: number, max: number): fc.Arbitrary<Command[]> => new Schedules(min, max);
