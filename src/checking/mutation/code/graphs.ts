import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ComparedModel } from '../../conformance/ComparedModel.ts';
import { ModelError } from '../../model/errors.ts';
import { readModels, SPEC_FOLDER, type Model } from '../../model/models.ts';

/** Small models that together take every action, fault and rule of the spec. */
const GRAPHS = ['crash2', 'graph-no-takeover2', 'graph-no-atomic3', 'handovers3'];

/** Where the graphs are, for the checks of a mutant. */
const FOLDER = 'MUTATION_GRAPHS';

type KeptGraph = Pick<Model, 'name' | 'module' | 'config'> & {
  readonly states: number;
  /** Path of TLC's dump. */
  readonly dump: string;
};

async function graphsIn(folder: string): Promise<readonly KeptGraph[]> {
  const models = await readModels();
  return GRAPHS.map((wanted) => {
    const model = models.find(({ name }) => name === wanted);
    if (model?.states === undefined) throw new ModelError('model/unknown', `no graph ${wanted}`);
    const { name, module, config, states } = model;
    return { name, module, config, states, dump: join(folder, `${name}.dot`) };
  });
}

/** The graphs of the spec, in the folder that the environment names. */
export async function keptGraphs(): Promise<readonly KeptGraph[]> {
  const graphs = await graphsIn(process.env[FOLDER] ?? '');
  const lost = graphs.find(({ dump }) => !existsSync(dump));
  if (lost !== undefined) throw new ModelError('model/unreadable', `no graph ${lost.dump}: see ${FOLDER}`);
  return graphs;
}

/** TLC writes the graphs into a folder. Gives what the environment of the checks needs to find them. */
export async function keepGraphs(folder: string): Promise<Readonly<Record<string, string>>> {
  mkdirSync(folder, { recursive: true });
  for (const { module, config, states, dump } of await graphsIn(folder)) {
    const sides = await ComparedModel.of({
      spec: join(SPEC_FOLDER, module),
      config: join(SPEC_FOLDER, config),
    });
    const { statesDistinct } = await sides.writeGraph(dump, { short: states < 20_000 });
    if (statesDistinct !== states) throw new RangeError(`${config}: ${statesDistinct} states, not ${states}`);
  }
  return { [FOLDER]: folder };
}
