import type { Action } from '../explorer/actions.ts';

/** What a dishonest participant signs that no honest one would: each an action of `Adversary.tla`. */
export const LIES = [
  'FoundOutOfTurn',
  'CommitOutOfTurn',
  'HandOverOutOfTurn',
  'ClaimWithoutCause',
  'AddGhost',
  'RemoveLive',
  'LeaveOut',
  'SignTwice',
  'DateBack',
  'DraftElsewhere',
] as const;

/** What a dishonest service does with entries. That it shows some late or to some only is no action of a replay. */
export const TAMPERING = [
  'Duplicate',
  'Replay',
  'Drop',
  'ShowElsewhere',
  'RewriteAuthor',
  'Reorder',
] as const;

/** What dishonest participants and a dishonest service do: the actions of `Adversary.tla`. */
export const ADVERSARY_ACTIONS = [
  'Enter',
  'ForgeJoin',
  'Pretend',
  'Go',
  'ReadBadPayload',
  'ForgeLeave',
  'ForgeLeaveElsewhere',
  ...LIES,
  ...TAMPERING,
] as const;

export type AdversaryAction = (typeof ADVERSARY_ACTIONS)[number];

export const isLie = (action: string | null): boolean => LIES.some((lie) => lie === action);

/** What happens in a replay: the spec's actions, and an entry in the log that does not verify. */
export type ReplayAction = Action | AdversaryAction | 'Void';
