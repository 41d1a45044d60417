import type { CommitId, Digest, LogHash, ParticipantId } from './ids.ts';
import type { JoinFlaw } from './wire/keyPackage.ts';

/**
 * Entries of the log as `step` reads them: parsed, and their signatures checked, by whoever hands them over. What is on
 * the wire, and how a header becomes one of these, is in `wire.ts` and `verify.ts`.
 */
export type Entry =
  JoinEntry | LeaveEntry | FoundEntry | CommitEntry | WelcomeEntry | HandoverEntry | ClaimEntry | VoidEntry;

export type EntryKind = Entry['kind'];

/** A participant connects. Appended by the service; signed by the invite key. */
export interface JoinEntry {
  readonly kind: 'join';
  readonly author: ParticipantId;
  /** Ed25519 key of the leaf and of the headers of `author`; used once. */
  readonly signatureKey: string;
  /** Digest of the key package; used once. */
  readonly keyPackage: Digest;
  /** The HPKE keys in the key package, init and leaf; each used once. */
  readonly hpkeKeys: readonly string[];
  /** It is signed by the invite key, and its key package passes the fixed check of its bytes (rule Invited). */
  readonly invited: boolean;
  /** Why it is not invited, where that is known. */
  readonly flaw?: JoinFlaw;
}

/** A participant has left, or the service says so. The only kind in which the service speaks alone. */
export interface LeaveEntry {
  readonly kind: 'leave';
  readonly author: ParticipantId;
}

/** What every entry that a participant drafts says of the log it was drafted on. */
export interface Drafted {
  readonly author: ParticipantId;
  /** How many entries its author had read. */
  readonly at: number;
  /** The hash of the log up to there. */
  readonly on: LogHash;
}

/** The first waiting participant starts a new group. */
export interface FoundEntry extends Drafted {
  readonly kind: 'found';
  readonly id: CommitId;
}

/** An MLS commit and its Welcome, in one entry (rule Atomic). */
export interface CommitEntry extends Drafted {
  readonly kind: 'commit';
  readonly id: CommitId;
  /** The founding or commit that it builds on. */
  readonly parent: CommitId;
  /** In order of arrival. */
  readonly adds: readonly ParticipantId[];
  /** In order of departure. */
  readonly removes: readonly ParticipantId[];
}

/** A Welcome that travels by itself: exists only with the rule Atomic off, in the checks and in sandbox rooms. */
export interface WelcomeEntry extends Omit<CommitEntry, 'kind'> {
  readonly kind: 'welcome';
}

/** The designated committer passes the role on. */
export interface HandoverEntry extends Drafted {
  readonly kind: 'handover';
}

/** `accused`, the designated committer, has been silent while it had a duty. */
export interface ClaimEntry extends Drafted {
  readonly kind: 'claim';
  readonly accused: ParticipantId;
}

/** An entry that does not parse or verify: it has a place in the log and counts for nothing. */
export interface VoidEntry {
  readonly kind: 'void';
  /** Who the service says sent it; empty where nothing can be told. */
  readonly author: ParticipantId;
  readonly reason: string;
}

/** The entries that lead to another epoch, if they count. */
export type EpochEntry = FoundEntry | CommitEntry;

/** An entry in its place in the log. */
export interface Placed<E extends Entry = Entry> {
  readonly entry: E;
  /** From 1. */
  readonly position: number;
  /** The hash of the log up to and with this entry. */
  readonly hash: LogHash;
}
