import { seconds, table, thousands } from '../output.ts';
import type { Compared } from './compareModel.ts';

interface Options {
  /** How many states are how far away, one line a model. */
  readonly depths: boolean;
}

/** The table of a run, edges by action and by effect, and what was not as expected with the shortest way to it. */
export function printCompared(compared: readonly Compared[], { depths }: Options): void {
  const rows = compared.map(({ model, result, surprises }) => {
    const { states, edges, views, worlds, statesPerSecondRatioToTlc: ratio, seconds: took } = result;
    return [
      ...[model.name, model.shows, String(states.spec), String(states.machine), String(worlds)],
      ...[String(edges.spec), String(edges.machine), String(views.logs)],
      ...[String(Math.round(states.machine / took.machine)), String(Math.round(states.spec / took.spec))],
      ...[ratio.toFixed(1), seconds(took.total), surprises.length === 0 ? 'equal' : 'DIFFERENT'],
    ];
  });
  const headings = ['model', 'what it is', 'states: spec', 'machines', 'worlds', 'edges: spec', 'machines'];
  console.log(table([...headings, 'views', 'states/s', 'TLC', 'ratio', 'seconds', ''], rows));
  for (const one of compared) printCounts(one, depths);
  for (const { model, result, surprises } of compared) {
    for (const surprise of surprises) console.log(`\n${model.name}: ${surprise}`);
    if (result.difference !== undefined) {
      console.log(
        `${model.name}: the shortest way to a difference (missing in the ${result.difference.missingIn}):`,
      );
      console.log(result.difference.lines.join('\n'));
    }
  }
  const total = (of: (one: Compared) => number): string =>
    thousands(compared.reduce((sum, one) => sum + of(one), 0));
  const equal = compared.filter(({ result }) => result.equal).length;
  const ratios = compared.map(({ result }) => result.statesPerSecondRatioToTlc);
  console.log(
    `\n${equal} of ${compared.length} graphs equal: ${total(({ result }) => result.states.spec)} states, ` +
      `${total(({ result }) => result.edges.spec)} edges, ${total(({ result }) => result.views.logs)} views; ` +
      `states a second over TLC's: ${Math.min(...ratios).toFixed(1)} at least`,
  );
}

function printCounts({ model, result }: Compared, depths: boolean): void {
  const list = (counts: Readonly<Record<string, { readonly spec: number; readonly machine: number }>>) =>
    Object.entries(counts)
      .filter(([, { spec, machine }]) => spec + machine > 0)
      .map(([name, { spec, machine }]) => `${name} ${both(spec, machine)}`)
      .join(', ');
  console.log(`${model.name}: edges by action: ${list(result.edgesByAction)}`);
  console.log(`${model.name}: edges by effect: ${list(result.edgesByEffect)}`);
  const { worlds, unlabelledWorlds, statesAtDepth } = result;
  if (worlds !== unlabelledWorlds)
    console.log(`${model.name}: without the last step in the state, ${unlabelledWorlds} worlds`);
  if (!depths) return;
  const most = Math.max(statesAtDepth.spec.length, statesAtDepth.machine.length);
  const counts = Array.from({ length: most }, (_, depth) =>
    both(statesAtDepth.spec[depth] ?? 0, statesAtDepth.machine[depth] ?? 0),
  );
  console.log(`${model.name}: states at depth 0, 1, …: ${counts.join(' ')}`);
}

function both(spec: number, machine: number): string {
  return spec === machine ? String(spec) : `${spec} (spec) ${machine} (machines)`;
}

export function comparedAsJson({ model, result, surprises }: Compared): object {
  const { states, edges, equal, worlds, statesPerSecondRatioToTlc, difference } = result;
  return {
    name: model.name,
    states: states.spec,
    edges: edges.spec,
    equal: equal && surprises.length === 0,
    statesPerSecondRatioToTlc: Math.round(statesPerSecondRatioToTlc * 100) / 100,
    machine: { states: states.machine, edges: edges.machine, worlds },
    only: {
      spec: { states: states.onlySpec, edges: edges.onlySpec },
      machine: { states: states.onlyMachine, edges: edges.onlyMachine },
    },
    views: result.views,
    edgesByAction: result.edgesByAction,
    edgesByEffect: result.edgesByEffect,
    statesAtDepth: result.statesAtDepth,
    seconds: result.seconds.total,
    surprises,
    ...(difference && { difference }),
  };
}
