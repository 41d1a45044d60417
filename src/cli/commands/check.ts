import { parseArgs } from 'node:util';
import { checkModel, type CheckedModel } from '../../checking/model/checkModel.ts';
import { chosenModels, readModels, TRACES_FOLDER } from '../../checking/model/models.ts';
import { inParallel } from '../inParallel.ts';
import { progressLine, seconds, table } from '../output.ts';
import { WrongUse } from '../wrongUse.ts';

export const USAGE = `committer check [MODEL...] [--json] [--keep-traces] [--workers N] [--list]

Runs TLC on the models of spec/models.json, all of them without names, two at a time.
  --json         the result as one JSON object, on the last line
  --keep-traces  writes the counterexamples of ablations to traces/NAME.itf.json
  --workers N    threads for each run of TLC; the depth of a graph is compared with 1 (the default) only
  --list         the models, and runs nothing`;

const AT_ONCE = 2;

/** Exit code 0: everything as expected, 1: a surprise. */
export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      'keep-traces': { type: 'boolean', default: false },
      workers: { type: 'string', default: '1' },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const models = chosenModels(await readModels(), positionals, 'check');
  if (values.list) {
    for (const { name, kind, shows } of models) console.log(`${name.padEnd(18)} ${kind.padEnd(9)} ${shows}`);
    return 0;
  }
  if (!/^[1-9]\d{0,2}$/.test(values.workers))
    throw new WrongUse(`--workers ${values.workers} is no number from 1 to 999`);
  const workers = Number(values.workers);
  const tracesFolder = values['keep-traces'] ? TRACES_FOLDER : undefined;
  const progress = progressLine();
  const results = await inParallel(models, AT_ONCE, async (model) => {
    const result = await checkModel(model, {
      workers,
      ...(tracesFolder !== undefined && { tracesFolder }),
      onProgress: ({ statesDistinct }) => progress.show(`${model.name}: ${statesDistinct ?? 0} states`),
    });
    progress.say(oneLine(result));
    return result;
  });
  progress.end();
  print(results);
  const unexpected = results.filter(({ surprises }) => surprises.length > 0).length;
  if (values.json) console.log(JSON.stringify({ unexpected, models: results.map(asJson) }));
  return unexpected === 0 && results.length > 0 ? 0 : 1;
}

function oneLine({ model, found, states, seconds: took }: CheckedModel): string {
  return `${model.name}: ${found}, ${states} states, ${seconds(took)}`;
}

function print(results: readonly CheckedModel[]): void {
  const rows = results.map(({ model, found, states, depth, seconds: took, surprises }) => [
    ...[model.name, model.shows, model.expected, found, String(states), String(depth ?? '-'), seconds(took)],
    surprises.length === 0 ? 'as expected' : 'SURPRISE',
  ]);
  console.log(table(['model', 'what it shows', 'expected', 'found', 'states', 'depth', 'seconds', ''], rows));
  for (const { model, surprises, trace } of results) {
    for (const surprise of surprises) console.log(`${model.name}: ${surprise}`);
    if (trace !== undefined)
      console.log(`${model.name}: counterexample kept in traces/${model.name}.itf.json`);
  }
}

function asJson({ model, found, states, depth, seconds: took, surprises }: CheckedModel): object {
  const { name, kind, rule, expected } = model;
  return {
    name,
    kind,
    rule: rule ?? null,
    expected,
    found,
    states,
    depth: depth ?? null,
    seconds: took,
    surprises,
  };
}
