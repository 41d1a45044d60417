import { mkdir, writeFile } from 'node:fs/promises';
import { chosenModels, readModels, TRACES_FOLDER } from '../../checking/model/models.ts';
import { readTraceFolder, traceFile, traceText, writeTraceIndex } from '../../checking/model/traces/index.ts';
import { modelAsJson, printModels, totalsOf } from '../models/report.ts';
import { runModels } from '../models/run.ts';
import { printJson, readArguments } from '../options.ts';

export const USAGE = `committer traces [MODEL or FAMILY...] [--json]

Has TLC find the traces that are kept in traces/ anew, with one thread, so that they come out the same each time, and writes
their index, traces/README.md. All of them without names. \`committer check --traces\` looks whether they are still right.
  --json  the result as one JSON object, on the last line`;

/** Exit code 0: all were found again and belong to a model, 1: a surprise. */
export async function run(args: readonly string[]): Promise<number> {
  const line = readArguments(args, USAGE, {});
  if (line === undefined) return 0;
  const all = await readModels();
  const models = chosenModels(all, line.positionals, 'traces');
  const started = performance.now();
  const results = await runModels(
    models.map((model) => ({ model })),
    { workers: 1 },
  );
  await mkdir(TRACES_FOLDER, { recursive: true });
  const written: string[] = [];
  for (const { model, surprises, trace } of results) {
    if (surprises.length > 0 || trace === undefined) continue;
    await writeFile(traceFile(model), traceText(model, trace));
    written.push(model.name);
  }
  await writeTraceIndex(all);
  printModels(results, false, (performance.now() - started) / 1000);
  const { problems } = await readTraceFolder(all);
  for (const problem of problems) console.log(problem);
  console.log(`${written.length} traces written to traces/`);
  const { unexpected } = totalsOf(results);
  printJson(line.values.json, { unexpected, problems, written, models: results.map(modelAsJson) });
  return unexpected === 0 && problems.length === 0 && written.length === models.length && written.length > 0
    ? 0
    : 1;
}
