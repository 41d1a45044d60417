import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RULES } from '../../../protocol/rules.ts';
import { readConstants, type ModelConstants } from '../../model/constants.ts';
import { readModels, SPEC_FOLDER } from '../../model/models.ts';
import { namesUnder } from '../../tlc/index.ts';
import { ReplayError } from '../errors.ts';

/** The constants of the protocol's module. Other modules have more of their own, which no machine knows. */
const PROTOCOL = new Set<string>([
  ...['Participants', 'Uninvited', 'OtherSide', 'BatchLimit', ...RULES],
  ...['MaxCrashes', 'MaxLeaves', 'MaxGone', 'MaxClaims', 'MaxHandovers', 'MaxLost'],
]);

/**
 * The protocol's constants in the text of a TLC configuration, of whichever module. Where a config puts an operator in
 * the place of another one, the replay shows whether the machines still do what the trace says.
 *
 * @throws ModelError where one is missing or makes no sense.
 */
export function constantsIn(config: string): ModelConstants {
  const text = namesUnder(config, 'CONSTANT', 'CONSTANTS').join(' ');
  const assignments = [...text.matchAll(/(\w+)\s*=\s*(\{[^}]*\}|[^\s{}]+)/g)];
  const kept = assignments.filter(([, name = '']) => PROTOCOL.has(name)).map(([whole]) => whole);
  return readConstants(['CONSTANTS', ...kept, ''].join('\n'));
}

/**
 * The text of a configuration by the name of a model, or by its path.
 *
 * @throws ReplayError `replay/no-config`.
 */
export async function configText(nameOrPath: string): Promise<string> {
  const model = (await readModels()).find(({ name }) => name === nameOrPath);
  if (model === undefined && !nameOrPath.endsWith('.cfg')) {
    throw new ReplayError('replay/no-config', `${nameOrPath} is no model of spec/models and no .cfg file`);
  }
  return await readFile(model === undefined ? nameOrPath : join(SPEC_FOLDER, model.config), 'utf8').catch(
    (error: unknown) => {
      throw new ReplayError('replay/no-config', `there is no ${nameOrPath}`, { cause: error });
    },
  );
}
