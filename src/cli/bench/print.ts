import { figure, type Row } from '../../checking/bench/row.ts';
import { table } from '../output.ts';

/** A table of rows under a heading; limits where there are some. */
export function printRows(heading: string, rows: readonly Row[]): void {
  const limited = rows.some(({ limit }) => limit !== undefined);
  const cells = rows.map(({ case: name, unit, ours, reference, ratio, repetitions, limit }) => [
    name,
    unit,
    figure(ours),
    figure(reference),
    figure(ratio),
    ...(limited ? [limit === undefined ? '' : `${limit.of} <= ${figure(limit.most)}`] : []),
    repetitions.join(' / '),
  ]);
  const headings = [
    'case',
    'unit',
    'ours',
    'reference',
    'ratio',
    ...(limited ? ['limit'] : []),
    'repetitions',
  ];
  console.log(`\n${heading}\n${table(headings, cells)}`);
}

export function rowAsJson({ case: name, unit, ours, reference, ratio, repetitions, limit }: Row): object {
  return { case: name, unit, ours, reference, ratio, repetitions, ...(limit && { limit }) };
}
