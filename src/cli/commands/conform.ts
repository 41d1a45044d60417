import { printFields } from '../../checking/conformance/fields.ts';
import { chosenModels, readModels } from '../../checking/model/models.ts';
import { inParallel } from '../inParallel.ts';
import { compareModel, unseen } from '../models/compareModel.ts';
import { comparedAsJson, printCompared } from '../models/comparisonReport.ts';
import { printJson, readArguments } from '../options.ts';
import { progressLine } from '../output.ts';

export const USAGE = `committer conform [MODEL...] [--depths] [--fields] [--json]

Compares the state graph of the spec, which TLC writes, with that of the production machines, both ways,
two models of spec/models at a time, all that are meant for it without names.
  --depths  prints how many states are how many steps away
  --fields  prints what is compared of a world and what is left out, and why; compares nothing
  --json    the result as one JSON object, on the last line`;

const AT_ONCE = 2;

/** Exit code 0: all graphs are equal, 1: a surprise. */
export async function run(args: readonly string[]): Promise<number> {
  const line = readArguments(args, USAGE, {
    depths: { type: 'boolean', default: false },
    fields: { type: 'boolean', default: false },
  });
  if (line === undefined) return 0;
  const { values, positionals } = line;
  if (values.fields) {
    console.log(printFields().join('\n'));
    return 0;
  }
  const models = chosenModels(await readModels(), positionals, 'conform');
  const progress = progressLine();
  // The largest first, so that none of them is left for the end alone.
  const largestFirst = models.toSorted((a, b) => (b.states ?? 0) - (a.states ?? 0));
  const compared = await inParallel(largestFirst, AT_ONCE, (model) => compareModel(model, progress));
  progress.end();
  const inOrder = compared.toSorted((a, b) => models.indexOf(a.model) - models.indexOf(b.model));
  printCompared(inOrder, { depths: values.depths });
  const lacking = positionals.length === 0 ? unseen(compared) : [];
  if (lacking.length > 0) console.log(`\nNo graph has a step with ${lacking.join(', ')}.`);
  const unexpected = compared.filter(({ surprises }) => surprises.length > 0).length;
  printJson(values.json, { unexpected, unseen: lacking, models: inOrder.map(comparedAsJson) });
  return unexpected === 0 && lacking.length === 0 && compared.length > 0 ? 0 : 1;
}
