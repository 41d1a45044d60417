import { printValue } from '../../trace/printValue.ts';
import { apply, type TlaValue } from '../../trace/value.ts';

/** What a step does to one participant is told from these. Equal values are equal texts. */
export interface Share {
  readonly status: string;
  readonly pos: number;
  readonly mls: string;
  readonly pending: SpecEntry | null;
}

/** An entry of the spec's log. */
export interface SpecEntry {
  readonly kind: string;
  readonly author: string;
  readonly at?: number;
  readonly adds?: readonly string[];
  readonly removes?: readonly string[];
  readonly accused?: string;
  /** All of it, canonical. */
  readonly text: string;
}

/** What is needed of a view. */
export interface SpecView {
  readonly history: string;
  readonly refresh: boolean;
}

export function entryOf(value: TlaValue): SpecEntry {
  const field = (name: string): TlaValue | undefined => apply(value, name);
  const at = field('at');
  const [adds, removes, accused] = [field('adds'), field('removes'), field('accused')];
  return {
    kind: textOf(field('kind')),
    author: textOf(field('author')),
    ...(typeof at === 'number' && { at }),
    ...(adds !== undefined && { adds: itemsOf(adds).map(textOf) }),
    ...(removes !== undefined && { removes: itemsOf(removes).map(textOf) }),
    ...(accused !== undefined && { accused: textOf(accused) }),
    text: printValue(value),
  };
}

export function viewOf(value: TlaValue): SpecView {
  const history = apply(value, 'history');
  if (history === undefined) throw new RangeError('a view without its history');
  return { history: printValue(history), refresh: apply(value, 'refresh') === true };
}

/** `pending[p]`, at most one entry. */
export function pendingOf(value: TlaValue): SpecEntry | null {
  const [entry] = itemsOf(value);
  return entry === undefined ? null : entryOf(entry);
}

/** The items of a sequence. Throws RangeError for anything else. */
export function itemsOf(value: TlaValue | undefined): readonly TlaValue[] {
  if (typeof value !== 'object' || value.kind !== 'sequence') throw new RangeError('not a sequence');
  return value.items;
}

/** A string, or the name of a model value. Throws RangeError for anything else. */
export function textOf(value: TlaValue | undefined): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'object' && value.kind === 'model') return value.name;
  throw new RangeError('neither a string nor a model value');
}
