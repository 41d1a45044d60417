import { basename } from 'node:path';
import { LIMITS } from '../../../protocol/limits.ts';
import { ALL_RULES } from '../../../protocol/rules.ts';
import type { RecordEntry, RecordLine } from '../../../trace/record.ts';
import { isIdentifier } from '../../../trace/value.ts';
import { readLines, type RecordText } from '../../validation/lines.ts';
import { mergeRun, type MergedEvent, type MergedRun, type Source } from '../../validation/merge.ts';
import type { ReplayConstants } from '../constants.ts';
import { ReplayError } from '../errors.ts';
import { MAX_STEPS, type Schedule, type ScheduledStep } from '../schedule.ts';

/** Participants of one run that is replayed, at most: each pair of them is looked at. */
export const MAX_PARTICIPANTS = 64;

/**
 * The steps of a recorded run as a schedule for fresh participants, all rules on: the records of all its participants.
 * What each line says is held against the replay.
 *
 * @throws ReplayError for a record that cannot be read or is too large, ValidationError for one without lines.
 */
export function scheduleOfRecords(texts: readonly RecordText[]): Schedule {
  const { sources, bad } = readLines(texts);
  if (bad !== null) {
    throw new ReplayError('replay/bad-record', `${basename(bad.file)}:${bad.fileLine}: ${bad.reason}`);
  }
  const run = mergeRun(sources);
  if (run.participants.length > MAX_PARTICIPANTS || run.events.length > MAX_STEPS) {
    const size = `${run.participants.length} participants, ${run.events.length} steps`;
    throw new ReplayError(
      'replay/too-large',
      `${size}, more than ${MAX_PARTICIPANTS} or ${MAX_STEPS}: too many to replay`,
    );
  }
  const names = new RunNames(run, namesOf(run, sources));
  return {
    constants: constantsOf(run.participants.map((id) => names.of(id))),
    before: [],
    initial: null,
    steps: stepsOf(run, names),
    property: 'holds',
    hungForEver: null,
  };
}

const UNLIMITED = 1_000_000;

const constantsOf = (participants: readonly string[]): ReplayConstants => ({
  participants,
  uninvited: [],
  otherSide: [],
  dishonest: [],
  batchLimit: LIMITS.batch,
  rules: ALL_RULES,
  limits: {
    crashes: UNLIMITED,
    leaves: UNLIMITED,
    gone: UNLIMITED,
    claims: UNLIMITED,
    handovers: UNLIMITED,
    lost: UNLIMITED,
  },
});

/** `Joined` belongs to its `Join`; who looks at the log before it joins is outside. */
function stepsOf({ events }: MergedRun, names: RunNames): readonly ScheduledStep[] {
  const joined = new Map(
    events.filter(({ action }) => action === 'Joined').map((event) => [event.participant, event]),
  );
  return events.flatMap((event): ScheduledStep[] => {
    const { action, participant, at, entry } = event;
    if (action === 'Joined' || action === 'Look') return [];
    const { seen, source } = (action === 'Join' ? joined.get(participant) : undefined) ?? event;
    return [
      {
        action,
        name: action,
        participant: names.of(participant),
        expects: {
          kind: 'record',
          position: at,
          entry: entry === null || !appends(event) ? null : names.inEntry(entry),
          seen: seen === null ? null : names.inLine(seen),
          where: `${basename(source.file)}:${source.fileLine}`,
        },
      },
    ];
  });
}

const APPENDING: readonly string[] = ['Join', 'AppendEntry', 'DeclareGone', 'Void'];
const appends = ({ action }: MergedEvent): boolean => APPENDING.includes(action);

/** The name of a record's file where it is a name and holds one participant alone; `p1`, `p2`, … otherwise. */
function namesOf({ participants }: MergedRun, sources: readonly Source[]): ReadonlyMap<string, string> {
  const files = new Map<string, Set<string>>();
  for (const { file, line } of sources) {
    const inFile = files.get(file) ?? new Set();
    files.set(file, inFile.add(line.participant));
  }
  const byFile = new Map<string, string>();
  for (const [file, [only, ...others]] of files) {
    if (only !== undefined && others.length === 0) byFile.set(only, basename(file).replace(/\.[^.]*$/, ''));
  }
  const given = participants.map((id) => byFile.get(id) ?? '');
  const areNames = given.every((name, i) => isIdentifier(name) && given.indexOf(name) === i);
  return new Map(participants.map((id, i) => [id, areNames ? given[i]! : `p${i + 1}`]));
}

/** Ids of a run as names, and commits by author and position. */
class RunNames {
  readonly #names: ReadonlyMap<string, string>;
  readonly #commits: ReadonlyMap<string, string>;

  constructor({ log }: MergedRun, names: ReadonlyMap<string, string>) {
    this.#names = names;
    this.#commits = new Map(
      log.flatMap((entry) =>
        entry.kind === 'found' || entry.kind === 'commit'
          ? [[entry.id, `${this.of(entry.author)}@${entry.at}`]]
          : [],
      ),
    );
  }

  /** Where a record names somebody who is in none, it is nobody's name. */
  of(id: string): string {
    return this.#names.get(id) ?? 'stranger';
  }

  #all(ids: readonly string[]): string[] {
    return ids.map((id) => this.of(id));
  }

  inEntry(entry: RecordEntry): RecordEntry {
    const author = this.of(entry.author);
    if (entry.kind === 'commit')
      return { ...entry, author, adds: this.#all(entry.adds), removes: this.#all(entry.removes) };
    if (entry.kind === 'claim') return { ...entry, author, accused: this.of(entry.accused) };
    return { ...entry, author };
  }

  inLine(line: RecordLine): RecordLine {
    const { view } = line;
    return {
      ...line,
      participant: this.of(line.participant),
      view: {
        ...view,
        roster: this.#all(view.roster),
        departed: this.#all(view.departed),
        waiting: this.#all(view.waiting),
        head: view.head === null ? null : (this.#commits.get(view.head) ?? view.head),
      },
    };
  }
}
