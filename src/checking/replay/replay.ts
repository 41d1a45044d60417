import { createMlsGroup } from '../../mls/wasm.ts';
import type { MlsGroup } from '../../mls/MlsGroup.ts';
import { ALL_RULES } from '../../protocol/rules.ts';
import { changesOf } from '../../trace/printTrace.ts';
import type { TlaState } from '../../trace/value.ts';
import type { Action } from '../explorer/actions.ts';
import { Epochs, equalHistories, parted } from './epochs.ts';
import { KeeperDriver } from './keeperDriver.ts';
import type { Driver } from './participant.ts';
import type { Schedule, ScheduledStep } from './schedule.ts';
import { WireDriver } from './wireDriver.ts';
import { World, type Sight } from './world.ts';

/** What a step of a replay came to. */
export interface ReplayRow {
  /** From 1. */
  readonly step: number;
  readonly action: Action;
  readonly participant: string;
  /** It was not possible, which only happens with other rules than the trace's. */
  readonly skipped: boolean;
  /** Length of the log. */
  readonly length: number;
  readonly sights: readonly Sight[];
  /** Members who went apart at this step. */
  readonly split: readonly [string, string] | null;
  /** Who could not follow at this step. */
  readonly refused: string | null;
  /** Where the replay and the trace differ, or MLS and the histories. */
  readonly difference: string | null;
}

/**
 * - `agree`: the machine and MLS did what the trace says, and the group held together.
 * - `forked`: they did, and two members went apart.
 * - `refused`: they did, and somebody could not follow a commit that counts.
 * - `differs`: they did something else.
 */
export type ReplayVerdict = 'agree' | 'forked' | 'refused' | 'differs';

export interface Replay {
  readonly rows: readonly ReplayRow[];
  readonly verdict: ReplayVerdict;
  /** Where the verdict fell; null for `agree`. */
  readonly step: number | null;
  /** The verdict as a sentence. */
  readonly reason: string;
  /** Pairs of MLS groups that were compared. */
  readonly pairs: number;
  readonly skipped: number;
  /** What ran. */
  readonly driver: string;
}

export interface ReplayOptions {
  /** With all rules on, whatever the trace's are: steps that are not possible any more are skipped. */
  readonly withRules?: boolean;
  /** The MLS core of a participant, by its id. For tests of the replay itself. */
  readonly createMls?: (participant: string) => MlsGroup;
}

/** Seconds since 1970: replays are dated the same. */
const NOW = 1_795_305_600;

/**
 * Replays a schedule on the production machine over the real MLS core. At each step: the state is the trace's, and for
 * each two MLS groups, histories are equal exactly where epoch authenticators are. Needs `loadMls` first.
 */
export function replay(schedule: Schedule, options: ReplayOptions = {}): Replay {
  const withRules = options.withRules === true;
  const constants = withRules ? { ...schedule.constants, rules: ALL_RULES } : schedule.constants;
  const createMls = options.createMls ?? ((participant) => createMlsGroup({ participant, now: NOW }));
  const epochs = new Epochs();
  const parts = { constants, epochs, createMls };
  const run = <Content>(driver: Driver<Content>): Replay =>
    new Run(new World(constants.participants, driver, epochs), withRules).run(
      schedule.steps,
      driver.description,
    );
  return constants.rules.Atomic ? run(new WireDriver(parts)) : run(new KeeperDriver(parts));
}

class Run<Content> {
  readonly #world: World<Content>;
  readonly #withRules: boolean;
  readonly #rows: ReplayRow[] = [];
  readonly #apart = new Set<string>();
  #dead = new Set<string>();
  #pairs = 0;

  constructor(world: World<Content>, withRules: boolean) {
    this.#world = world;
    this.#withRules = withRules;
  }

  run(steps: readonly ScheduledStep[], driver: string): Replay {
    for (const [i, step] of steps.entries()) {
      const row = this.#step(step, i + 1);
      this.#rows.push(row);
      if (row.difference !== null) break;
    }
    this.#world.close();
    const rows = this.#rows;
    const skipped = rows.filter((row) => row.skipped).length;
    return { rows, ...verdictOf(rows), pairs: this.#pairs, skipped, driver };
  }

  #step({ action, participant, state }: ScheduledStep, number: number): ReplayRow {
    const possible = this.#world.take(action, participant);
    const sights = this.#world.sights();
    const refused =
      sights.find((sight) => sight.state === 'dead' && !this.#dead.has(sight.name))?.name ?? null;
    if (refused !== null) this.#dead.add(refused);
    return {
      step: number,
      action,
      participant,
      skipped: !possible && this.#withRules,
      length: this.#world.log.length,
      sights,
      split: this.#split(sights),
      refused,
      difference: this.#difference(possible, state, sights),
    };
  }

  #difference(possible: boolean, state: TlaState, sights: readonly Sight[]): string | null {
    if (!this.#withRules) {
      if (!possible) return 'the machine does not do this here';
      const ours = this.#world.project();
      const differences = Object.entries(ours).flatMap(([name, value]) => {
        const theirs = state[name];
        return theirs === undefined ? [`${name} is not in the trace`] : changesOf(name, theirs, value);
      });
      if (differences.length > 0) return `from the trace to the replay: ${differences.join('; ')}`;
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

  #split(sights: readonly Sight[]): readonly [string, string] | null {
    let found: readonly [string, string] | null = null;
    for (const [i, p] of sights.entries()) {
      for (const q of sights.slice(i + 1)) {
        const pair = `${p.name} ${q.name}`;
        if (!parted(p.history, q.history) || p.authenticator === q.authenticator) continue;
        if (!this.#apart.has(pair)) found ??= [p.name, q.name];
        this.#apart.add(pair);
      }
    }
    return found;
  }
}

function verdictOf(rows: readonly ReplayRow[]): Pick<Replay, 'verdict' | 'step' | 'reason'> {
  const differs = rows.find(({ difference }) => difference !== null);
  if (differs !== undefined) {
    return { verdict: 'differs', step: differs.step, reason: differs.difference ?? '' };
  }
  const damaged = rows.find(({ split, refused }) => split !== null || refused !== null);
  if (damaged === undefined) {
    const skipped = rows.filter((row) => row.skipped).length;
    const said = skipped === 0 ? '' : `, ${skipped} of them not possible any more and skipped`;
    const reason = `${rows.length} steps${said}: equal histories have equal authenticators, and nobody parted`;
    return { verdict: 'agree', step: null, reason };
  }
  const { step, split, refused } = damaged;
  if (split === null)
    return { verdict: 'refused', step, reason: `${refused ?? ''} cannot follow a commit that counts` };
  const digits = split.map((name) => digitsOf(damaged.sights.find((sight) => sight.name === name)));
  return {
    verdict: 'forked',
    step,
    reason: `${split.join(' and ')} parted: authenticators ${digits.join(' and ')}`,
  };
}

/** The first digits of an authenticator, as people get to see it. */
export const digitsOf = (sight: Sight | undefined): string => sight?.authenticator?.slice(0, 8) ?? '-';

/** Whether a replay came out as its trace says: a trace of a violation shows the damage, any other agrees. */
export function asExpected(schedule: Schedule, verdict: ReplayVerdict, options: ReplayOptions = {}): boolean {
  if (options.withRules === true || schedule.property === 'holds') return verdict === 'agree';
  return verdict === 'forked' || verdict === 'refused';
}
