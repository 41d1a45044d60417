import { transition } from 'xstate';
import type { Effect } from './effects.ts';
import { participantMachine, type ParticipantEvent, type ParticipantSnapshot } from './machine.ts';

/**
 * One step of a participant: `(snapshot, event) -> (snapshot, effects)`, pure. The effects are for the caller to carry
 * out, in order; the machine's own actions (assignments) are done already.
 */
export function advance(
  snapshot: ParticipantSnapshot,
  event: ParticipantEvent,
): readonly [ParticipantSnapshot, readonly Effect[]] {
  const [after, actions] = transition(participantMachine, snapshot, event);
  // Of its actions XState gives back those that it has not done itself: the effects.
  return [after, actions.map(({ type, params }) => ({ type, params }) as Effect)];
}
