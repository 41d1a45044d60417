import type { Participant, Step } from '../../../src/participant/Participant.ts';
import { stateOf } from '../../../src/participant/recording.ts';
import { departed, designatedCommitter, live, waiting } from '../../../src/protocol/view.ts';
import { unhex } from '../../../src/protocol/wire/bytes.ts';
import { safetyCode } from '../../../src/verification/index.ts';
import type { CallView, LogLine, Person } from '../messages.ts';

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

function codeOf({ view, mls }: Participant): readonly string[] {
  const { groupId, epoch, epochAuthenticator } = mls;
  const commitId = unhex(view.history.at(-1) ?? '');
  return safetyCode({ groupId, epoch, epochAuthenticator, commitId }).groups;
}

/** The entry that a step read; null where it read none. */
export function describeEntry({ placed, refusal }: Step): LogLine | null {
  if (placed === null) return null;
  const { entry, position } = placed;
  const { adds, removes } = entry.kind === 'commit' ? entry : { adds: [], removes: [] };
  return { position, kind: entry.kind, author: entry.author, adds, removes, refusal };
}
