import { join } from 'node:path';
import { conform, type Conformance } from '../../checking/conformance/conform.ts';
import { SHORT_STATES } from '../../checking/tlc/index.ts';
import { SPEC_FOLDER, type Model } from '../../checking/model/models.ts';
import { seconds, type ProgressLine } from '../output.ts';
import { largeHeapMb } from './run.ts';

/** A model whose graphs were compared. */
export interface Compared {
  readonly model: Model;
  readonly result: Conformance;
  /** What was not as expected, in words; empty where all was. */
  readonly surprises: readonly string[];
}

/** States beyond which TLC gets more memory. */
const MANY = 1_000_000;

/** Compares the graph of a model with that of the machines, and tells its progress. */
export async function compareModel(model: Model, progress: ProgressLine): Promise<Compared> {
  const { states = 0 } = model;
  const result = await conform({
    spec: join(SPEC_FOLDER, model.module),
    config: join(SPEC_FOLDER, model.config),
    short: states <= SHORT_STATES,
    ...(states > MANY && { heapMb: largeHeapMb() }),
    onProgress: (text) => progress.show(`${model.name}: ${text}`),
  });
  const surprises = surprisesOf(model, result);
  const verdict = surprises.length === 0 ? 'equal' : 'NOT AS EXPECTED';
  progress.say(`${model.name}: ${verdict}, ${seconds(result.seconds.total)}`);
  return { model, result, surprises };
}

function surprisesOf(model: Model, result: Conformance): readonly string[] {
  const { equal, states, edges, views, worlds, depth, edgesByEffect } = result;
  const surprises: string[] = [];
  if (!equal) {
    surprises.push(
      `${states.onlySpec} states and ${edges.onlySpec} edges only in the spec, ` +
        `${states.onlyMachine} states and ${edges.onlyMachine} edges only of the machines`,
    );
  }
  if (worlds !== states.machine)
    surprises.push(`${worlds} worlds of the machines are ${states.machine} states`);
  if (views.different > 0)
    surprises.push(`${views.different} machines have another view than the spec of what they have read`);
  if (views.logs === 0) surprises.push('no view was compared');
  if (Object.values(edgesByEffect).every(({ spec }) => spec === 0))
    surprises.push('no machine has anything to do');
  if (model.states !== states.spec)
    surprises.push(`expected ${model.states ?? 0} states, found ${states.spec}`);
  if (model.depth !== undefined && model.depth !== depth)
    surprises.push(`expected depth ${model.depth}, found ${depth}`);
  return surprises;
}

/** Actions and effects that occur in none of the graphs: what a run of all models must not lack. */
export function unseen(compared: readonly Compared[]): readonly string[] {
  const names = new Set<string>();
  const seen = new Set<string>();
  for (const { result } of compared) {
    for (const counts of [result.edgesByAction, result.edgesByEffect]) {
      for (const [name, { spec }] of Object.entries(counts)) {
        names.add(name);
        if (spec > 0) seen.add(name);
      }
    }
  }
  return [...names].filter((name) => !seen.has(name));
}
