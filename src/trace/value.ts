/**
 * TLA+ values in TypeScript, in one canonical form: two values are equal in TLA+ exactly where `printValue` gives the
 * same text. In TLA+ a sequence is a function over 1..n and a record is a function over strings, so the constructors
 * here choose the form, not the caller: `<<a, b>>` and `(1 :> a @@ 2 :> b)` become the same value, and so do `<<>>` and
 * the function with an empty domain.
 *
 * Build compound values with `set`, `sequence`, `record` and `fcn` only; the other modules rely on their order.
 */
import { itemAt } from './itemAt.ts';
import { TlaValueError } from './errors.ts';

/** A model value of a TLC configuration, `alice = alice`. Equal to itself only, never to the string of the same name. */
export interface TlaModelValue {
  readonly kind: 'model';
  readonly name: string;
}

/** A finite set: `items` are distinct and in canonical order. */
export interface TlaSet {
  readonly kind: 'set';
  readonly items: readonly TlaValue[];
}

/** A sequence, a tuple or any function over 1..n, also over the empty domain. `items[0]` is the value at 1. */
export interface TlaSequence {
  readonly kind: 'sequence';
  readonly items: readonly TlaValue[];
}

/** A function over a non-empty set of strings; `fields` iterates in canonical order of the names. */
export interface TlaRecord {
  readonly kind: 'record';
  readonly fields: ReadonlyMap<string, TlaValue>;
}

/** Any other function; `entries` are in canonical order of the arguments. */
export interface TlaFunction {
  readonly kind: 'function';
  readonly entries: readonly (readonly [TlaValue, TlaValue])[];
}

/** Integers are safe integers (TLC itself has 32 bits). */
export type TlaValue =
  number | string | boolean | TlaModelValue | TlaSet | TlaSequence | TlaRecord | TlaFunction;

/** The values of a module's variables, by name. */
export type TlaState = Readonly<Record<string, TlaValue>>;

/** The sequence of no elements, which is also the function and the record of no fields. */
export const EMPTY_SEQUENCE: TlaSequence = { kind: 'sequence', items: [] };

/** A safe integer; throws `value/unsafe-integer` for anything else. */
export function integer(value: number): number {
  if (!Number.isSafeInteger(value))
    throw new TlaValueError('value/unsafe-integer', `not a safe integer: ${value}`);
  return value === 0 ? 0 : value;
}

export function modelValue(name: string): TlaModelValue {
  if (!isIdentifier(name))
    throw new TlaValueError('value/not-an-identifier', `not a model value: ${name.slice(0, 40)}`);
  return { kind: 'model', name };
}

/** The set of the given elements; equal elements count once. */
export function set(elements: Iterable<TlaValue>): TlaSet {
  const sorted = [...elements];
  if (sorted.length > 1) sorted.sort(compareValues);
  return {
    kind: 'set',
    items: sorted.filter((item, i) => i === 0 || compareValues(itemAt(sorted, i - 1), item) !== 0),
  };
}

export function sequence(items: Iterable<TlaValue>): TlaSequence {
  const all = [...items];
  return all.length === 0 ? EMPTY_SEQUENCE : { kind: 'sequence', items: all };
}

/** The record with the given fields (own enumerable properties, or pairs). No fields: the empty sequence. */
export function record(
  fields: Readonly<Record<string, TlaValue>> | Iterable<readonly [string, TlaValue]>,
): TlaRecord | TlaSequence {
  const pairs: (readonly [string, TlaValue])[] = isIterable(fields) ? [...fields] : Object.entries(fields);
  if (pairs.length === 0) return EMPTY_SEQUENCE;
  pairs.sort((a, b) => compareText(a[0], b[0]));
  pairs.forEach((pair, i) => {
    if (i > 0 && itemAt(pairs, i - 1)[0] === pair[0]) throw duplicate(`field ${pair[0].slice(0, 40)}`);
  });
  return { kind: 'record', fields: new Map(pairs) };
}

/**
 * The function with the given argument and value pairs, in its canonical form: a sequence over 1..n, a record over
 * strings, else a function. An argument that comes twice throws `value/duplicate`.
 */
