import { join } from 'node:path';
import { conform, type Conformance } from '../../checking/conformance/conform.ts';
import { chosenModels, readModels, SPEC_FOLDER, type Model } from '../../checking/model/models.ts';
import { inParallel } from '../inParallel.ts';
import { printJson, readArguments } from '../options.ts';
import { progressLine, seconds, table } from '../output.ts';

export const USAGE = `committer conform [MODEL...] [--json]

Compares the state graph of the spec, which TLC writes, with that of the production machines, both ways,
two models of spec/models at a time, all that are meant for it without names.
  --json  the result as one JSON object, on the last line`;

const AT_ONCE = 2;

interface Compared {
  readonly model: Model;
  readonly result: Conformance;
  readonly surprises: readonly string[];
}

/** Exit code 0: all graphs are equal, 1: a surprise. */
export async function run(args: readonly string[]): Promise<number> {
  const line = readArguments(args, USAGE, {});
  if (line === undefined) return 0;
  const { values, positionals } = line;
  const models = chosenModels(await readModels(), positionals, 'conform');
  const progress = progressLine();
  const compared = await inParallel(models, AT_ONCE, async (model): Promise<Compared> => {
    const result = await conform({
      spec: join(SPEC_FOLDER, model.module),
      config: join(SPEC_FOLDER, model.config),
      onProgress: (text) => progress.show(`${model.name}: ${text}`),
    });
    const surprises = surprisesOf(model, result);
    const verdict = surprises.length === 0 ? 'equal' : 'NOT AS EXPECTED';
    progress.say(`${model.name}: ${verdict}, ${seconds(result.seconds.total)}`);
    return { model, result, surprises };
  });
  progress.end();
  print(compared);
  const unexpected = compared.filter(({ surprises }) => surprises.length > 0).length;
  printJson(values.json, { unexpected, models: compared.map(asJson) });
  return unexpected === 0 && compared.length > 0 ? 0 : 1;
}

function surprisesOf(model: Model, { equal, states, edges, worlds, depth }: Conformance): string[] {
  const surprises: string[] = [];
  if (!equal) {
    surprises.push(
      `${states.onlySpec} states and ${edges.onlySpec} edges only in the spec, ` +
        `${states.onlyMachine} states and ${edges.onlyMachine} edges only of the machines`,
    );
  }
  if (worlds !== states.machine)
    surprises.push(`${worlds} worlds of the machines are ${states.machine} states`);
  if (model.states !== states.spec)
    surprises.push(`expected ${model.states ?? 0} states, found ${states.spec}`);
  if (model.depth !== undefined && model.depth !== depth) {
    surprises.push(`expected depth ${model.depth}, found ${depth}`);
  }
  return surprises;
}

function print(compared: readonly Compared[]): void {
  const rows = compared.map(({ model, result, surprises }) => {
    const { states, edges, worlds, statesPerSecondRatioToTlc: ratio, seconds: took } = result;
    return [
      ...[model.name, model.shows, String(states.spec), String(states.machine), String(worlds)],
      ...[String(edges.spec), String(edges.machine)],
      ...[String(Math.round(states.machine / took.machine)), String(Math.round(states.spec / took.spec))],
      ...[ratio.toFixed(1), seconds(took.total), surprises.length === 0 ? 'equal' : 'DIFFERENT'],
    ];
  });
  const headings = ['model', 'what it is', 'states: spec', 'machines', 'worlds', 'edges: spec', 'machines'];
  console.log(table([...headings, 'states/s', 'TLC', 'ratio', 'seconds', ''], rows));
  for (const { model, result } of compared) {
    const counts = Object.entries(result.edgesByAction)
      .filter(([, { spec, machine }]) => spec + machine > 0)
      .map(
        ([action, { spec, machine }]) =>
          `${action} ${spec === machine ? spec : `${spec} (spec) ${machine} (machines)`}`,
      );
    console.log(`${model.name}: edges by action: ${counts.join(', ')}`);
  }
  for (const { model, result, surprises } of compared) {
    for (const surprise of surprises) console.log(`\n${model.name}: ${surprise}`);
    if (result.difference !== undefined) {
      console.log(
        `${model.name}: the shortest way to a difference (missing in the ${result.difference.missingIn}):`,
      );
      console.log(result.difference.lines.join('\n'));
    }
  }
}

function asJson({ model, result, surprises }: Compared): object {
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
    edgesByAction: result.edgesByAction,
    seconds: result.seconds.total,
    surprises,
    ...(difference && { difference }),
  };
}
