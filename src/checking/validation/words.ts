import type { RecordEntry, RecordLine } from '../../trace/record.ts';
import type { MergedRun } from './merge.ts';

/** TLC's integers end there. */
const MAX_INTEGER = 2 ** 31 - 1;

/** The names of the participants of runs: `p1`, `p2`, … in order of their joins. */
export function namesOf(runs: readonly MergedRun[]): ReadonlyMap<string, string> {
  const ids = new Set(runs.flatMap(({ participants }) => participants));
  return new Map([...ids].map((id, i) => [id, `p${i + 1}`]));
}

/** Says in TLA+ what one run holds. Ids become names; the hashes of commits become author and position. */
export class Words {
  readonly #names: ReadonlyMap<string, string>;
  readonly #commits: ReadonlyMap<string, string>;

  constructor(run: MergedRun, names: ReadonlyMap<string, string>) {
    this.#names = names;
    this.#commits = new Map(
      run.log.flatMap((e) =>
        e.kind === 'found' || e.kind === 'commit' ? [[e.id, this.#commitId(e.author, e.at)] as const] : [],
      ),
    );
  }

  /** The name of a participant. */
  name(id: string): string {
    return this.#names.get(id) ?? 'unknown';
  }

  /** An entry as `Summary` of TraceValidation gives it. */
  entry(e: RecordEntry): string {
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

  /** A draft as `PendingSeen` gives it. */
  pending(pending: RecordLine['pending']): string {
    return pending === null ? '<<>>' : tuple([text(pending.kind), integer(pending.at)]);
  }

  /** A view as `ViewSeen` gives it. */
  view(view: RecordLine['view']): string {
    return record({
      position: integer(view.position),
      changedAt: integer(view.changedAt),
      roster: this.#list(view.roster),
      departed: this.#list(view.departed),
      waiting: this.#list(view.waiting),
      refresh: view.refresh ? 'TRUE' : 'FALSE',
      epochs: integer(view.epochs),
      head: view.head === null ? '<<>>' : this.#commit(view.head),
    });
  }

  #commit(id: string): string {
    return this.#commits.get(id) ?? '<<"unknown", 0>>';
  }

  #commitId(author: string, at: number): string {
    return tuple([text(this.name(author)), integer(at)]);
  }

  #list(ids: readonly string[]): string {
    return tuple(ids.map((id) => text(this.name(id))));
  }
}

/** All texts here are of letters and dots: the record's format sees to it. */
export const text = (value: string): string => `"${value}"`;
export const integer = (value: number): string => String(Math.min(value, MAX_INTEGER));
export const tuple = (items: readonly string[]): string => `<<${items.join(', ')}>>`;
const record = (fields: Readonly<Record<string, string>>): string =>
  `[${Object.entries(fields)
    .map(([name, value]) => `${name} |-> ${value}`)
    .join(', ')}]`;
