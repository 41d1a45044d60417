import type { LogFault } from './logView.ts';
import { NO_OPENINGS, type OpeningCounts, type OpeningTable } from './openings.ts';
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
  /** Who was not invited, or never joined, and opens what the other one, an honest member, protects. */
  readonly ghost: readonly [string, string] | null;
  /** Who was removed, has read it, and had not left. */
  readonly expelled: string | null;
  /** Two in one epoch who have read different logs. */
  readonly mixed: readonly [string, string] | null;
  /** What counts on a log and must not. */
  readonly faults: readonly LogFault[];
  /** Who was shown an entry of another log than its own, and knows: no damage. */
  readonly seesSplit: string | null;
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
  /** The entry that was read or appended; null where none was. */
  readonly entry: string | null;
  /** Length of the log: of log 1, where there are two. */
  readonly length: number;
  /** Length of log 2; null where there is none. */
  readonly otherLength: number | null;
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
 * - `ghost`: they did, and who was not invited, or never joined, opened what an honest member protects.
 * - `expelled`: they did, and who had not left was removed.
 * - `unwitnessed`: they did, and what was drafted on one log counted on another.
 * - `lingers`: they did, and a commit left or let somebody in who had left.
 * - `repeated`: they did, and an entry counted twice.
 * - `disputed`: they did, and nobody or more than one took themselves for the designated committer.
 * - `stuck`: they did, and nobody who responds can do anything any more while somebody waits.
 * - `differs`: they did something else.
 */
export type ReplayVerdict = (typeof VERDICTS)[number];

export const VERDICTS = [
  ...(['agree', 'forked', 'refused', 'leaked', 'ghost', 'expelled'] as const),
  ...(['unwitnessed', 'lingers', 'repeated', 'disputed', 'stuck', 'differs'] as const),
] as const;

export interface Replay {
  readonly rows: readonly ReplayRow[];
  /** The participants before the first step. */
  readonly before: readonly Sight[];
  /** The log at the end, an entry a line: log 1, where there are two. */
  readonly log: readonly string[];
  /** Log 2; null where there is none. */
  readonly otherLog: readonly string[] | null;
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

type Damage = Pick<Replay, 'reason'> & { readonly verdict: ReplayVerdict };

/** What went wrong at a step, the worst first; null where nothing did. */
function damageOf(row: ReplayRow): Damage | null {
  const { split, refused, leak, ghost, expelled, entry, sights } = row;
  if (split !== null) {
    const digits = split.map((name) => digitsOf(sights.find((sight) => sight.name === name)));
    const reason = `${split.join(' and ')} parted: authenticators ${digits.join(' and ')}`;
    return { verdict: 'forked', reason };
  }
  if (refused !== null) {
    const cause = sights.find(({ name }) => name === refused)?.cause ?? 'not drafted by this machine';
    const which = entry === null ? '' : `, ${entry}`;
    return { verdict: 'refused', reason: `${refused} cannot follow a commit that counts${which}: ${cause}` };
  }
  if (leak !== null) {
    const reason = `${leak[0]} was removed, has read it, and opens what ${leak[1]} protects`;
    return { verdict: 'leaked', reason };
  }
  if (ghost !== null) {
    const reason = `${ghost[0]} was let in without the secret of the link, and opens what ${ghost[1]} protects`;
    return { verdict: 'ghost', reason };
  }
  if (expelled !== null)
    return { verdict: 'expelled', reason: `${expelled} had not left, and was thrown out of the group` };
  return logDamageOf(row) ?? silenceOf(row);
}

/** What counts and must not. */
function logDamageOf({ mixed, faults }: ReplayRow): Damage | null {
  if (mixed !== null) {
    const reason = `${mixed.join(' and ')} are in one epoch, and have read different logs`;
    return { verdict: 'unwitnessed', reason };
  }
  const [fault] = faults;
  return fault === undefined ? null : { verdict: fault.kind, reason: fault.text };
}

/** Where nobody goes on, or nobody knows who is to. */
function silenceOf({ stuck, disputed }: ReplayRow): Damage | null {
  if (stuck !== null) {
    const wait = stuck.length === 1 ? 'waits' : 'wait';
    const reason = `${stuck.join(' and ')} ${wait} for ever: nobody who responds can do anything`;
    return { verdict: 'stuck', reason };
  }
  if (disputed === null) return null;
  const who = disputed.length === 0 ? 'nobody takes itself' : `${disputed.join(' and ')} take themselves`;
  return { verdict: 'disputed', reason: `${who} for the designated committer` };
}

/** How much was looked at, in one replay or in several. */
export class Totals {
  steps = 0;
  pairs = 0;
  readonly openings: OpeningCounts = { ...NO_OPENINGS };

  add({ rows, pairs, openings }: Pick<Replay, 'rows' | 'pairs' | 'openings'>): this {
    this.steps += rows.length;
    this.pairs += pairs;
    for (const name of Object.keys(this.openings) as (keyof OpeningCounts)[])
      this.openings[name] += openings[name];
    return this;
  }
}

export const totalOf = (replay: Replay): Totals => new Totals().add(replay);
