import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { RULES } from '../../protocol/rules.ts';
import { ModelError } from './errors.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const name = v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,40}$/));

/** A model of `spec/models.json`. */
const modelSchema = v.strictObject({
  name,
  /** `holds`: all invariants do. `ablation`: with `rule` off TLC finds a violation. `graph`: for comparison only. */
  kind: v.picklist(['holds', 'ablation', 'graph']),
  /** The rule that is off. */
  rule: v.optional(v.picklist(RULES)),
  /** File names in `spec/`. */
  module: v.pipe(v.string(), v.regex(/^\w+\.tla$/)),
  config: v.pipe(v.string(), v.regex(/^[a-z0-9-]+\.cfg$/)),
  /** One line for people. */
  shows: v.pipe(v.string(), v.minLength(1)),
  /** `holds`, or the invariant that must be found violated. */
  expected: v.string(),
  /** Distinct states, with any number of workers. Only a model that TLC walks to its end has them. */
  states: v.optional(count),
  /** States on the longest shortest path, with one worker; of a counterexample, its states. */
  depth: v.optional(count),
  /** Part of `committer check`, of `committer conform`, when no model is named. */
  check: v.boolean(),
  conform: v.boolean(),
});

export type Model = Readonly<v.InferOutput<typeof modelSchema>>;

/** The folder of the spec. */
export const SPEC_FOLDER = fileURLToPath(new URL('../../../spec/', import.meta.url));

/** Where counterexamples are kept. */
export const TRACES_FOLDER = fileURLToPath(new URL('../../../traces/', import.meta.url));

/** Reads a list of models. Throws ModelError `model/unreadable`, `model/bad-list`. */
export async function readModels(path = `${SPEC_FOLDER}models.json`): Promise<readonly Model[]> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new ModelError('model/unreadable', `no list of models: ${path}`, { cause: error });
  });
  return parseModels(text);
}

/** Throws ModelError `model/bad-list`. */
export function parseModels(text: string): readonly Model[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new ModelError('model/bad-list', 'the list of models is not JSON', { cause: error });
  }
  const parsed = v.safeParse(v.pipe(v.array(modelSchema), v.minLength(1)), json);
  if (!parsed.success) {
    throw new ModelError(
      'model/bad-list',
      parsed.issues.map((issue) => `${v.getDotPath(issue) ?? ''}: ${issue.message}`).join('; '),
    );
  }
  const models = parsed.output;
  for (const model of models) {
    const wrong = inconsistency(model);
    if (wrong !== null) throw new ModelError('model/bad-list', `${model.name}: ${wrong}`);
  }
  if (new Set(models.map((model) => model.name)).size < models.length) {
    throw new ModelError('model/bad-list', 'two models have one name');
  }
  return models;
}

function inconsistency(model: Model): string | null {
  if ((model.kind === 'ablation') !== (model.expected !== 'holds'))
    return 'an ablation, and nothing else, is violated';
  if (model.kind === 'ablation' && model.rule === undefined) return 'an ablation has no rule';
  if (model.kind !== 'ablation' && model.states === undefined) return 'states are not pinned';
  if (model.conform && model.kind === 'ablation')
    return 'TLC does not walk all of an ablation: compare a graph model';
  if (model.kind === 'graph' && model.check) return 'a graph model has nothing to check';
  return null;
}

/**
 * The models with the given names, or those that are part of a command where none is given. Throws ModelError
 * `model/unknown` for a name that there is not, or that the command can do nothing with.
 */
export function chosenModels(
  models: readonly Model[],
  names: readonly string[],
  command: 'check' | 'conform',
): readonly Model[] {
  const possible = models.filter(({ kind }) => kind !== (command === 'check' ? 'graph' : 'ablation'));
  if (names.length === 0) return possible.filter((model) => model[command]);
  return [...new Set(names)].map((wanted) => {
    const model = possible.find((one) => one.name === wanted);
    if (model !== undefined) return model;
    const known = possible.map((one) => one.name).join(', ');
    throw new ModelError('model/unknown', `no model ${wanted} to ${command}; there are ${known}`);
  });
}