export function fcn(entries: Iterable<readonly [TlaValue, TlaValue]>): TlaFunction | TlaSequence | TlaRecord {
  const pairs = [...entries];
  if (pairs.length === 0) return EMPTY_SEQUENCE;
  pairs.sort((a, b) => compareValues(a[0], b[0]));
  for (let i = 1; i < pairs.length; i += 1) {
    if (compareValues(itemAt(pairs, i - 1)[0], itemAt(pairs, i)[0]) === 0)
      throw duplicate('argument of a function');
  }
  if (pairs.every(([key], i) => key === i + 1))
    return { kind: 'sequence', items: pairs.map(([, value]) => value) };
  if (pairs.every((pair): pair is readonly [string, TlaValue] => typeof pair[0] === 'string')) {
    return { kind: 'record', fields: new Map(pairs) };
  }
  return { kind: 'function', entries: pairs };
}

/** The pairs of anything that is a function in TLA+ (sequence, record, function), in canonical order, else undefined. */
export function entriesOf(value: TlaValue): readonly (readonly [TlaValue, TlaValue])[] | undefined {
  if (typeof value !== 'object') return undefined;
  if (value.kind === 'sequence') return value.items.map((item, i) => [i + 1, item] as const);
  if (value.kind === 'record') return [...value.fields];
  return value.kind === 'function' ? value.entries : undefined;
}

/** `value[key]` in TLA+; undefined where `value` is no function or `key` is outside its domain. */
export function apply(value: TlaValue, key: TlaValue): TlaValue | undefined {
  if (typeof value !== 'object') return undefined;
  if (value.kind === 'record') return typeof key === 'string' ? value.fields.get(key) : undefined;
  if (value.kind === 'sequence') return typeof key === 'number' ? value.items[key - 1] : undefined;
  if (value.kind !== 'function') return undefined;
  return value.entries.find(([k]) => compareValues(k, key) === 0)?.[1];
}

/** Whether two values are equal in TLA+. */
export function equalValues(a: TlaValue, b: TlaValue): boolean {
  return compareValues(a, b) === 0;
}

/** A total order over values, used for canonical printing only: it says nothing that TLA+ would say. */
export function compareValues(a: TlaValue, b: TlaValue): number {
  if (a === b) return 0;
  const byKind = rank(a) - rank(b);
  if (byKind !== 0) return byKind;
  if (typeof a !== 'object' || typeof b !== 'object') {
    if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
    return Number(a) - Number(b);
  }
  if (a.kind === 'model' && b.kind === 'model') return compareText(a.name, b.name);
  if (a.kind === 'record' && b.kind === 'record') return comparePairs([...a.fields], [...b.fields]);
  if (a.kind === 'function' && b.kind === 'function') return comparePairs(a.entries, b.entries);
  if ((a.kind === 'set' || a.kind === 'sequence') && (b.kind === 'set' || b.kind === 'sequence')) {
    const shorter = Math.min(a.items.length, b.items.length);
    for (let i = 0; i < shorter; i += 1) {
      const order = compareValues(itemAt(a.items, i), itemAt(b.items, i));
      if (order !== 0) return order;
    }
    return a.items.length - b.items.length;
  }
  return 0;
}

/** Whether `text` is a name in TLA+: letters, digits and underscores with at least one letter. */
export function isIdentifier(text: string): boolean {
  return /^[A-Za-z0-9_]*[A-Za-z][A-Za-z0-9_]*$/.test(text);
}

const RANKS = { model: 3, sequence: 4, record: 5, function: 6, set: 7 } as const;

function comparePairs(
  a: readonly (readonly [TlaValue, TlaValue])[],
  b: readonly (readonly [TlaValue, TlaValue])[],
): number {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i += 1) {
    const [keyA, itemA] = itemAt(a, i);
    const [keyB, itemB] = itemAt(b, i);
    const order = compareValues(keyA, keyB) || compareValues(itemA, itemB);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function rank(value: TlaValue): number {
  if (typeof value === 'boolean') return 0;
  if (typeof value === 'number') return 1;
  if (typeof value === 'string') return 2;
  return RANKS[value.kind];
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function isIterable(value: object): value is Iterable<readonly [string, TlaValue]> {
  return Symbol.iterator in value;
}

function duplicate(what: string): TlaValueError {
  return new TlaValueError('value/duplicate', `twice the same ${what}`);
}
