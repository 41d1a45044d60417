import { cellKey } from '../explorer/cell.ts';
import type { Environment, World } from '../explorer/environment.ts';

/** Two worlds that are one state: something in them is not in the spec's words. */
export interface Doubled {
  readonly first: World;
  readonly second: World;
}

/** Where two worlds that are one state differ, one line a place, first the one and then the other. */
export function printDoubled({ cells }: Environment, { first, second }: Doubled): readonly string[] {
  const lines = first.cells.flatMap((number, i) => {
    const other = second.cells[i]!;
    if (number === other) return [];
    const { self } = cells.cell(number);
    const [a, b] = [number, other].map((cell) => JSON.parse(cellKey(cells.cell(cell))) as unknown);
    return differing(self, a, b);
  });
  return lines.length > 0
    ? lines
    : ['the log or what is under way, in what the spec does not say of an entry'];
}

function differing(path: string, a: unknown, b: unknown): readonly string[] {
  if (JSON.stringify(a) === JSON.stringify(b)) return [];
  if (!isObject(a) || !isObject(b)) return [`${path}: ${JSON.stringify(a)} and ${JSON.stringify(b)}`];
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].flatMap((name) => differing(`${path}.${name}`, a[name], b[name]));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
