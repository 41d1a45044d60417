import type { Context } from '../../src/machine/context.ts';
import type { ParticipantEvent, ParticipantSnapshot } from '../../src/machine/machine.ts';
import { refusal } from '../../src/protocol/counts.ts';
import type { Entry } from '../../src/protocol/entry.ts';
import { designatedCommitter } from '../../src/protocol/view.ts';
import { entryOf, SELF } from './events.ts';

/** What is expected of the machine itself, said once more here: a path must not take its word for it. */

const DOING = {
  found: 'founding',
  commit: 'committing',
  handover: 'handingOver',
  claim: 'claiming',
} as const;

/** How a participant ends by this event, if it ends. */
function endBy(event: ParticipantEvent): string {
  if (event.type === 'leave') return 'left';
  const entry = entryOf(event);
  const missing = entry?.author === SELF && (entry.kind === 'found' || entry.kind === 'commit');
  return event.type === 'refused' || missing ? 'dead' : 'evicted';
}

/** The state node that view and draft of a snapshot call for, or its end. */
export function nodeFor(event: ParticipantEvent, { context, status }: ParticipantSnapshot): string {
  if (status === 'done') return endBy(event);
  const { view, pending } = context;
  const doing = pending === null ? 'idle' : DOING[pending.kind];
  if (view.roster.includes(SELF)) {
    const role = designatedCommitter(view) === SELF ? 'designated' : 'follower';
    return `member.${role}.${doing}`;
  }
  return view.joined[SELF] === undefined ? 'outside' : `waiting.${doing}`;
}

/** Whether the participant drafted an entry on all that there is in front of it. */
export const isDraftedHere = (entry: Entry, { pending, view }: Context): boolean =>
  'at' in entry &&
  entry.author === SELF &&
  entry.kind === pending?.kind &&
  entry.at === pending.at &&
  entry.at === view.position;

/** Why an entry that was drafted here should not have been: it counts for nothing, or does nothing. */
export function whatIsWrongWith(entry: Entry, { protocol, view }: Context): string | null {
  const idle =
    entry.kind === 'commit' && entry.adds.length === 0 && entry.removes.length === 0 && !view.refresh;
  return refusal(protocol, view, entry) ?? (idle ? 'a commit of nothing' : null);
}
