import { printValue } from './printValue.ts';
import { isIdentifier } from './value.ts';
import type { TlaValue } from './value.ts';

/** Fields of an entry of the log that its short form has a place for. */
const PLACED = new Set(['kind', 'author', 'at', 'parent', 'adds', 'removes', 'accused']);

/**
 * A value for people, shorter than TLA+: names without quotes, a commit's identity as `p1@4` (author and position), an
 * entry of the log as `commit p1@4 on p1@1 +p2 -p3`. Different values may look the same.
 */
export function shortValue(value: TlaValue): string {
  if (typeof value === 'string') return isIdentifier(value) ? value : printValue(value);
  if (typeof value !== 'object') return printValue(value);
  switch (value.kind) {
    case 'model':
      return value.name;
    case 'set':
      return `{${value.items.map(shortValue).join(', ')}}`;
    case 'sequence':
      return commitId(value.items) ?? `<<${value.items.map(shortValue).join(', ')}>>`;
    case 'record':
      return entry(value.fields) ?? `[${fields([...value.fields]).join(', ')}]`;
    case 'function':
      return `(${fields(value.entries.map(([key, item]) => [shortValue(key), item])).join(', ')})`;
  }
}

function fields(pairs: readonly (readonly [string, TlaValue])[]): readonly string[] {
  return pairs.map(([name, item]) => `${name}: ${shortValue(item)}`);
}

function commitId(items: readonly TlaValue[]): string | undefined {
  const [author, at] = items;
  if (items.length !== 2 || typeof at !== 'number' || author === undefined) return undefined;
  return isName(author) ? `${shortValue(author)}@${at}` : undefined;
}

function entry(found: ReadonlyMap<string, TlaValue>): string | undefined {
  const [kind, author, at] = [found.get('kind'), found.get('author'), found.get('at')];
  if (typeof kind !== 'string' || author === undefined || !isName(author)) return undefined;
  const parent = itemsOf(found.get('parent')).at(-1);
  const accused = found.get('accused');
  return [
    `${kind} ${shortValue(author)}${at === undefined ? '' : `@${shortValue(at)}`}`,
    ...(parent === undefined ? [] : [`on ${shortValue(parent)}`]),
    ...itemsOf(found.get('adds')).map((added) => `+${shortValue(added)}`),
    ...itemsOf(found.get('removes')).map((removed) => `-${shortValue(removed)}`),
    ...(accused === undefined ? [] : [`against ${shortValue(accused)}`]),
    ...fields([...found].filter(([name]) => !PLACED.has(name))),
  ].join(' ');
}

function itemsOf(value: TlaValue | undefined): readonly TlaValue[] {
  return typeof value === 'object' && (value.kind === 'sequence' || value.kind === 'set') ? value.items : [];
}

function isName(value: TlaValue): boolean {
  return typeof value === 'string' || (typeof value === 'object' && value.kind === 'model');
}
