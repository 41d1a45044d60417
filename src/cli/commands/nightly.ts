import { chosenModels, readModels } from '../../checking/model/models.ts';
import { compareApart } from '../models/compareApart.ts';
import { modelAsJson, printModels, totalsOf } from '../models/report.ts';
import { CORES, runLargeModels } from '../models/run.ts';
import { printJson, readArguments, wholeNumber } from '../options.ts';

export const USAGE = `committer nightly [MODEL or FAMILY...] [--show] [--workers N] [--json]

Runs TLC on the large models of spec/models/nightly, all of them without names: searches one after the other with all
cores, then simulations of more participants, whose seeds are pinned; then compares the graphs of those that are meant for
it with the machines' (\`committer conform\`). As long as it takes.
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
  // TLC checks what it writes the graph of.
  const graphs = models.filter(({ conform, family }) => conform && family === 'nightly');
  const results = await runLargeModels(
    models.filter((model) => !graphs.includes(model)).map((model) => ({ model })),
    workers,
  );
  if (results.length > 0) printModels(results, values.show, (performance.now() - started) / 1000);
  const compared = await compareApart(graphs);
  const totals = totalsOf(results);
  const unexpected = totals.unexpected + compared.filter(({ equal }) => !equal).length;
  const rows = [...results.map(modelAsJson), ...compared];
  printJson(values.json, { ...totals, unexpected, models: rows });
  return unexpected === 0 && rows.length > 0 ? 0 : 1;
}
