import { apply, entriesOf, equalValues, type TlaState, type TlaValue } from '../../trace/value.ts';
import type { History } from './epochs.ts';

/** What the service appended in a step of a trace, and to which logs. */
export interface Appended {
  readonly entry: TlaValue;
  /** 1, or 2, or both. */
  readonly sides: readonly number[];
}

/** The log of a side, 1 or 2. */
export const logOf = (state: TlaState, side: number): readonly TlaValue[] =>
  (entriesOf(apply(state['log'] ?? '', side) ?? '') ?? []).map(([, entry]) => entry);

/** What one state's logs have and the state before has not: one entry, at the end of some. Null where nothing was. */
export function appendedBetween(before: TlaState, after: TlaState): Appended | null {
  const sides: number[] = [];
  let entry: TlaValue | null = null;
  for (const side of [1, 2]) {
    const [was, is] = [logOf(before, side), logOf(after, side)];
    const last = is.at(-1);
    if (is.length !== was.length + 1 || last === undefined) continue;
    if (entry !== null && !equalValues(entry, last)) continue;
    entry = last;
    sides.push(side);
  }
  return entry === null ? null : { entry, sides };
}

/** The name of a participant: a model value, or a string. */
export function nameOf(value: TlaValue | undefined): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'object' && value.kind === 'model' ? value.name : null;
}

/** Names in a set or a sequence. */
export function namesIn(value: TlaValue | undefined): readonly string[] {
  if (typeof value !== 'object' || (value.kind !== 'set' && value.kind !== 'sequence')) return [];
  return value.items.map((item) => nameOf(item) ?? '');
}

/** An entry that is signed by who follows no rule, as the trace has it. */
export interface Lie {
  readonly kind: string;
  readonly author: string;
  readonly at: number;
  /** The side whose log it was drafted on. */
  readonly on: number;
  readonly lie: number;
  /** The history that a commit builds on. */
  readonly parent: History;
  readonly adds: readonly string[];
  readonly removes: readonly string[];
  readonly accused: string;
}

function historyIn(value: TlaValue): History {
  return (entriesOf(value) ?? []).map(([, name]): History[number] => {
    const [author, ...numbers] = (entriesOf(name) ?? []).map(([, part]) => part);
    const [at = 0, on, lie] = numbers.map(Number);
    if (on === undefined || lie === undefined) return [nameOf(author) ?? '', at];
    return [nameOf(author) ?? '', at, on, lie];
  });
}

/** Reads the spec's record of an entry. Numbers that are not there are 0, names none. */
export function lieIn(entry: TlaValue): Lie {
  const number = (field: string, none = 0): number => {
    const value = apply(entry, field);
    return typeof value === 'number' ? value : none;
  };
  const kind = apply(entry, 'kind');
  return {
    kind: typeof kind === 'string' ? kind : '',
    author: nameOf(apply(entry, 'author')) ?? '',
    at: number('at'),
    on: number('on', 1),
    lie: number('lie'),
    parent: historyIn(apply(entry, 'parent') ?? ''),
    adds: namesIn(apply(entry, 'adds')),
    removes: namesIn(apply(entry, 'removes')),
    accused: nameOf(apply(entry, 'accused')) ?? '',
  };
}
