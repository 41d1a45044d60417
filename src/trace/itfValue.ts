import { ItfError, TlaValueError } from './errors.ts';
import { entriesOf, fcn, integer, isIdentifier, modelValue, record, sequence, set } from './value.ts';
import type { TlaValue } from './value.ts';

/** Any JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
/** A JSON object. */
export type JsonObject = { readonly [name: string]: Json };

const DEPTH_LIMIT = 200;

/**
 * A value as ITF has it (Apalache ADR-015). Integers become `#bigint`, sets `#set`, sequences and tuples `#tup` (the two
 * are the same in TLA+), records plain objects, other functions `#map`; a model value, for which ITF has no form, becomes
 * `{"#unserializable": name}`.
 */
export function toItfValue(value: TlaValue): Json {
  if (typeof value === 'number') return { '#bigint': String(integer(value)) };
  if (typeof value !== 'object') return value;
  switch (value.kind) {
    case 'model':
      return { '#unserializable': value.name };
    case 'set':
      return { '#set': value.items.map(toItfValue) };
    case 'sequence':
      return { '#tup': value.items.map(toItfValue) };
    case 'record':
      if ([...value.fields.keys()].every(isIdentifier)) {
        return Object.fromEntries([...value.fields].map(([name, item]) => [name, toItfValue(item)]));
      }
      break;
    case 'function':
  }
  return { '#map': (entriesOf(value) ?? []).map(([key, item]) => [toItfValue(key), toItfValue(item)]) };
}

/** Reads a value of an ITF file; lists and plain integers, which ADR-015 allows as well, are read too. Throws ItfError. */
export function fromItfValue(json: Json, path = '', depth = 0): TlaValue {
  if (depth > DEPTH_LIMIT) throw new ItfError('itf/too-large', path, `more than ${DEPTH_LIMIT} levels`);
  if (typeof json === 'string' || typeof json === 'boolean') return json;
  if (typeof json === 'number') return checked(path, () => integer(json));
  if (json === null) throw new ItfError('itf/bad-value', path, 'null is no value');
  if (isArray(json)) return sequence(items(json, path, depth));
  const entries = Object.entries(json);
  const special = entries.find(([name]) => name.startsWith('#'));
  if (special === undefined) {
    return record(
      entries.map(([name, item]) => [name, fromItfValue(item, `${path}.${name}`, depth + 1)] as const),
    );
  }
  const [name, item] = special;
  if (entries.length > 1) throw new ItfError('itf/bad-value', path, `${name} beside other names`);
  return specialValue(name, item, `${path}["${name}"]`, depth);
}

function specialValue(name: string, json: Json, path: string, depth: number): TlaValue {
  switch (name) {
    case '#bigint':
      if (typeof json !== 'string' || !/^-?[0-9]{1,20}$/.test(json))
        throw wrong(path, 'decimal digits in a string');
      return checked(path, () => integer(Number(json)));
    case '#set':
      return set(items(list(json, path), path, depth));
    case '#tup':
      return sequence(items(list(json, path), path, depth));
    case '#map':
      return checked(path, () =>
        fcn(
          list(json, path).map((pair, i): readonly [TlaValue, TlaValue] => {
            const [key, value, ...rest] = items(list(pair, `${path}[${i}]`), `${path}[${i}]`, depth);
            if (key === undefined || value === undefined || rest.length > 0)
              throw wrong(`${path}[${i}]`, 'a pair');
            return [key, value];
          }),
        ),
      );
    case '#unserializable':
      if (typeof json !== 'string') throw wrong(path, 'the name of a model value');
      return checked(path, () => modelValue(json));
    default:
      throw new ItfError('itf/bad-value', path, 'not a form of ITF');
  }
}

function items(json: readonly Json[], path: string, depth: number): TlaValue[] {
  return json.map((item, i) => fromItfValue(item, `${path}[${i}]`, depth + 1));
}

function list(json: Json, path: string): readonly Json[] {
  if (!isArray(json)) throw wrong(path, 'a list');
  return json;
}

/** `Array.isArray`, which does not narrow read-only arrays. */
export function isArray(json: Json): json is readonly Json[] {
  return Array.isArray(json);
}

function wrong(path: string, expected: string): ItfError {
  return new ItfError('itf/bad-value', path, `expected ${expected}`);
}

function checked<T>(path: string, build: () => T): T {
  try {
    return build();
  } catch (error) {
    if (error instanceof TlaValueError) throw new ItfError('itf/bad-value', path, error.message);
    throw error;
  }
}
