import { transition } from 'xstate';
import { isEffectType, type Effect } from './effects.ts';
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
  const effects = actions.flatMap(({ type, params }) =>
    isEffectType(type) ? [{ type, params } as Effect] : [],
  );
  return [after, effects];
}
