import type { Action } from '../explorer/actions.ts';

/** What dishonest participants and a dishonest service do: the actions of `Adversary.tla`. */
export const ADVERSARY_ACTIONS = [
  'ForgeJoin',
  'Pretend',
  'Lie',
  'ReadBadPayload',
  'Repeat',
  'KeepBack',
  'ForgeLeave',
] as const;

export type AdversaryAction = (typeof ADVERSARY_ACTIONS)[number];

/** What happens in a replay: the spec's actions, and an entry in the log that does not verify. */
export type ReplayAction = Action | AdversaryAction | 'Void';
