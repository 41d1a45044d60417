import type { ParticipantEvent, ParticipantSnapshot } from '../machine/machine.ts';
import type { Entry } from '../protocol/entry.ts';
import { departed, waiting, type View } from '../protocol/view.ts';
import { hex, labelledHash } from '../protocol/wire/bytes.ts';
import { RECORD_VERSION, type RecordEntry, type RecordLine } from '../trace/record.ts';
import { isCoreLost, type Participant, type Step } from './Participant.ts';

const ACTIONS = {
  found: 'Found',
  commit: 'Commit',
  handOver: 'HandOver',
  claim: 'Claim',
  leave: 'Leave',
} as const;

/** Bytes of a hash that tell authenticators apart in one record. */
const LABEL_BYTES = 8;

/** An entry as lines name it; null for a Welcome that travels by itself, which no run does. */
export function entryOf(entry: Entry): RecordEntry | null {
  switch (entry.kind) {
    case 'join':
      if (!entry.invited) return { kind: 'void', author: entry.author, reason: entry.flaw ?? 'not invited' };
      return { kind: entry.kind, author: entry.author };
    case 'leave':
      return { kind: entry.kind, author: entry.author };
    case 'found':
      return { kind: entry.kind, author: entry.author, at: entry.at, id: entry.id };
    case 'commit': {
      const { kind, author, at, id, parent, adds, removes } = entry;
      return { kind, author, at, id, parent, adds: [...adds], removes: [...removes] };
    }
    case 'handover':
      return { kind: entry.kind, author: entry.author, at: entry.at };
    case 'claim':
      return { kind: entry.kind, author: entry.author, at: entry.at, accused: entry.accused };
    case 'void':
      return { kind: entry.kind, author: entry.author, reason: entry.reason };
    case 'welcome':
      return null;
  }
}

const viewOf = (view: View): RecordLine['view'] => ({
  position: view.position,
  changedAt: view.changedAt,
  roster: [...view.roster],
  departed: [...departed(view)],
  waiting: [...waiting(view)],
  refresh: view.refresh,
  epochs: view.history.length,
  head: view.history.at(-1) ?? null,
});

/** The machine's state node, dots between its levels. */
export function stateOf(snapshot: ParticipantSnapshot): string {
  const names: string[] = [];
  let value: unknown = snapshot.value;
  while (typeof value === 'object' && value !== null) {
    const [name, inner] = Object.entries(value as Record<string, unknown>)[0] ?? ['', null];
    names.push(name);
    value = inner;
  }
  return [...names, String(value)].join('.');
}

/** What a line says of the machine. */
export function observationOf(snapshot: ParticipantSnapshot): Pick<RecordLine, 'state' | 'view' | 'pending'> {
  const { view, pending } = snapshot.context;
  return { state: stateOf(snapshot), view: viewOf(view), pending: pending && { ...pending } };
}

function actionOf(event: ParticipantEvent['type'], before: string, after: string): RecordLine['action'] {
  if (event !== 'read' && event !== 'refused') return ACTIONS[event];
  return before === 'outside' && after !== 'outside' ? 'Join' : 'Read';
}

/**
 * Hands `write` a line for each step of a participant from now on. Gives the way to stop it. A participant that has lost its
 * MLS core has crashed, in the spec's words: it has no more lines.
 */
export function recordParticipant(participant: Participant, write: (line: RecordLine) => void): () => void {
  let line = 0;
  return participant.subscribe((step: Step) => {
    if (isCoreLost(step.cause)) return;
    const { mls, id } = participant;
    const inGroup = !participant.ended && mls.hasGroup;
    const observation = observationOf(step.after);
    write({
      v: RECORD_VERSION,
      participant: id,
      line: ++line,
      action: actionOf(step.event, stateOf(step.before), observation.state),
      entry: step.placed && entryOf(step.placed.entry),
      ...observation,
      authenticator: inGroup
        ? hex(labelledHash('DC 1.0 record', mls.epochAuthenticator).subarray(0, LABEL_BYTES))
        : null,
    });
  });
}
