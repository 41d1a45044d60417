import type { CheckedModel } from '../../checking/model/checkModel.ts';
import { DERIVED } from '../../checking/model/derived.ts';
import { EITHER, kindOf } from '../../checking/model/models.ts';
import { printSteps } from '../../trace/index.ts';
import { seconds, table, thousands } from '../output.ts';

/** What the models of a run come to. */
export interface Totals {
  readonly unexpected: number;
  /** Distinct states of all models that TLC searched. */
  readonly states: number;
  /** States that simulations generated. */
  readonly simulated: number;
  /** Of TLC, all runs added up. */
  readonly seconds: number;
}

export function totalsOf(results: readonly CheckedModel[]): Totals {
  const sum = (of: (result: CheckedModel) => number): number =>
    results.reduce((total, result) => total + of(result), 0);
  return {
    unexpected: results.filter(({ surprises }) => surprises.length > 0).length,
    states: sum(({ model, states }) => (model.simulate === undefined ? states : 0)),
    simulated: sum(({ model, states }) => (model.simulate === undefined ? 0 : states)),
    seconds: sum(({ seconds: took }) => took),
  };
}

/** The table of a run, what was not as expected, and the totals. Traces of what failed; of all with `showTraces`. */
export function printModels(results: readonly CheckedModel[], showTraces: boolean, elapsed: number): void {
  const rows = results.map(({ model, found, states, depth, seconds: took, surprises }) => [
    ...[model.name, model.shows, model.expected === EITHER ? '-' : model.expected, found],
    ...[thousands(states), String(depth ?? '-'), seconds(took)],
    surprises.length > 0 ? 'SURPRISE' : model.expected === EITHER ? '' : 'as expected',
  ]);
  console.log(table(['model', 'what it shows', 'expected', 'found', 'states', 'depth', 'seconds', ''], rows));
  for (const { model, found, surprises, trace } of results) {
    if (surprises.length === 0 && !(showTraces || model.expected === EITHER)) continue;
    for (const surprise of surprises) console.log(`\n${model.name}: ${surprise}`);
    if (trace === undefined) continue;
    console.log(`\n${model.name}: ${found}, the behaviour that TLC found:`);
    console.log(printSteps(trace, { leaveOut: Object.keys(DERIVED) }));
  }
  const counts = takenRows(results);
  if (counts.length > 0) console.log(`\n${table(['action', 'taken', 'in models'], counts)}`);
  const { unexpected, states, simulated, seconds: took } = totalsOf(results);
  const good = `${results.length - unexpected} of ${results.length} models as expected`;
  const visited = simulated > 0 ? `, ${thousands(simulated)} states in simulations` : '';
  const versions = [...new Set(results.flatMap(({ version }) => version ?? []))].join(', ');
  console.log(
    `\n${good}; ${thousands(states)} distinct states${visited}; ${seconds(elapsed)}, ${seconds(took)} of TLC ` +
      `(${versions})`,
  );
}

/** How often each action was taken that some of the models must take, and in how many. */
function takenRows(results: readonly CheckedModel[]): string[][] {
  const names = new Set(
    results.flatMap(({ model, taken }) => (taken === undefined ? [] : (model.takes ?? []))),
  );
  return [...names].sort().map((name) => {
    const counts = results.map(({ taken }) => taken?.[name] ?? 0);
    const sum = counts.reduce((total, count) => total + count, 0);
    return [name, thousands(sum), String(counts.filter((count) => count > 0).length)];
  });
}

/** A row of the JSON that commands.md describes. */
export function modelAsJson(checked: CheckedModel): object {
  const { model, found, states, depth, seconds: took, surprises, taken } = checked;
  const { name, family, rules, expected } = model;
  return {
    name,
    kind: kindOf(model),
    family,
    rule: rules.length === 0 ? null : rules.join(', '),
    expected: expected === EITHER ? null : expected,
    found,
    states,
    depth: depth ?? null,
    seconds: took,
    surprises,
    ...(taken && { taken }),
  };
}
