import { chosenModels, readModels } from '../../checking/model/models.ts';
import { modelAsJson, printModels, totalsOf } from '../models/report.ts';
import { CORES, runLargeModels } from '../models/run.ts';
import { printJson, readArguments, wholeNumber } from '../options.ts';

export const USAGE = `committer nightly [MODEL or FAMILY...] [--show] [--workers N] [--json]

Runs TLC on the large models of spec/models/nightly, all of them without names: searches one after the other with all
cores, then simulations of more participants, whose seeds are pinned. As long as it takes.
  --show       prints the traces of expected violations too
  --workers N  threads for each search, and simulations at a time; default: a thread for each core
  --json       the result as one JSON object, on the last line`;

/** Exit code 0: everything as expected, 1: a surprise. */
export async function run(args: readonly string[]): Promise<number> {
  const line = readArguments(args, USAGE, {
    show: { type: 'boolean', default: false },
    workers: { type: 'string' },
  });
  if (line === undefined) return 0;
  const { values, positionals } = line;
  const workers = wholeNumber('workers', values.workers, 1, 999) ?? CORES;
  const models = chosenModels(await readModels(), positionals, 'nightly');
  const started = performance.now();
  const results = await runLargeModels(
    models.map((model) => ({ model })),
    workers,
  );
  printModels(results, values.show, (performance.now() - started) / 1000);
  const totals = totalsOf(results);
  printJson(values.json, { ...totals, models: results.map(modelAsJson) });
  return totals.unexpected === 0 && results.length > 0 ? 0 : 1;
}
