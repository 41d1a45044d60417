import { isDeepStrictEqual } from 'node:util';
import type { ParticipantId } from '../../protocol/ids.ts';
import type { RecordEntry, RecordLine } from '../../trace/record.ts';
import { lossesOf, type Losses, type Sent } from './losses.ts';

/** A line and where it is from. */
export interface Source {
  readonly file: string;
  /** From 1, in its file. */
  readonly fileLine: number;
  readonly line: RecordLine;
}

/** The spec's actions, and two in which nothing happens but something is seen: see `spec/TraceValidation.tla`. */
export type EventAction =
  | 'Join'
  | 'AppendEntry'
  | 'DeclareGone'
  | 'Lose'
  | 'Found'
  | 'Commit'
  | 'HandOver'
  | 'Claim'
  | 'Resend'
  | 'Read'
  | 'Leave'
  | 'Crash'
  | 'Look'
  | 'Joined'
  /** An entry that does not verify. */
  | 'Void';

/** A step of the merged run. */
export interface MergedEvent {
  readonly action: EventAction;
  readonly participant: ParticipantId;
  /** The position of the entry that was appended or read; 0 where there is none. */
  readonly at: number;
  /** The entry that was appended, or that the line names. */
  readonly entry: RecordEntry | null;
  /** The line, where the event is one. */
  readonly seen: RecordLine | null;
  /** The line to blame: the event's own, or the first that depends on it. */
  readonly source: Source;
}

/** A run: the records of all its participants as one sequence. */
export interface MergedRun {
  /** In order of their joins; who never joined comes last. */
  readonly participants: readonly ParticipantId[];
  readonly log: readonly RecordEntry[];
  readonly events: readonly MergedEvent[];
  /** Crashes that no line tells of and that the log needs, in order. */
  readonly crashes: readonly ParticipantId[];
  /** Whose connection was lost, which no line tells of either and the log shows, in order. */
  readonly losses: readonly ParticipantId[];
  /** Who sent a draft again that the log holds twice, in order. */
  readonly resends: readonly ParticipantId[];
}

const ENDS = ['left', 'evicted', 'dead'];
const DRAFTS = ['Found', 'Commit', 'HandOver', 'Claim'];
const isDraft = ({ action }: RecordLine): boolean => DRAFTS.includes(action);
const reads = ({ action }: RecordLine): boolean => action === 'Join' || action === 'Read';
const ends = ({ state }: RecordLine): boolean => ENDS.includes(state);

/** The index of the line that ends the participant, the number of lines where none does. It may be there twice. */
function endOf(lines: readonly Source[]): number {
  const last = lines.at(-1)?.line;
  if (last === undefined || !ends(last)) return lines.length;
  const same = ({ line }: Source): boolean => isDeepStrictEqual({ ...line, line: last.line }, last);
  return lines.findLastIndex((source) => !same(source)) + 1;
}

/** One participant's lines, and for each the position of the log behind which it happens. */
interface Track {
  readonly id: ParticipantId;
  readonly lines: readonly Source[];
  /** How many entries it had read, by its lines. */
  readonly counted: readonly number[];
  /** The index of the line with which it ends. */
  readonly end: number;
  readonly targets: readonly number[];
  readonly losses: Losses;
  next: number;
}

interface Vote {
  readonly entry: RecordEntry;
  readonly sources: Source[];
  weight: number;
}

/**
 * Merges the lines of a run by log position: the same lines give the same sequence, in whatever order files are named.
 * An entry is appended as soon as the one before it has been read, and everybody reads it at once; only the end of a
 * participant waits until the service has appended what it had sent. Reading commutes with all that others do, so the
 * sequence is a behaviour exactly where the run is. Lost connections are put where the log shows them: see `lossesOf`.
 */
export function mergeRun(sources: readonly Source[]): MergedRun {
  const byId = new Map<ParticipantId, Source[]>();
  for (const source of sources) {
    const { participant } = source.line;
    const lines = byId.get(participant) ?? [];
    byId.set(participant, lines);
    lines.push(source);
  }
  const ids = [...byId.keys()].sort();
  const readers = ids.map((id) => readerOf(id, byId.get(id) ?? []));
  const elected = elect(readers);
  const log = elected.map(({ entry }) => entry);
  const sent = sentBy(log);
  const tracks = readers.map((reader) => trackOf(reader, sent.get(reader.id) ?? []));
  const joined = log.flatMap(({ kind, author }) => (kind === 'join' ? [author] : []));
  const participants = [...new Set([...joined, ...ids])];
  const rank = new Map(participants.map((id, i) => [id, i]));
  const rankOf = ({ line }: Source): number => rank.get(line.participant) ?? 0;
  tracks.sort((a, b) => (rank.get(a.id) ?? 0) - (rank.get(b.id) ?? 0));
  const tellers = elected.map(({ sources: [first, ...others] }) =>
    others.reduce((best, source) => (rankOf(source) < rankOf(best) ? source : best), first!),
  );
  return { participants, log, ...interleave(tracks, log, tellers) };
}

type Reader = Pick<Track, 'id' | 'lines' | 'counted' | 'end'>;

function readerOf(id: ParticipantId, lines: readonly Source[]): Reader {
  let count = 0;
  const counted = lines.map(({ line }) => (reads(line) ? ++count : count));
  return { id, lines, counted, end: endOf(lines) };
}

