import type { Participant, Step } from '../../../src/participant/Participant.ts';
import { personOf } from '../../../src/participant/person.ts';
import { stateOf } from '../../../src/participant/recording.ts';
import { departed, designatedCommitter, live, waiting } from '../../../src/protocol/view.ts';
import { unhex } from '../../../src/protocol/wire/bytes.ts';
import type { WireEntry } from '../../../src/protocol/wire/hashes.ts';
import type { Invite } from '../../../src/protocol/wire/invite.ts';
import { personCode, safetyCode, type SafetyCode } from '../../../src/verification/index.ts';
import type { CallView, FromWorker, LogLine, Person } from '../messages.ts';

/** The call as a participant sees it now, for the page. */
export function describeCall(participant: Participant): CallView {
  const { view, mls, hasKeys, snapshot } = participant;
  const everybody = (ids: readonly string[], standing: Person['standing']): Person[] =>
    ids.map((id) => ({ id, standing }));
  return {
    self: participant.id,
    machine: stateOf(snapshot),
    position: view.position,
    people: [
      ...everybody(live(view), 'member'),
      ...everybody(departed(view), 'departed'),
      ...everybody(waiting(view), 'waiting'),
    ],
    committer: designatedCommitter(view),
    epoch: hasKeys ? Number(mls.epoch) : null,
    safetyCode: hasKeys ? codeOf(participant) : null,
  };
}

function codeOf({ view, mls }: Participant): SafetyCode {
  const { groupId, epoch, epochAuthenticator } = mls;
  const commitId = unhex(view.history.at(-1) ?? '');
  return safetyCode({ groupId, epoch, epochAuthenticator, commitId });
}

/** The person behind a `join` that counts: what the others may call it, and its code if its name has one. */
export async function describePerson(
  invite: Invite,
  participant: string,
  join: WireEntry,
): Promise<Extract<FromWorker, { type: 'name' }>> {
  const { name, personKey } = await personOf(invite, join);
  return {
    type: 'name',
    participant,
    name,
    personCode: personKey === null ? null : personCode(personKey).groups,
  };
}

/** The entry that a step read; null where it read none. */
export function describeEntry({ placed, refusal }: Step): LogLine | null {
  if (placed === null) return null;
  const { entry, position } = placed;
  const { adds, removes } = entry.kind === 'commit' ? entry : { adds: [], removes: [] };
  const accused = entry.kind === 'claim' ? entry.accused : null;
  return { position, kind: entry.kind, author: entry.author, adds, removes, accused, refusal };
}
