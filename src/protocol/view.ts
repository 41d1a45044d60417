import type { CommitId, LogHash, ParticipantId } from './ids.ts';

/** What is known of a participant that joined. */
export interface Joined {
  /** The position of its `join`. */
  readonly at: number;
  /** Ed25519 key that its headers are checked with. */
  readonly signatureKey: string;
}

/**
 * All that a participant concludes from the log so far: `View` of the spec. The same for everybody at one position,
 * members and waiting participants alike.
 */
export interface View {
  /** How many entries it was folded from. */
  readonly position: number;
  /** The members of the group, by seniority. */
  readonly roster: readonly ParticipantId[];
  /** Who joined and was never admitted, in order of arrival; some may have left since. */
  readonly arrivals: readonly ParticipantId[];
  readonly joined: Readonly<Record<ParticipantId, Joined>>;
  /** The position of the `leave` of who has left. */
  readonly leftAt: Readonly<Record<ParticipantId, number>>;
  /** Signature keys, HPKE keys and key packages that were used: each is good for one `join`. */
  readonly used: Readonly<Record<string, true>>;
  /** The founding and the commits that counted since. */
  readonly history: readonly CommitId[];
  /** The role was handed over, and its new holder has not committed yet. */
  readonly refresh: boolean;
  /** The position of the last change of epoch or role. */
  readonly changedAt: number;
  /** The hashes of the log at `changedAt`, `changedAt + 1`, … `position`. */
  readonly hashes: readonly LogHash[];
}

/** The view of an empty log; `origin` is its hash (`logHash.ts`). */
export function emptyView(origin: LogHash): View {
  return {
    position: 0,
    roster: [],
    arrivals: [],
    joined: {},
    leftAt: {},
    used: {},
    history: [],
    refresh: false,
    changedAt: 0,
    hashes: [origin],
  };
}

/** `Gone`: its `leave` was read. */
export const gone = (view: View, p: ParticipantId): boolean => view.leftAt[p] !== undefined;

/** `Live`: the roster without the departed, by seniority. */
export const live = (view: View): readonly ParticipantId[] => view.roster.filter((p) => !gone(view, p));

/** `Waiting`: joined, not yet admitted, not gone, in order of arrival. */
export const waiting = (view: View): readonly ParticipantId[] => view.arrivals.filter((p) => !gone(view, p));

/** `WaitingAt`: who waited when the log had `n` entries. Holds from the last change of epoch on. */
export const waitingAt = (view: View, n: number): readonly ParticipantId[] =>
  view.arrivals.filter((p) => (view.joined[p]?.at ?? Infinity) <= n && (view.leftAt[p] ?? Infinity) > n);

/** `Departed`: in the roster, but its `leave` was read. */
export const departed = (view: View): readonly ParticipantId[] => view.roster.filter((p) => gone(view, p));

/** `DepartedAt`: who had departed when the log had `n` entries, in that order. */
export const departedAt = (view: View, n: number): readonly ParticipantId[] =>
  view.roster
    .filter((p) => (view.leftAt[p] ?? Infinity) <= n)
    .sort((p, q) => (view.leftAt[p] ?? 0) - (view.leftAt[q] ?? 0));

/** `DesignatedCommitter`: the most senior member of the roster that has not departed; null where nobody is left. */
export const designatedCommitter = (view: View): ParticipantId | null =>
  view.roster.find((p) => !gone(view, p)) ?? null;

/**
 * `Responsible`: who is to take the next step: the designated committer; where nobody is live, the first who waits, who
 * is to found a group; null where nobody waits either.
 */
export const responsible = (view: View): ParticipantId | null =>
  designatedCommitter(view) ?? waiting(view)[0] ?? null;

/** `Duty`: somebody waits, somebody departed is still in the roster, or a refresh is pending. */
export const duty = (view: View): boolean =>
  view.refresh || view.roster.some((p) => gone(view, p)) || view.arrivals.some((p) => !gone(view, p));

/** The hash of the log when it had `n` entries; null before the last change and after the end. */
export const hashAt = (view: View, n: number): LogHash | null => view.hashes[n - view.changedAt] ?? null;
