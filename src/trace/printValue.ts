import { TlaValueError } from './errors.ts';
import { isIdentifier } from './value.ts';
import type { TlaState, TlaValue } from './value.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '"': '\\"',
  '\t': '\\t',
  '\n': '\\n',
  '\f': '\\f',
  '\r': '\\r',
};

/**
 * A value in TLA+ syntax, on one line. The text is canonical: equal values, and only they, print the same, so it can
 * serve as a key. `parseValue` reads it back.
 */
export function printValue(value: TlaValue): string {
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value))
      throw new TlaValueError('value/unsafe-integer', `not a safe integer: ${value}`);
    return String(value === 0 ? 0 : value);
  }
  if (typeof value === 'string') return printString(value);
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  switch (value.kind) {
    case 'model':
      return value.name;
    case 'set':
      return `{${value.items.map(printValue).join(', ')}}`;
    case 'sequence':
      return `<<${value.items.map(printValue).join(', ')}>>`;
    case 'record':
      return printRecord(value.fields);
    case 'function':
      return `(${value.entries.map(([key, item]) => `${printValue(key)} :> ${printValue(item)}`).join(' @@ ')})`;
  }
}

/**
 * A state as a conjunction, variables in order of their names: `/\ log = <<>> /\ next = 1`. Canonical like `printValue`.
 * With `leaveOut`, those variables are not part of the text (an action label that the VIEW leaves out, for example).
 */
export function printState(state: TlaState, leaveOut: readonly string[] = []): string {
  return Object.entries(state)
    .filter(([name]) => !leaveOut.includes(name))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `/\\ ${name} = ${printValue(value)}`)
    .join(' ');
}

function printRecord(fields: ReadonlyMap<string, TlaValue>): string {
  const pairs = [...fields];
  if (pairs.every(([name]) => isIdentifier(name))) {
    return `[${pairs.map(([name, item]) => `${name} |-> ${printValue(item)}`).join(', ')}]`;
  }
  return `(${pairs.map(([name, item]) => `${printString(name)} :> ${printValue(item)}`).join(' @@ ')})`;
}

function printString(text: string): string {
  return `"${text.replace(/[\\"\t\n\f\r]/g, (character) => ESCAPES[character] ?? character)}"`;
}
