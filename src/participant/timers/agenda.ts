import { canClaim, canHandOver } from '../../machine/drafting.ts';
import type { Context } from '../../machine/context.ts';
import { spacing } from '../../protocol/takeover.ts';
import { designatedCommitter, gone, live, responsible, waiting, type View } from '../../protocol/view.ts';
import type { ParticipantId } from '../../protocol/ids.ts';
import type { Observed } from './observed.ts';
import { CUT_OFF_ROTATIONS, type Periods } from './periods.ts';

/** What is due when, by the own clock, in milliseconds; in the past where it is overdue, null where it is not to come. */
export interface Agenda {
  /** Claim that who is to take the next step is silent. */
  readonly claim: number | null;
  /** Hand the role over. */
  readonly handOver: number | null;
  /** Tell the user that it may be cut off. */
  readonly cutOff: number | null;
  /** The user has compared codes for long enough. */
  readonly compared: number | null;
}

const latest = (...times: readonly (number | null)[]): number =>
  Math.max(...times.map((time) => time ?? -Infinity));

/** How many may claim before `self`: the more senior members, or the earlier ones of those who wait. */
function rankOf(view: View, self: ParticipantId): number {
  const accused = responsible(view);
  const claimants = (live(view).length > 1 ? live : waiting)(view).filter((p) => p !== accused);
  return Math.max(0, claimants.indexOf(self));
}

/** Before what is overdue after a thaw may be done, the log is to be read: the time before which nothing is drafted. */
function notBefore({ thawedAt, heardAt }: Observed, { settleMs, proofMs }: Periods): number {
  if (thawedAt === null || latest(heardAt) >= thawedAt + settleMs) return -Infinity;
  return thawedAt + proofMs;
}

function claimDue({ view, self }: Context, observed: Observed, periods: Periods): number {
  const stagger = Math.min(rankOf(view, self) * periods.staggerMs, periods.silenceMs);
  return latest(observed.turnAt, observed.triedAt) + spacing(observed.turn, periods.silenceMs) + stagger;
}

function handOverDue(observed: Observed, { rotationMs, comparingMs }: Periods): number {
  const { termAt, companyAt, triedAt, comparingAt } = observed;
  const due = latest(termAt, companyAt, triedAt) + rotationMs;
  return comparingAt === null ? due : Math.max(due, comparingAt + comparingMs);
}

/** Whoever is, or waits to be, in a group of at least two live members is owed a commit in each rotation period. */
function cutOffDue({ view, self }: Context, observed: Observed, periods: Periods): number | null {
  const { companyAt, epochAt, comparedAt, comparingAt, thawedAt } = observed;
  if (companyAt === null || view.joined[self] === undefined || gone(view, self)) return null;
  // It is its own user who holds the next commit back.
  if (comparingAt !== null && designatedCommitter(view) === self) return null;
  const due = latest(companyAt, epochAt, comparedAt) + CUT_OFF_ROTATIONS * periods.rotationMs;
  return thawedAt === null ? due : Math.max(due, thawedAt + periods.settleMs);
}

/**
 * Which timers run, and till when: pure. Whether a claim or a handover is allowed, the guards of the machine say; a
 * participant that has something in flight waits for it to come back.
 */
export function agendaOf(context: Context, observed: Observed, periods: Periods): Agenda {
  const floor = notBefore(observed, periods);
  const drafting = (may: boolean, due: () => number): number | null =>
    may && context.pending === null ? Math.max(due(), floor) : null;
  return {
    claim: drafting(canClaim(context), () => claimDue(context, observed, periods)),
    handOver: drafting(canHandOver(context), () => handOverDue(observed, periods)),
    cutOff: cutOffDue(context, observed, periods),
    compared: observed.comparingAt === null ? null : observed.comparingAt + periods.comparingMs,
  };
}
