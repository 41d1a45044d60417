import { LIMITS } from '../../protocol/limits.ts';
import { RULES } from '../../protocol/rules.ts';
import type { RecordEntry, RecordLine } from '../../trace/record.ts';
import type { MergedEvent, MergedRun } from './merge.ts';

/** The module that TraceValidation extends. */
export const RECORD_MODULE = 'TraceRecord';

/** A run as TLC gets it: the module `TraceRecord`, and the configuration of TraceValidation. */
export interface RecordModule {
  readonly spec: string;
  readonly config: string;
}

/** TLC's integers end there. */
const MAX_INTEGER = 2 ** 31 - 1;
/** How often a fault may happen in a run: as often as it did. */
const UNLIMITED = 1_000_000;
const LIMITED = ['MaxCrashes', 'MaxLeaves', 'MaxGone', 'MaxClaims', 'MaxHandovers', 'MaxLost'];

/** Texts that come again and again are written once; an event holds their numbers, from 1. */
class Table {
  readonly texts: string[] = [];
  readonly #numbers = new Map<string, number>();

  number(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    const number = this.texts.push(text);
    this.#numbers.set(text, number);
    return number;
  }
}

/** Writes the run as a module. Ids become `p1`, `p2`, …; the hashes of commits become author and position. */
export class ModuleWriter {
  readonly #run: MergedRun;
  readonly #names: ReadonlyMap<string, string>;
  readonly #commits: ReadonlyMap<string, string>;
  readonly #entries = new Table();
  readonly #observations = new Table();
  readonly #labels = new Table();

  constructor(run: MergedRun) {
    this.#run = run;
    this.#names = new Map(run.participants.map((id, i) => [id, `p${i + 1}`]));
    this.#commits = new Map(
      run.log.flatMap((e) =>
        e.kind === 'found' || e.kind === 'commit' ? [[e.id, this.#commitId(e.author, e.at)] as const] : [],
      ),
    );
  }

  /** @param target the number of the event that is to be explained, 0: none. */
  write(target: number): RecordModule {
    const events = this.#run.events.map((event) => this.#event(event));
    const sequence = (texts: readonly string[]): string => `<<\n${texts.join(',\n')} >>`;
    const spec = [
      `---- MODULE ${RECORD_MODULE} ----`,
      `Events == ${sequence(events)}`,
      `Entries == ${sequence(this.#entries.texts)}`,
      `Observations == ${sequence(this.#observations.texts)}`,
      `Labels == ${this.#labels.texts.length}`,
      `Target == ${target}`,
      '====',
      '',
    ];
    return { spec: spec.join('\n'), config: this.#config() };
  }

  /** The name of a participant in the module. */
  name(id: string): string {
    return this.#names.get(id) ?? 'unknown';
  }

  #config(): string {
    return [
      'CONSTANTS',
      `  Participants = {${this.#run.participants.map((id) => text(this.name(id))).join(', ')}}`,
      `  BatchLimit = ${LIMITS.batch}`,
      '  Uninvited = {}',
      '  OtherSide = {}',
      ...RULES.map((rule) => `  ${rule} = TRUE`),
      ...LIMITED.map((name) => `  ${name} = ${UNLIMITED}`),
      '  ViewAt <- KeptViewAt',
      'INIT TraceInit',
      'NEXT TraceNext',
      'VIEW Progress',
      '',
    ].join('\n');
  }

  #event({ action, participant, at, entry, seen }: MergedEvent): string {
    return record({
      action: text(action),
      p: text(this.name(participant)),
      at: integer(at),
      entry: integer(entry === null ? this.#absence(seen) : this.#entries.number(this.entryText(entry))),
      seen: integer(seen === null ? 0 : this.#observations.number(this.observationText(seen))),
      label: integer(this.#label(seen)),
    });
  }

  #label(seen: RecordLine | null): number {
    const label = seen?.authenticator ?? null;
    return label === null ? 0 : this.#labels.number(label);
  }

  /** A line that names no entry is not about one; 0 where there is no line. */
  #absence(seen: RecordLine | null): number {
    return seen === null ? 0 : this.#entries.number(record({ kind: text('none') }));
  }

  /** An entry as `Summary` of TraceValidation gives it. */
  entryText(e: RecordEntry): string {
    const author = text(this.name(e.author));
    const kind = text(e.kind);
    switch (e.kind) {
      case 'join':
      case 'leave':
        return record({ kind, author });
      case 'void':
        return record({ kind });
      case 'found':
        return record({ kind, author, at: integer(e.at), id: this.#commit(e.id) });
      case 'handover':
        return record({ kind, author, at: integer(e.at) });
      case 'claim':
        return record({ kind, author, at: integer(e.at), accused: text(this.name(e.accused)) });
      case 'commit':
        return record({
          kind,
          author,
          at: integer(e.at),
          id: this.#commit(e.id),
          parent: this.#commit(e.parent),
          adds: this.#list(e.adds),
          removes: this.#list(e.removes),
        });
    }
  }

  /** What a line tells of its participant, as `Seen` of TraceValidation gives it. */
  observationText({ state, pending, view }: RecordLine): string {
    return record({
      state: text(state),
      pending: pending === null ? '<<>>' : `<<${text(pending.kind)}, ${integer(pending.at)}>>`,
      view: record({
        position: integer(view.position),
        changedAt: integer(view.changedAt),
        roster: this.#list(view.roster),
        departed: this.#list(view.departed),
        waiting: this.#list(view.waiting),
        refresh: view.refresh ? 'TRUE' : 'FALSE',
        epochs: integer(view.epochs),
        head: view.head === null ? '<<>>' : this.#commit(view.head),
      }),
    });
  }

  #commit(id: string): string {
    return this.#commits.get(id) ?? '<<"unknown", 0>>';
  }

  #commitId(author: string, at: number): string {
    return `<<${text(this.name(author))}, ${integer(at)}>>`;
  }

  #list(ids: readonly string[]): string {
    return `<<${ids.map((id) => text(this.name(id))).join(', ')}>>`;
  }
}

/** All texts here are of letters and dots: the record's format sees to it. */
const text = (value: string): string => `"${value}"`;
const integer = (value: number): string => String(Math.min(value, MAX_INTEGER));
const record = (fields: Readonly<Record<string, string>>): string =>
  `[${Object.entries(fields)
    .map(([name, value]) => `${name} |-> ${value}`)
    .join(', ')}]`;
