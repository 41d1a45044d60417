import type { Entry } from './entry.ts';
import { duty, responsible, type View } from './view.ts';

/**
 * T of the rule Takeover: milliseconds for which who is to take the next step may be silent, before a claim. An honest one commits within the time that a message takes to go and come back.
 */
export const SILENCE_MS = 5_000;

/** T is doubled at most so often: by then a claim waits for more than ten minutes. */
const DOUBLINGS = 7;

/** How long who is to take the next step has been: what the rule Takeover asks of the log besides the view. */
export interface Turn {
  /** Position of the entry with which its term or its duty began, whichever came last; null where nobody has a duty. */
  readonly since: number | null;
  /** Claims that counted in this epoch. */
  readonly claims: number;
}

/** The turn on an empty log. */
export const NO_TURN: Turn = { since: null, claims: 0 };

function sinceOf(turn: Turn, before: View, after: View): number | null {
  if (responsible(after) === null || !duty(after)) return null;
  const begins = after.changedAt === after.position || responsible(after) !== responsible(before);
  return begins ? after.position : (turn.since ?? after.position);
}

/** The turn after an entry. Pure: times are for who reads it to keep. */
export function turnAfter(turn: Turn, before: View, after: View, entry: Entry): Turn {
  const claimed = entry.kind === 'claim' && after.changedAt === after.position;
  const claims = after.history === before.history ? turn.claims + (claimed ? 1 : 0) : 0;
  return { since: sinceOf(turn, before, after), claims };
}

/**
 * Milliseconds of silence that a claim needs: `silence`, doubled for each claim of the epoch. So two who suspect each
 * other come to an end once a commit takes less than that.
 */
export const spacing = (turn: Turn, silence: number): number =>
  silence * 2 ** Math.min(turn.claims, DOUBLINGS);
