import type { MlsGroup } from '../../mls/MlsGroup.ts';
import { createMlsGroup } from '../../mls/wasm.ts';
import { ALL_RULES, RULES } from '../../protocol/rules.ts';
import { Comparison } from './comparison.ts';
import { DamageFinder } from './damage.ts';
import { ReplayError } from './errors.ts';
import type { ReplayConstants } from './constants.ts';
import { Epochs, equalHistories } from './epochs.ts';
import { KeeperDriver } from './keeperDriver.ts';
import { Openings } from './openings.ts';
import { entryText, type Driver, type Sent } from './participant.ts';
import { verdictOf, type Replay, type ReplayRow, type ReplayVerdict } from './result.ts';
import type { Schedule, ScheduledStep } from './schedule.ts';
import { DISHONEST, type Sight } from './sight.ts';
import { WireDriver } from './wireDriver.ts';
import { World } from './world.ts';

export interface ReplayOptions {
  /** With all rules on, whatever the trace's are: steps that are not possible any more are skipped. */
  readonly withRules?: boolean;
  /**
   * A Welcome is held against the joins of the log even where the rule Justified is off, as the production keeper does:
   * a second line of defence behind the rule.
   */
  readonly checksWelcome?: boolean;
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
  const parts = { constants, epochs, createMls, checksWelcome: options.checksWelcome === true };
  const run = <Content>(driver: Driver<Content>): Promise<Replay> => {
    const world = new World(constants, driver, epochs);
    return new Run(world, constants, epochs, withRules).run(schedule, driver.description);
  };
  return constants.rules.Atomic ? run(new WireDriver(parts)) : run(new KeeperDriver(parts));
}

class Run<Content> {
  readonly #world: World<Content>;
  readonly #withRules: boolean;
  readonly #rows: ReplayRow[] = [];
  readonly #epochs: Epochs;
  readonly #damage: DamageFinder;
  readonly #openings: Openings;
  readonly #comparison: Comparison;
  #pairs = 0;

  constructor(
    world: World<Content>,
    { participants: names, uninvited }: ReplayConstants,
    epochs: Epochs,
    withRules: boolean,
  ) {
    this.#world = world;
    this.#epochs = epochs;
    this.#withRules = withRules;
    this.#damage = new DamageFinder(uninvited);
    this.#openings = new Openings(names);
    this.#comparison = new Comparison(world, names);
  }

  async run({ before, initial, steps, hungForEver }: Schedule, driver: string): Promise<Replay> {
    const world = this.#world;
    for (const { action, participant, ...told } of before)
      if (action !== null) world.take(action, participant, told);
    const wrong = initial === null ? null : this.#comparison.differenceFromState(initial);
    if (wrong !== null) throw new ReplayError('replay/no-start', `the machines do not begin there: ${wrong}`);
    const start = world.sights();
    await this.#lookAtFrames(start);
    this.#damage.look(start, this.#openings.table, world.logs);
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
      log: textOf(world.log),
      otherLog: world.logs.all[1] === undefined ? null : textOf(world.logs.of(2).entries),
      ...verdictOf(rows),
      pairs: this.#pairs,
      openings: this.#openings.counts,
      skipped: rows.filter((row) => row.skipped).length,
      driver,
    };
  }

  async #step(step: ScheduledStep, number: number): Promise<ReplayRow> {
    const { action, name, participant } = step;
    const next = this.#world.next(participant);
    const lengths = this.#world.logs.all.map(({ length }) => length);
    const possible = action === null || this.#world.take(action, participant, step);
    const sights = this.#world.sights();
    const openings = await this.#lookAtFrames(sights);
    return {
      step: number,
      action: name,
      participant,
      skipped: !possible && this.#withRules,
      entry: this.#entry(action, next, lengths),
      length: this.#world.log.length,
      otherLength: this.#world.logs.all[1]?.length ?? null,
      sights,
      openings: this.#openings.table,
      ...this.#damage.look(sights, this.#openings.table, this.#world.logs),
      stuck: null,
      difference: this.#difference(possible, step, sights) ?? openings,
    };
  }

  /** What was read, or else appended. */
  #entry(
    action: ScheduledStep['action'],
    read: Sent<Content> | null,
    lengths: readonly number[],
  ): string | null {
    const grown = this.#world.logs.all.find(({ length }, i) => length > (lengths[i] ?? 0));
    const isRead = action === 'Read' || action === 'ReadBadPayload';
    const sent = isRead ? read : (grown?.entries.at(-1) ?? null);
    return sent === null ? null : entryText(sent.value);
  }

  #lookAtFrames(sights: readonly Sight[]): Promise<string | null> {
    return this.#openings.look(sights, (name) => ({
      current: this.#world.group(name),
      kept: this.#world.keptGroups(name).map((mls) => ({ mls, history: this.#epochs.historyOf(mls) })),
    }));
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
      if (this.#withRules && p.state !== DISHONEST && !equalHistories(p.history, p.viewHistory)) {
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

const textOf = (entries: readonly Sent<unknown>[]): readonly string[] =>
  entries.map(({ value }) => entryText(value));

/**
 * Whether a replay came out as its trace says, by the verdict that it names (`wanted`) or else by its property: a trace
 * of a violation shows damage, any other agrees. With the rules on that the trace has off there is none, nor where the
 * spec of the trace has a mistake that the machines do not have.
 */
export function asExpected(
  { property, constants }: Pick<Schedule, 'property' | 'constants'>,
  verdict: ReplayVerdict,
  { withRules = false, wanted }: { readonly withRules?: boolean; readonly wanted?: string | undefined } = {},
): boolean {
  const isRight = wanted !== 'differs' && RULES.every((rule) => constants.rules[rule]);
  if (withRules && !isRight) return verdict === 'agree';
  if (wanted !== undefined) return verdict === wanted;
  if (property === 'holds') return verdict === 'agree';
  return verdict !== 'agree' && verdict !== 'differs';
}
