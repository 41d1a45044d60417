import { chosenModels, type Model } from '../../checking/model/models.ts';
import { readTraceFolder, verifyTrace } from '../../checking/model/traces/index.ts';
import { inParallel } from '../inParallel.ts';
import { printJson } from '../options.ts';
import { progressLine, table } from '../output.ts';
import { CORES } from './run.ts';

/**
 * Has TLC decide whether kept traces, those of the named models or all, are still behaviours of their configs, and looks
 * whether files, models and index belong together. Exit code 0: all do, and there is at least one.
 */
export async function checkTraces(
  models: readonly Model[],
  names: readonly string[],
  json: boolean,
): Promise<number> {
  const { traces, problems } = await readTraceFolder(models);
  const wanted = chosenModels(models, names, 'traces');
  const chosen = traces.filter(({ model }) => wanted.includes(model));
  const progress = progressLine();
  let done = 0;
  const checked = await inParallel(chosen, Math.min(4, CORES), async ({ model, itf }) => {
    progress.show(`${done} of ${chosen.length} traces done; ${model.name}`);
    const problem = await verifyTrace(model, itf);
    done += 1;
    progress.say(`${done} of ${chosen.length}: ${model.name}: ${problem ?? 'a behaviour of its config'}`);
    return { model, steps: itf.states.length - 1, problem };
  });
  progress.end();
  const rows = checked.map(({ model, steps, problem }) => [
    ...[model.name, model.shows, String(steps), model.expected, model.config],
    problem ?? 'a behaviour of its config',
  ]);
  console.log(table(['trace', 'what it shows', 'steps', 'violated', 'config', ''], rows));
  for (const problem of problems) console.log(problem);
  const bad = checked.filter(({ problem }) => problem !== undefined).length;
  console.log(`\n${checked.length - bad} of ${checked.length} traces are behaviours of their configs`);
  printJson(json, {
    unexpected: bad + problems.length,
    problems,
    traces: checked.map(({ model, steps, problem }) => ({
      ...{ name: model.name, file: `${model.name}.itf.json`, steps, expected: 'behaviour' },
      found: problem ?? 'behaviour',
    })),
  });
  return bad === 0 && problems.length === 0 && checked.length > 0 ? 0 : 1;
}
