import { writeFile } from 'node:fs/promises';
import { chart, type Curve } from '../../checking/bench/chart.ts';
import { chooseBatch, type Choice } from '../../checking/bench/mls/choice.ts';
import { BATCHES, JOINERS, SIZES, benchMls } from '../../checking/bench/mls/index.ts';
import type { Row } from '../../checking/bench/row.ts';
import { loadMlsInNode } from '../../mls/node.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { printJson, readArguments, wholeNumber } from '../options.ts';
import { progressLine, seconds, thousands } from '../output.ts';
import { WrongUse } from '../wrongUse.ts';
import { printRows, rowAsJson } from './print.ts';

const USAGE = `committer bench mls [--most N] [--joiners N] [--chart FILE.svg] [--json]

Measures our MLS core against ts-mls in the same run: what members of groups of ${SIZES.join(', ')} do, what it costs to admit
${JOINERS} joiners in commits of B, the bytes of a Welcome with the ratchet tree and without, and signatures of headers. Times are
medians, milliseconds of the processor and microseconds of the clock. A ratio below 1: ours is less.
  --most N          no groups larger than N members; default: ${SIZES.at(-1) ?? 0}
  --joiners N       how many are admitted, default: ${JOINERS}
  --chart FILE.svg  draws the growth over the members of a group
  --json            the rows as one JSON object, on the last line`;

/** Exit code 0: measured, and admitting costs no more than it may; 1: it does, or nothing was measured. */
export async function run(args: readonly string[]): Promise<number> {
  const line = readArguments(args, USAGE, {
    most: { type: 'string' },
    joiners: { type: 'string' },
    chart: { type: 'string' },
  });
  if (line === undefined) return 0;
  const { values, positionals } = line;
  if (positionals.length > 1) throw new WrongUse(`one benchmark at a time\n\n${USAGE}`);
  const most = wholeNumber('most', values.most, 2, 1000) ?? SIZES.at(-1) ?? 0;
  const joiners = wholeNumber('joiners', values.joiners, LIMITS.batch, 900) ?? JOINERS;
  loadMlsInNode();
  const started = performance.now();
  const progress = progressLine();
  const measured = await benchMls({
    sizes: SIZES.filter((it) => it <= most),
    joiners,
    batches: BATCHES.filter((it) => it <= joiners),
    onStep: (text) => progress.show(text),
  });
  progress.end();
  const { operations, admissions, bytes, signatures } = measured;
  const choice = chooseBatch(admissions, LIMITS.batch);
  printRows('Members of a group; milliseconds of processor', operations);
  printRows('Admission, from a group of two; milliseconds of processor', admissions);
  printRows('Bytes of a commit and its Welcome', bytes);
  printRows('Signatures', signatures);
  const rows = [...operations, ...admissions, ...bytes, ...signatures];
  const repetitions = rows.reduce((sum, it) => sum + it.repetitions[0] + it.repetitions[1], 0);
  printChoice(choice);
  console.log(
    `${thousands(rows.length)} rows, ${thousands(repetitions)} repetitions (${seconds((performance.now() - started) / 1000)})`,
  );
  if (values.chart !== undefined) {
    await writeFile(values.chart, growthChart(operations));
    console.log(`chart: ${values.chart}`);
  }
  printJson(values.json, { rows: rows.map(rowAsJson), choice });
  return choice.over.length === 0 && rows.length > 0 ? 0 : 1;
}

function printChoice({ best, current, over }: Choice): void {
  console.log(`\nB: cheapest at ${best}, is ${current}`);
  console.log(over.length === 0 ? 'below the limits of an admission' : `over: ${over.join('; ')}`);
}

/** Ours in full lines, ts-mls dashed in the same colour; what is measured in another unit than milliseconds is left out. */
function growthChart(rows: readonly Row[]): string {
  const timed = rows.filter((it) => it.unit === 'ms');
  const names = [...new Set(timed.map((it) => it.point?.curve ?? ''))];
  const curves = names.flatMap((name, colour): Curve[] => {
    const points = timed.flatMap((it) =>
      it.point?.curve === name ? [{ members: it.point.members, row: it }] : [],
    );
    return [
      { name, reference: false, colour, points: points.map((it) => [it.members, it.row.ours]) },
      {
        name: `${name} (ts-mls)`,
        reference: true,
        colour,
        points: points.flatMap((it) =>
          it.row.reference === null ? [] : [[it.members, it.row.reference] as const],
        ),
      },
    ];
  });
  return chart(curves, { title: 'MLS: processor time over members of the group', x: 'members', y: 'ms' });
}
