import { stateOf } from '../../participant/recording.ts';
import { departed, waiting } from '../../protocol/view.ts';
import type { RecordEntry, RecordLine } from '../../trace/record.ts';
import { changesOf } from '../../trace/printTrace.ts';
import type { TlaState } from '../../trace/value.ts';
import { Ids } from './ids.ts';
import { entryText, entryValue } from './participant.ts';
import type { Expected, ScheduledStep } from './schedule.ts';
import type { World } from './world.ts';

type Recorded = Extract<Expected, { kind: 'record' }>;
type Observed = Pick<World<unknown>, 'project' | 'sights' | 'snapshot' | 'log'>;

/** Holds a replay against its trace, or its record, step by step. */
export class Comparison {
  readonly #world: Observed;
  readonly #ids: Ids;
  /** Labels of a record and authenticators of the replay: each stands for one of the other. */
  readonly #labels = new Map<string, string>();
  readonly #authenticators = new Map<string, string>();

  constructor(world: Observed, participants: readonly string[]) {
    this.#world = world;
    this.#ids = new Ids(participants);
  }

  /** What is not as the trace has it after a step, or null. */
  differenceFrom({ expects, participant }: ScheduledStep): string | null {
    if (expects === null) return null;
    if (expects.kind === 'state') return this.differenceFromState(expects.state);
    const difference = this.#differenceFromRecord(expects, participant);
    return difference === null ? null : `${expects.where}: ${difference}`;
  }

  differenceFromState(state: TlaState): string | null {
    const differences = Object.entries(this.#world.project()).flatMap(([name, value]) => {
      const theirs = state[name];
      return theirs === undefined ? [`${name} is not in the trace`] : changesOf(name, theirs, value);
    });
    return differences.length === 0 ? null : `from the trace to the replay: ${differences.join('; ')}`;
  }

  #differenceFromRecord({ position, entry, seen }: Recorded, participant: string): string | null {
    const { log } = this.#world;
    if (entry !== null) {
      if (log.length !== position) return `position ${position} of the log is ${log.length} in the replay`;
      const [ours, theirs] = [entryText(log[position - 1]!.value), textOf(entry)];
      if (ours !== theirs) return `position ${position} of the log: ${theirs} -> ${ours}`;
    }
    return seen === null
      ? null
      : (this.#differenceFromLine(seen, participant) ?? this.#label(seen, participant));
  }

  #differenceFromLine({ state, pending, view }: RecordLine, participant: string): string | null {
    const snapshot = this.#world.snapshot(participant);
    if (snapshot === null) return 'there is no such participant in the replay';
    const { context } = snapshot;
    const ours = {
      state: stateOf(snapshot),
      pending: context.pending === null ? null : `${context.pending.kind}@${context.pending.at}`,
      position: context.view.position,
      changedAt: context.view.changedAt,
      roster: this.#names(context.view.roster),
      departed: this.#names(departed(context.view)),
      waiting: this.#names(waiting(context.view)),
      refresh: context.view.refresh,
      epochs: context.view.history.length,
      head: this.#head(participant),
    };
    const theirs: typeof ours = {
      state,
      pending: pending === null ? null : `${pending.kind}@${pending.at}`,
      position: view.position,
      changedAt: view.changedAt,
      roster: view.roster.join(' '),
      departed: view.departed.join(' '),
      waiting: view.waiting.join(' '),
      refresh: view.refresh,
      epochs: view.epochs,
      head: view.head,
    };
    const fields = Object.keys(ours) as (keyof typeof ours)[];
    const differences = fields
      .filter((field) => ours[field] !== theirs[field])
      .map((field) => `${field}: ${String(theirs[field])} -> ${String(ours[field])}`);
    return differences.length === 0 ? null : `from the record to the replay: ${differences.join('; ')}`;
  }

  /** Equal labels, equal authenticators, and the other way round. */
  #label({ authenticator: label }: RecordLine, participant: string): string | null {
    const ours = this.#sightOf(participant)?.authenticator ?? null;
    if (label === null || ours === null) {
      if (label === ours) return null;
      return label === null
        ? 'an MLS group where the record has none'
        : 'no MLS group where the record has one';
    }
    const [known, back] = [this.#labels.get(label) ?? ours, this.#authenticators.get(ours) ?? label];
    if (known !== ours) return `label ${label} is of two epochs in the replay`;
    if (back !== label) return `labels ${back} and ${label} are of one epoch in the replay`;
    this.#labels.set(label, ours);
    this.#authenticators.set(ours, label);
    return null;
  }

  #sightOf(participant: string): ReturnType<Observed['sights']>[number] | undefined {
    return this.#world.sights().find(({ name }) => name === participant);
  }

  #head(participant: string): string | null {
    const last = this.#sightOf(participant)?.viewHistory.at(-1);
    return last === undefined ? null : last.join('@');
  }

  #names(ids: readonly string[]): string {
    return ids.map((id) => this.#ids.name(id)).join(' ');
  }
}

/** An entry of a record, as the replay writes it. */
function textOf(entry: RecordEntry): string {
  const { kind, author } = entry;
  return entryText(
    entryValue(kind, author, {
      ...('at' in entry && { at: entry.at }),
      ...('accused' in entry && { accused: entry.accused }),
      ...('adds' in entry && { adds: entry.adds, removes: entry.removes }),
    }),
  );
}
