import { addsAt, removesAt, type Protocol } from '../protocol/counts.ts';
import type { CommitEntry } from '../protocol/entry.ts';
import type { ParticipantId } from '../protocol/ids.ts';
import { designatedCommitter, type View } from '../protocol/view.ts';

/** The commit that the log calls for: what MLS itself holds a commit against (`ExpectedCommit`). */
export interface CalledFor {
  readonly committer: ParticipantId;
  readonly adds: readonly ParticipantId[];
  readonly removes: readonly ParticipantId[];
}

/**
 * What the view before `entry` calls for, whatever the entry says: Designated and Justified once more, for the MLS core to
 * enforce. A commit that the machine lets through by mistake is refused there. Where one of the two is off, in checks and
 * sandbox rooms, it is what the entry says.
 */
export function calledFor(protocol: Protocol, view: View, entry: CommitEntry): CalledFor {
  const { Designated, Justified } = protocol.rules;
  return {
    committer: Designated ? (designatedCommitter(view) ?? '') : entry.author,
    adds: Justified ? addsAt(protocol, view, entry.at) : entry.adds,
    removes: Justified ? removesAt(protocol, view, entry.at) : entry.removes,
  };
}
