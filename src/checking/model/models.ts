import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ModelError } from './errors.ts';
import { FAMILIES, type Family } from './families.ts';
import { parseModels, type Model } from './row.ts';

export { FAMILIES, type Family } from './families.ts';
export { EITHER, kindOf, parseModels, type Model, type ModelKind } from './row.ts';

/** The folder of the spec. */
export const SPEC_FOLDER = fileURLToPath(new URL('../../../spec/', import.meta.url));

/** Where counterexamples and witnesses are kept. */
export const TRACES_FOLDER = fileURLToPath(new URL('../../../traces/', import.meta.url));

/**
 * Reads the models of all families: `FAMILY/models.json` in the folders of `folder`. Throws ModelError
 * `model/unreadable`, `model/bad-list`, also where a folder is no family or two models have one name.
 */
export async function readModels(folder = join(SPEC_FOLDER, 'models')): Promise<readonly Model[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw new ModelError('model/unreadable', `no folder of models: ${folder}`, { cause: error });
  });
  const found = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const stranger = found.find((name) => !FAMILIES.some((family) => family === name));
  if (stranger !== undefined) {
    throw new ModelError('model/bad-list', `${stranger} is no family of models: ${FAMILIES.join(', ')}`);
  }
  const families = FAMILIES.filter((family) => found.includes(family));
  const models = (await Promise.all(families.map((family) => readFamily(folder, family)))).flat();
  if (models.length === 0) throw new ModelError('model/bad-list', `there are no models in ${folder}`);
  const twice = models.find(({ name }, i) => models.findIndex((other) => other.name === name) !== i);
  if (twice !== undefined) throw new ModelError('model/bad-list', `two models have the name ${twice.name}`);
  return models;
}

/** A folder without a list has no models yet. */
async function readFamily(folder: string, family: Family): Promise<readonly Model[]> {
  const path = join(folder, family, 'models.json');
  if (!existsSync(path)) return [];
  return parseModels(await readFile(path, 'utf8'), family);
}

/** Distinct states that the default set of `committer check` may have in all. */
export const DEFAULT_SET_STATES = 4_000_000;

/** The modules of whose models `committer conform` compares graphs. */
const GRAPH_MODULES: readonly string[] = ['DesignatedCommitter.tla', 'Labels.tla'];

/** What a command can do with a model, and does where none is named. */
const USES = {
  check: {
    can: () => true,
    does: (model: Model) => model.check,
  },
  conform: {
    can: (model: Model) =>
      model.expected === 'holds' && model.simulate === undefined && GRAPH_MODULES.includes(model.module),
    does: (model: Model) => model.conform && model.family !== 'nightly',
  },
  traces: {
    can: (model: Model) => model.trace,
    does: (model: Model) => model.trace,
  },
  nightly: {
    can: () => true,
    does: (model: Model) => model.family === 'nightly',
  },
} as const satisfies Record<string, { can(model: Model): boolean; does(model: Model): boolean }>;

/**
 * The models with the given names, those of a family where it is a family's name (all of it, if none of them is part of
 * the command by itself), or those that are part of a command
 * where none is given. Throws ModelError `model/unknown` for a name that there is not, or that the command can do
 * nothing with.
 */
export function chosenModels(
  models: readonly Model[],
  names: readonly string[],
  command: keyof typeof USES,
): readonly Model[] {
  const { can, does } = USES[command];
  const possible = models.filter(can);
  if (names.length === 0) return possible.filter(does);
  const chosen = names.flatMap((wanted) => {
    const named = possible.filter(({ name }) => name === wanted);
    if (named.length > 0) return named;
    const ofFamily = possible.filter(({ family }) => family === wanted);
    const byDefault = ofFamily.filter(does);
    if (ofFamily.length > 0) return byDefault.length > 0 ? byDefault : ofFamily;
    const known = possible.map(({ name }) => name).join(', ');
    const families = [...new Set(possible.map(({ family }) => family))].join(', ');
    throw new ModelError(
      'model/unknown',
      `no model or family ${wanted} to ${command}; there are ${known}; and the families ${families}`,
    );
  });
  return [...new Set(chosen)];
}
