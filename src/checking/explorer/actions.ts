import type { ParticipantEvent } from '../../machine/machine.ts';

/** The actions of the spec, by its names. */
export const ACTIONS = [
  'Join',
  'AppendEntry',
  'DeclareGone',
  'Lose',
  'Found',
  'Commit',
  'HandOver',
  'Claim',
  'Resend',
  'Read',
  'Leave',
  'Crash',
] as const;
export type Action = (typeof ACTIONS)[number];

/** The actions that a participant takes by itself, and the machine's event for each. */
export const COMMANDS = [
  { action: 'Found', event: { type: 'found' } },
  { action: 'Commit', event: { type: 'commit' } },
  { action: 'HandOver', event: { type: 'handOver' } },
  { action: 'Claim', event: { type: 'claim' } },
  { action: 'Leave', event: { type: 'leave' } },
] as const satisfies readonly { readonly action: Action; readonly event: ParticipantEvent }[];
