import type { ClaimEntry, CommitEntry, Drafted, Entry, JoinEntry } from './entry.ts';
import type { ParticipantId } from './ids.ts';
import { LIMITS } from './limits.ts';
import type { Rules } from './rules.ts';
import {
  departedAt,
  designatedCommitter,
  duty,
  gone,
  hashAt,
  live,
  responsible,
  waiting,
  waitingAt,
  type View,
} from './view.ts';

/** How the protocol is played: its rules and the batch limit B. Constants of the spec. */
export interface Protocol {
  readonly rules: Rules;
  /** Adds, and removes, of one commit. */
  readonly batchLimit: number;
}

/** Why an entry counts for nothing: the rule that refuses it, or what is wrong with it besides. */
export type Refusal =
  | 'Invited'
  | 'Current'
  | 'Witnessed'
  | 'Designated'
  | 'Justified'
  | 'Founding'
  | 'Takeover'
  | 'Rotation'
  | 'parent'
  | 'repeated'
  | 'unknown'
  | 'full'
  | 'void'
  | 'welcome';

const same = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((x, i) => x === b[i]);

/** `IsInvited`: made by somebody who had the secret of the room's link. */
export const isInvited = ({ rules }: Protocol, e: JoinEntry): boolean => !rules.Invited || e.invited;

/** `IsCurrent`: drafted at or after the last change of epoch or role. */
export const isCurrent = ({ rules }: Protocol, view: View, e: Pick<Drafted, 'at'>): boolean =>
  !rules.Current || e.at >= view.changedAt;

/** `IsWitnessed`: drafted on the reader's own log. */
export const isWitnessed = ({ rules }: Protocol, view: View, e: Drafted): boolean =>
  !rules.Witnessed || e.at < view.changedAt || hashAt(view, e.at) === e.on;

/** `IsDesignated`: by the designated committer of the view that it lands on. */
export const isDesignated = ({ rules }: Protocol, view: View, e: CommitEntry): boolean =>
  !rules.Designated || e.author === designatedCommitter(view);

/** `AddsAt`: the first B waiting when the log had `n` entries. */
export const addsAt = ({ batchLimit }: Protocol, view: View, n: number): readonly ParticipantId[] =>
  waitingAt(view, n).slice(0, batchLimit);

/** `RemovesAt`: the first B departed when the log had `n` entries. */
export const removesAt = ({ batchLimit }: Protocol, view: View, n: number): readonly ParticipantId[] =>
  departedAt(view, n).slice(0, batchLimit);

/** `IsJustified`: adds who waited and removes who had departed, where it was drafted. */
export const isJustified = (protocol: Protocol, view: View, e: CommitEntry): boolean =>
  !protocol.rules.Justified ||
  (same(e.adds, addsAt(protocol, view, e.at)) && same(e.removes, removesAt(protocol, view, e.at)));

/** `MayFound`: nobody is live in the roster, and `p` waits first. */
export const mayFound = ({ rules }: Protocol, view: View, p: ParticipantId): boolean =>
  designatedCommitter(view) === null &&
  waiting(view)[0] === p &&
  (rules.Founding || view.history.length === 0);

/** `MayClaim`: there is a duty, and `p` is live, or waits while nobody but the accused is. */
export const mayClaim = (
  { rules }: Protocol,
  view: View,
  p: ParticipantId,
  accused: ParticipantId | null,
): boolean => {
  if (!rules.Takeover || accused !== responsible(view) || p === accused || !duty(view)) return false;
  const members = live(view);
  return members.includes(p) || (members.length <= 1 && waiting(view).includes(p));
};

/** `MayHandOver`: `p` is the designated committer, is not the only one live, and no refresh is pending. */
export const mayHandOver = ({ rules }: Protocol, view: View, p: ParticipantId): boolean =>
  rules.Rotation && p === designatedCommitter(view) && !view.refresh && live(view).length > 1;

/** What a `join` uses up besides the participant id. */
export const keysOf = (e: JoinEntry): readonly string[] => [e.signatureKey, e.keyPackage, ...e.hpkeKeys];

function joinRefusal(protocol: Protocol, view: View, e: JoinEntry): Refusal | null {
  if (!isInvited(protocol, e)) return 'Invited';
  if (view.joined[e.author] !== undefined) return 'repeated';
  if (keysOf(e).some((key) => view.used[key])) return 'repeated';
  return Object.keys(view.joined).length < LIMITS.participants ? null : 'full';
}

function draftRefusal(protocol: Protocol, view: View, e: Drafted): Refusal | null {
  if (!isCurrent(protocol, view, e)) return 'Current';
  return isWitnessed(protocol, view, e) ? null : 'Witnessed';
}

function commitRefusal(protocol: Protocol, view: View, e: CommitEntry): Refusal | null {
  if (!isDesignated(protocol, view, e)) return 'Designated';
  if (!isJustified(protocol, view, e)) return 'Justified';
  return e.parent === view.history.at(-1) ? null : 'parent';
}

const claimRefusal = (protocol: Protocol, view: View, e: ClaimEntry): Refusal | null =>
  mayClaim(protocol, view, e.author, e.accused) ? null : 'Takeover';

/** `Counts`: null where `e` counts on `view`, otherwise what refuses it. */
export function refusal(protocol: Protocol, view: View, e: Entry): Refusal | null {
  switch (e.kind) {
    case 'join':
      return joinRefusal(protocol, view, e);
    case 'leave':
      if (view.joined[e.author] === undefined) return 'unknown';
      return gone(view, e.author) ? 'repeated' : null;
    case 'found':
      return draftRefusal(protocol, view, e) ?? (mayFound(protocol, view, e.author) ? null : 'Founding');
    case 'commit':
      return draftRefusal(protocol, view, e) ?? commitRefusal(protocol, view, e);
    case 'handover':
      return draftRefusal(protocol, view, e) ?? (mayHandOver(protocol, view, e.author) ? null : 'Rotation');
    case 'claim':
      return draftRefusal(protocol, view, e) ?? claimRefusal(protocol, view, e);
    case 'welcome':
      return 'welcome';
    case 'void':
      return 'void';
  }
}
