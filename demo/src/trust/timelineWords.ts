/** The log in plain words. Pure. */
import type { Refusal } from '../../../src/protocol/counts.ts';
import type { ParticipantId } from '../../../src/protocol/ids.ts';
import type { LogLine } from '../messages.ts';
import type { Cause, PastCode } from './codeHistory.ts';

export type NameOf = (participant: ParticipantId) => string;

const list = (ids: readonly ParticipantId[], nameOf: NameOf): string => ids.map(nameOf).join(', ');

function changesOf(
  adds: readonly ParticipantId[],
  removes: readonly ParticipantId[],
  nameOf: NameOf,
): string {
  const parts = [
    adds.length > 0 ? `let ${list(adds, nameOf)} in` : null,
    removes.length > 0 ? `removed ${list(removes, nameOf)}, who left` : null,
  ].filter((part) => part !== null);
  return parts.length > 0 ? parts.join(' and ') : 'refreshed the keys';
}

/** An entry in plain words. What a refused one says did not happen; its rule is told besides. */
export function sentence({ kind, author, adds, removes, accused }: LogLine, nameOf: NameOf): string {
  const who = nameOf(author);
  switch (kind) {
    case 'join':
      return `${who} asks to join`;
    case 'leave':
      return `${who} left`;
    case 'found':
      return `${who} founded the group`;
    case 'commit':
      return `${who} ${changesOf(adds, removes, nameOf)}`;
    case 'handover':
      return `${who} passed the committer's role on`;
    case 'claim':
      return `${who} says that ${accused === null ? 'the committer' : nameOf(accused)} is silent, and should not be the committer`;
    default:
      return 'not an entry';
  }
}

/** What a rule that refused an entry is about. */
export const REFUSALS: Readonly<Record<Refusal, string>> = {
  Invited: 'it does not come from somebody with the link',
  Current: 'the keys or the role changed while it was on its way',
  Witnessed: 'it was written on another log than yours',
  Designated: 'only the designated committer may change the group',
  Justified: 'a commit lets in who waits and removes who left, nobody else',
  Founding: 'there was a group already, or somebody else was first',
  Takeover: 'the committer had nothing to do, or somebody else may say so',
  Rotation: 'only the designated committer can pass the role on, and not twice in a row',
  parent: 'it does not build on the last change',
  repeated: 'it was there before',
  unknown: 'it is about nobody who joined',
  full: 'the room is full',
  void: 'it is damaged, or not signed by who it says',
  welcome: 'a welcome must come with its commit',
};

/** A line of the timeline: an entry, and the epoch that it led to; null where the code stayed. */
export interface TimelineLine {
  readonly line: LogLine;
  readonly epoch: number | null;
}

/** Each founding that counts begins with epoch 0, each commit that counts leads to the next (RFC 9420 section 8). */
export function timelineOf(lines: readonly LogLine[]): TimelineLine[] {
  let epoch = 0;
  return lines.map((line) => {
    if (line.refusal !== null || (line.kind !== 'found' && line.kind !== 'commit'))
      return { line, epoch: null };
    epoch = line.kind === 'found' ? 0 : epoch + 1;
    return { line, epoch };
  });
}

function roleWords(role: Cause['role'], nameOf: NameOf): string {
  if (role === null) return '';
  const { kind, author, accused } = role;
  if (kind === 'handover') return `${nameOf(author)} passed the role on; `;
  return `${accused === null ? 'the committer' : nameOf(accused)} was silent and lost the role; `;
}

/** Why the code of an epoch is another than the one before. */
export function reason({ cause, founding }: Pick<PastCode, 'cause' | 'founding'>, nameOf: NameOf): string {
  const { kind, by, adds, removes, role } = cause;
  if (kind === 'found')
    return founding === 1
      ? `${nameOf(by)} founded the group`
      : `${nameOf(by)} founded a new group: nobody of the one before was left`;
  return `${roleWords(role, nameOf)}${nameOf(by)} ${changesOf(adds, removes, nameOf)}`;
}

/** What to call the epoch of a code: its number, and which founding it counts from where there were several. */
export const epochName = ({ epoch, founding }: Pick<PastCode, 'epoch' | 'founding'>): string =>
  founding > 1 ? `epoch ${epoch} of group ${founding}` : `epoch ${epoch}`;
