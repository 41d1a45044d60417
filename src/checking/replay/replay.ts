import type { MlsGroup } from '../../mls/MlsGroup.ts';
import { createMlsGroup } from '../../mls/wasm.ts';
import { ALL_RULES, RULES } from '../../protocol/rules.ts';
import { Comparison } from './comparison.ts';
import { DamageFinder } from './damage.ts';
import { ReplayError } from './errors.ts';
import { Epochs, equalHistories } from './epochs.ts';
import { KeeperDriver } from './keeperDriver.ts';
import { Openings } from './openings.ts';
import { entryText, type Driver } from './participant.ts';
import { verdictOf, type Replay, type ReplayRow, type ReplayVerdict } from './result.ts';
import type { Schedule, ScheduledStep } from './schedule.ts';
import type { Sight } from './sight.ts';
import { WireDriver } from './wireDriver.ts';
import { World } from './world.ts';

export interface ReplayOptions {
  /** With all rules on, whatever the trace's are: steps that are not possible any more are skipped. */
  readonly withRules?: boolean;
  /** The MLS core of a participant, by its id. For tests of the replay itself. */
  readonly createMls?: (participant: string) => MlsGroup;
}

/** Seconds since 1970: replays are dated the same. */
const NOW = 1_795_305_600;

/**
 * Replays a schedule on the production machine over the real MLS core. At each step: the state is the trace's; for each
 * two MLS groups, histories are equal exactly where epoch authenticators are; and for each ordered pair of participants,
 * one opens what the other protects exactly where they are in one epoch. Needs `loadMls` first.
 */
export async function replay(schedule: Schedule, options: ReplayOptions = {}): Promise<Replay> {
  const withRules = options.withRules === true;
  const constants = withRules ? { ...schedule.constants, rules: ALL_RULES } : schedule.constants;
  const createMls = options.createMls ?? ((participant) => createMlsGroup({ participant, now: NOW }));
  const epochs = new Epochs();
  const parts = { constants, epochs, createMls };
  const run = <Content>(driver: Driver<Content>): Promise<Replay> => {
    const world = new World(constants, driver, epochs);
    return new Run(world, constants.participants, withRules).run(schedule, driver.description);
  };
  return constants.rules.Atomic ? run(new WireDriver(parts)) : run(new KeeperDriver(parts));
}

class Run<Content> {
  readonly #world: World<Content>;
  readonly #withRules: boolean;
  readonly #rows: ReplayRow[] = [];
  readonly #damage = new DamageFinder();
  readonly #openings: Openings;
  readonly #comparison: Comparison;
  #pairs = 0;

  constructor(world: World<Content>, names: readonly string[], withRules: boolean) {
    this.#world = world;
    this.#withRules = withRules;
    this.#openings = new Openings(names);
    this.#comparison = new Comparison(world, names);
  }

  async run({ before, initial, steps, hungForEver }: Schedule, driver: string): Promise<Replay> {
    const world = this.#world;
    for (const { action, participant } of before) if (action !== null) world.take(action, participant);
    const wrong = initial === null ? null : this.#comparison.differenceFromState(initial);
    if (wrong !== null) throw new ReplayError('replay/no-start', `the machines do not begin there: ${wrong}`);
    const start = world.sights();
    await this.#openings.look(start, (name) => world.group(name));
    this.#damage.look(start, this.#openings.table, world.end);
    for (const [i, step] of steps.entries()) {
      const row = await this.#step(step, i + 1);
      this.#rows.push(row);
      if (row.difference !== null) break;
    }
    const rows = this.#rows;
    const last = rows.at(-1);
    if (last !== undefined && hungForEver !== null && last.difference === null)
      rows[rows.length - 1] = { ...last, stuck: world.stuck(hungForEver) };
    world.close();
    return {
      rows,
      before: start,
      log: world.log.map(({ value }) => entryText(value)),
      ...verdictOf(rows),
      pairs: this.#pairs,
      openings: this.#openings.counts,
      skipped: rows.filter((row) => row.skipped).length,
      driver,
    };
  }

  async #step(step: ScheduledStep, number: number): Promise<ReplayRow> {
    const { action, name, participant } = step;
    const possible = action === null || this.#world.take(action, participant);
    const sights = this.#world.sights();
    const openings = await this.#openings.look(sights, (who) => this.#world.group(who));
    return {
      step: number,
      action: name,
      participant,
      skipped: !possible && this.#withRules,
      length: this.#world.log.length,
      sights,
      openings: this.#openings.table,
      ...this.#damage.look(sights, this.#openings.table, this.#world.end),
      stuck: null,
      difference: this.#difference(possible, step, sights) ?? openings,
    };
  }

  #difference(possible: boolean, step: ScheduledStep, sights: readonly Sight[]): string | null {
    if (!this.#withRules) {
      if (!possible) return 'the machine does not do this here';
      const difference = this.#comparison.differenceFrom(step);
      if (difference !== null) return difference;
    }
    return this.#mlsDifference(sights);
  }

  /** Histories are equal exactly where authenticators are. Where no trace says what they are, the views do. */
  #mlsDifference(sights: readonly Sight[]): string | null {
    const groups = sights.filter(({ authenticator }) => authenticator !== null);
    for (const [i, p] of groups.entries()) {
      if (this.#withRules && !equalHistories(p.history, p.viewHistory)) {
        return `the MLS group of ${p.name} is not at the epoch of its view`;
      }
      for (const q of groups.slice(i + 1)) {
        this.#pairs += 1;
        const equal = equalHistories(p.history, q.history);
        if (equal !== (p.authenticator === q.authenticator)) {
          return `${p.name} and ${q.name}: ${equal ? 'one history, two authenticators' : 'two histories, one authenticator'}`;
        }
      }
    }
    return null;
  }
}

/**
 * Whether a replay came out as its trace says, by the verdict that it names (`wanted`) or else by its property: a trace
 * of a violation shows damage, any other agrees. With the rules on that the trace has off there is none.
 */
export function asExpected(
  { property, constants }: Pick<Schedule, 'property' | 'constants'>,
  verdict: ReplayVerdict,
  { withRules = false, wanted }: { readonly withRules?: boolean; readonly wanted?: string | undefined } = {},
): boolean {
  if (withRules && !RULES.every((rule) => constants.rules[rule])) return verdict === 'agree';
  if (wanted !== undefined) return verdict === wanted;
  if (property === 'holds') return verdict === 'agree';
  return verdict !== 'agree' && verdict !== 'differs';
}
