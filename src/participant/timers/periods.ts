import { SILENCE_MS } from '../../protocol/takeover.ts';

/**
 * The timers of a participant, in one table. Milliseconds. Those of the delivery service are in
 * `service/delivery/limits.ts`, those of the media keys in `media/sframe/limits.ts`.
 */
export const PERIODS = Object.freeze({
  /** T: silence of who is to take the next step (`responsible`) before a claim. Doubled for each claim of the epoch. */
  silenceMs: SILENCE_MS,
  /**
   * Between two members who may claim, by seniority, up to T in all: the first claim makes the others needless. Longer
   * than an entry takes from one participant to the next.
   */
  staggerMs: 250,
  /** Between two handovers: each member's keys are refreshed once in as many of these as there are members. */
  rotationMs: 60_000,
  /** While its user compares codes, a designated committer keeps the role for so long beyond its time, at most. */
  comparingMs: 120_000,
  /**
   * A timer that fires so much too late tells of a tab that was frozen, or of a machine that slept. What happened
   * meanwhile is to be read first.
   */
  lateMs: 2_000,
  /** Messages that had piled up arrive within this time after a thaw. One that comes later shows that all was read. */
  settleMs: 1_000,
  /** Where none comes, it is done without, after more than the time between two pings of the service. */
  proofMs: 4_000,
});

export type Periods = { readonly [K in keyof typeof PERIODS]: number };

/** Rotation periods without a commit after which a participant is told that it may be cut off. */
export const CUT_OFF_ROTATIONS = 2;