/** What each participant has sent and the service appended, in order. */
function sentBy(log: readonly RecordEntry[]): ReadonlyMap<ParticipantId, readonly Sent[]> {
  const sent = new Map<ParticipantId, Sent[]>();
  log.forEach((entry, i) => {
    if (!('at' in entry)) return;
    const own = sent.get(entry.author) ?? [];
    sent.set(entry.author, own);
    own.push({ position: i + 1, draft: { kind: entry.kind, at: entry.at } });
  });
  return sent;
}

function trackOf({ id, lines, counted, end }: Reader, sent: readonly Sent[]): Track {
  const losses = lossesOf(
    lines.map(({ line }) => (isDraft(line) ? line.pending : null)),
    sent,
  );
  let target = 0;
  const targets = lines.map(({ line }, i) => {
    // A line that says that it is behind its place is tried there, where it is refused.
    const place = i >= end ? counted[i]! : Math.min(counted[i]!, line.view.position);
    target = Math.max(target, place, losses.notBefore[i] ?? 0);
    return target;
  });
  return { id, lines, counted, end, targets, losses, next: 0 };
}

/** What most lines say of each position. A line that says that it is elsewhere than its place has half a vote. */
function elect(tracks: readonly Reader[]): readonly Vote[] {
  const positions = new Map<number, Map<string, Vote>>();
  for (const { lines, counted } of tracks) {
    lines.forEach((source, i) => {
      const { line } = source;
      if (!reads(line) || line.entry === null) return;
      const position = ends(line) ? counted[i]! : line.view.position;
      const votes = positions.get(position) ?? new Map<string, Vote>();
      positions.set(position, votes);
      const key = JSON.stringify(line.entry);
      const vote = votes.get(key) ?? { entry: line.entry, sources: [], weight: 0 };
      votes.set(key, vote);
      vote.sources.push(source);
      vote.weight += position === counted[i] ? 2 : 1;
    });
  }
  const elected: Vote[] = [];
  for (let n = 1; ; n += 1) {
    const [first, ...others] = positions.get(n)?.values() ?? [];
    if (first === undefined) return elected;
    elected.push(others.reduce((best, vote) => (vote.weight > best.weight ? vote : best), first));
  }
}

function interleave(
  tracks: readonly Track[],
  log: readonly RecordEntry[],
  tellers: readonly Source[],
): Pick<MergedRun, 'events' | 'crashes' | 'losses' | 'resends'> {
  const events: MergedEvent[] = [];
  const crashes: ParticipantId[] = [];
  const byId = new Map(tracks.map((track) => [track.id, track]));
  const lastSent = new Map<ParticipantId, number>();
  log.forEach((entry, i) => {
    if ('at' in entry) lastSent.set(entry.author, i + 1);
  });
  log.forEach((entry, i) => {
    const teller = tellers[i]!;
    const action = appendingAction(entry);
    if (entry.kind === 'leave' && stopped(byId.get(entry.author))) {
      const source = byId.get(entry.author)?.lines.at(-1) ?? teller;
      events.push({ action: 'Crash', participant: entry.author, at: 0, entry: null, seen: null, source });
      crashes.push(entry.author);
    }
    events.push({
      action,
      // Whose bytes do not verify nobody knows.
      participant: action === 'Void' ? teller.line.participant : entry.author,
      at: i + 1,
      entry,
      seen: null,
      source: teller,
    });
    if (byId.get(entry.author)?.losses.resentAfter.has(i + 1) === true) {
      const unseen = { participant: entry.author, at: 0, entry: null, seen: null, source: teller };
      events.push({ action: 'Lose', ...unseen }, { action: 'Resend', ...unseen });
    }
    for (const reader of tracks) take(reader, i + 1, lastSent.get(reader.id) ?? 0, events);
  });
  for (const track of tracks) take(track, Infinity, 0, events);
  const whose = (wanted: EventAction): ParticipantId[] =>
    events.flatMap(({ action, participant }) => (action === wanted ? [participant] : []));
  return { events, crashes, losses: whose('Lose'), resends: whose('Resend') };
}

/** Its record stops without an end, or never began. */
const stopped = (track: Track | undefined): boolean =>
  track === undefined || (track.next === track.lines.length && !ends(track.lines.at(-1)!.line));

/** Takes the lines that happen before position `upTo` + 1 is appended. */
function take(track: Track, upTo: number, lastSent: number, events: MergedEvent[]): void {
  for (; track.next < track.lines.length; track.next += 1) {
    const source = track.lines[track.next]!;
    const { line } = source;
    const i = track.next;
    const target = track.targets[i]!;
    if ((i >= track.end ? Math.max(target, lastSent) : target) > upTo) return;
    if (track.losses.lostBefore.has(i)) {
      events.push({ action: 'Lose', participant: track.id, at: 0, entry: null, seen: null, source });
    }
    events.push({
      action: lineAction(line),
      participant: track.id,
      at: reads(line) ? track.counted[i]! : 0,
      entry: line.entry,
      seen: line,
      source,
    });
  }
}

function lineAction(line: RecordLine): EventAction {
  if (line.action === 'Join') return 'Joined';
  return line.action === 'Read' && line.state === 'outside' ? 'Look' : line.action;
}

function appendingAction({ kind }: RecordEntry): EventAction {
  if (kind === 'join') return 'Join';
  if (kind === 'leave') return 'DeclareGone';
  return kind === 'void' ? 'Void' : 'AppendEntry';
}
