import type { OpeningCounts, OpeningTable } from './openings.ts';
import type { Sight } from './sight.ts';

/** What is found between participants at a step. Each is told at the first step at which it is so. */
export interface Findings {
  /** Members who went apart. */
  readonly split: readonly [string, string] | null;
  /** Who could not follow a commit that counts. */
  readonly refused: string | null;
  /** Who takes itself for a member, and has read a commit or founding that leaves it out. */
  readonly removed: readonly string[];
  /** Who was removed, has read it, and opens what the other one, a member, protects. */
  readonly leak: readonly [string, string] | null;
  /** Members at one position of the log who take themselves for its designated committer, where that is not one. */
  readonly disputed: readonly string[] | null;
  /** Who waits for ever: nobody who responds can do anything any more. */
  readonly stuck: readonly string[] | null;
  /**
   * Who was removed and could still open what the other one protects, which has not read that yet: so it is in any
   * protocol, and no damage.
   */
  readonly readsOn: readonly (readonly [string, string])[];
}

/** What a step of a replay came to. */
export interface ReplayRow extends Findings {
  /** From 1. */
  readonly step: number;
  /** The action's name in the trace. */
  readonly action: string;
  readonly participant: string;
  /** It was not possible, which only happens with other rules than the trace's. */
  readonly skipped: boolean;
  /** Length of the log. */
  readonly length: number;
  readonly sights: readonly Sight[];
  /** Who can open what. */
  readonly openings: OpeningTable;
  /** Where the replay and the trace differ, or MLS, the media keys and the histories. */
  readonly difference: string | null;
}

/**
 * - `agree`: the machine and MLS did what the trace says, and the group held together.
 * - `forked`: they did, and two members went apart.
 * - `refused`: they did, and somebody could not follow a commit that counts.
 * - `leaked`: they did, and who was removed opened what a member protects.
 * - `disputed`: they did, and nobody or more than one took themselves for the designated committer.
 * - `stuck`: they did, and nobody who responds can do anything any more while somebody waits.
 * - `differs`: they did something else.
 */
export type ReplayVerdict = 'agree' | 'forked' | 'refused' | 'leaked' | 'disputed' | 'stuck' | 'differs';

export interface Replay {
  readonly rows: readonly ReplayRow[];
  /** The participants before the first step. */
  readonly before: readonly Sight[];
  /** The log at the end, an entry a line. */
  readonly log: readonly string[];
  readonly verdict: ReplayVerdict;
  /** Where the verdict fell; null for `agree`. */
  readonly step: number | null;
  /** The verdict as a sentence. */
  readonly reason: string;
  /** Pairs of MLS groups that were compared. */
  readonly pairs: number;
  readonly openings: Readonly<OpeningCounts>;
  readonly skipped: number;
  /** What ran. */
  readonly driver: string;
}

/** The first digits of an authenticator, as people get to see it. */
export const digitsOf = (sight: Sight | undefined): string => sight?.authenticator?.slice(0, 8) ?? '-';

/** The verdict on a replay of these rows, and why. */
export function verdictOf(rows: readonly ReplayRow[]): Pick<Replay, 'verdict' | 'step' | 'reason'> {
  const differs = rows.find(({ difference }) => difference !== null);
  if (differs !== undefined) {
    return { verdict: 'differs', step: differs.step, reason: differs.difference ?? '' };
  }
  for (const row of rows) {
    const damage = damageOf(row);
    if (damage !== null) return { ...damage, step: row.step };
  }
  const skipped = rows.filter((row) => row.skipped).length;
  const said = skipped === 0 ? '' : `, ${skipped} of them not possible any more and skipped`;
  const reason = `${rows.length} steps${said}: equal histories have equal authenticators, members open each other and nobody else does`;
  return { verdict: 'agree', step: null, reason };
}

/** What went wrong at a step, the worst first; null where nothing did. */
function damageOf({ split, refused, leak, disputed, stuck, sights }: ReplayRow): {
  readonly verdict: ReplayVerdict;
  readonly reason: string;
} | null {
  if (split !== null) {
    const digits = split.map((name) => digitsOf(sights.find((sight) => sight.name === name)));
    return {
      verdict: 'forked',
      reason: `${split.join(' and ')} parted: authenticators ${digits.join(' and ')}`,
    };
  }
  if (refused !== null)
    return { verdict: 'refused', reason: `${refused} cannot follow a commit that counts` };
  if (leak !== null)
    return {
      verdict: 'leaked',
      reason: `${leak[0]} was removed, has read it, and opens what ${leak[1]} protects`,
    };
  if (stuck !== null) {
    const wait = stuck.length === 1 ? 'waits' : 'wait';
    return {
      verdict: 'stuck',
      reason: `${stuck.join(' and ')} ${wait} for ever: nobody who responds can do anything`,
    };
  }
  if (disputed === null) return null;
  const who = disputed.length === 0 ? 'nobody takes itself' : `${disputed.join(' and ')} take themselves`;
  return { verdict: 'disputed', reason: `${who} for the designated committer` };
}

/** How much was looked at, in one replay or in several. */
export class Totals {
  steps = 0;
  pairs = 0;
  readonly openings: OpeningCounts = { pairs: 0, opened: 0, refused: 0, erased: 0, keyless: 0 };

  add({ rows, pairs, openings }: Pick<Replay, 'rows' | 'pairs' | 'openings'>): this {
    this.steps += rows.length;
    this.pairs += pairs;
    for (const name of Object.keys(this.openings) as (keyof OpeningCounts)[])
      this.openings[name] += openings[name];
    return this;
  }
}

export const totalOf = (replay: Replay): Totals => new Totals().add(replay);
