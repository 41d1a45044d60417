import type { Entry } from '../../protocol/entry.ts';
import { NO_TURN, turnAfter, type Turn } from '../../protocol/takeover.ts';
import { designatedCommitter, live, type View } from '../../protocol/view.ts';

/** What a participant has seen when, by its own clock. Times are milliseconds; null for what it has not seen. */
export interface Observed {
  readonly turn: Turn;
  /** When it read the entry at `turn.since`. */
  readonly turnAt: number | null;
  /** When it read that the present designated committer is it. */
  readonly termAt: number | null;
  /** When it read that at least two members are live, which they still are. */
  readonly companyAt: number | null;
  /** When it read the last founding or commit that counted. */
  readonly epochAt: number | null;
  /** When it last claimed, or handed the role over. */
  readonly triedAt: number | null;
  /** Its user has been comparing codes since. */
  readonly comparingAt: number | null;
  /** When its user last stopped that while it was the designated committer, and so held a commit back. */
  readonly comparedAt: number | null;
  /** When its timers last turned out to have stood still. */
  readonly thawedAt: number | null;
  /** When it last heard the delivery service. */
  readonly heardAt: number | null;
}

export const NOTHING_OBSERVED: Observed = {
  turn: NO_TURN,
  turnAt: null,
  termAt: null,
  companyAt: null,
  epochAt: null,
  triedAt: null,
  comparingAt: null,
  comparedAt: null,
  thawedAt: null,
  heardAt: null,
};

const inCompany = (view: View): boolean => live(view).length > 1;

/** After an entry, which made `after` of `before`. */
export function readAt(observed: Observed, before: View, after: View, entry: Entry, now: number): Observed {
  const turn = turnAfter(observed.turn, before, after, entry);
  const kept = designatedCommitter(after) === designatedCommitter(before);
  return {
    ...observed,
    turn,
    turnAt: turn.since === null ? null : turn.since === after.position ? now : observed.turnAt,
    termAt: kept ? observed.termAt : now,
    companyAt: inCompany(after) ? (observed.companyAt ?? now) : null,
    epochAt: after.history === before.history ? observed.epochAt : now,
  };
}

/** After its user has begun to compare codes, or has stopped. */
export function comparesAt(observed: Observed, on: boolean, designated: boolean, now: number): Observed {
  if (on) return { ...observed, comparingAt: observed.comparingAt ?? now };
  if (observed.comparingAt === null) return observed;
  return { ...observed, comparingAt: null, comparedAt: designated ? now : observed.comparedAt };
}
