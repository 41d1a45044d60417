/** The safety codes of the last epochs of the own participant, and why each came to be. Pure: the page hands in what its worker says. */
import type { ParticipantId } from '../../../src/protocol/ids.ts';
import type { SafetyCode } from '../../../src/verification/safety-code.ts';
import type { CallView, LogLine } from '../messages.ts';

/** Epochs whose codes are kept, the present one included. */
export const KEPT_CODES = 8;

/** Why a code came to be: the founding or commit that led to its epoch, and what passed the role on before it. */
export interface Cause {
  readonly kind: 'found' | 'commit';
  readonly by: ParticipantId;
  readonly adds: readonly ParticipantId[];
  /** Their leave was read before. */
  readonly removes: readonly ParticipantId[];
  /** The handover or claim since the last epoch after which `by` was the committer; null where the role stayed. */
  readonly role: Pick<LogLine, 'kind' | 'author' | 'accused'> | null;
}

/** The code of one epoch. */
export interface PastCode {
  /** Tells it from all others: the code itself. */
  readonly key: string;
  readonly code: SafetyCode;
  /** Counted from the founding, which has 0 (RFC 9420 section 8). */
  readonly epoch: number;
  /** Which founding of this log it counts from; the first one is 1. */
  readonly founding: number;
  /** Position of the founding or commit in the log. */
  readonly position: number;
  readonly cause: Cause;
  /** Members of the epoch, by seniority. */
  readonly members: readonly ParticipantId[];
  /** When this page saw it, in milliseconds of its clock. */
  readonly at: number;
}

export interface CodeHistory {
  /** The own participant; a new one begins a new history. */
  readonly self: ParticipantId | null;
  /** How many participants this page has been. */
  readonly attempt: number;
  /** The newest first. */
  readonly codes: readonly PastCode[];
  /** Whether the own participant is in the epoch of the newest one now. */
  readonly current: boolean;
  /** Foundings that counted so far. */
  readonly foundings: number;
  /** The last founding or commit that counted, and what passed the role on before it. */
  readonly change: { readonly line: LogLine; readonly role: Cause['role'] } | null;
  /** The last handover or claim since. */
  readonly role: Cause['role'];
}

export const NO_CODES: CodeHistory = {
  self: null,
  attempt: 0,
  codes: [],
  current: false,
  foundings: 0,
  change: null,
  role: null,
};

/** A participant of this page came into being, and reads the log from its start. The codes of the one before are not its own. */
export const begun = ({ attempt }: CodeHistory, self: ParticipantId): CodeHistory => ({
  ...NO_CODES,
  self,
  attempt: attempt + 1,
});

/** An entry was read. What it did to the code comes with the view that follows it. */
export function entryRead(history: CodeHistory, line: LogLine): CodeHistory {
  if (line.refusal !== null) return history;
  switch (line.kind) {
    case 'found':
      return { ...history, foundings: history.foundings + 1, change: { line, role: null }, role: null };
    case 'commit':
      return { ...history, change: { line, role: history.role }, role: null };
    case 'handover':
    case 'claim':
      return { ...history, role: { kind: line.kind, author: line.author, accused: line.accused } };
    default:
      return history;
  }
}

/**
 * The view after an entry, which was handed in before it. A code that differs from the last one is the next epoch's.
 *
 * @param now milliseconds.
 */
export function viewSeen(history: CodeHistory, view: CallView, now: number): CodeHistory {
  const { change, codes } = history;
  if (view.safetyCode === null || view.epoch === null || change === null || view.self !== history.self)
    return history.current ? { ...history, current: false } : history;
  if (codes[0]?.key === view.safetyCode.text)
    return history.current ? history : { ...history, current: true };
  const { kind, author: by, adds, removes, position } = change.line;
  const next: PastCode = {
    key: view.safetyCode.text,
    code: view.safetyCode,
    epoch: view.epoch,
    founding: history.foundings,
    position,
    cause: { kind: kind === 'found' ? kind : 'commit', by, adds, removes, role: change.role },
    members: view.people.filter(({ standing }) => standing !== 'waiting').map(({ id }) => id),
    at: now,
  };
  return { ...history, codes: [next, ...codes].slice(0, KEPT_CODES), current: true };
}
