import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RULES } from '../../../protocol/rules.ts';
import { isIdentifier } from '../../../trace/value.ts';
import { readConstants } from '../../model/constants.ts';
import { readModels, SPEC_FOLDER } from '../../model/models.ts';
import { namesUnder } from '../../tlc/index.ts';
import type { ReplayConstants } from '../constants.ts';
import { ReplayError } from '../errors.ts';

/** The constants of the protocol's module. Other modules have more of their own, which no machine knows. */
const PROTOCOL = new Set<string>([
  ...['Participants', 'Uninvited', 'BatchLimit', ...RULES],
  ...['MaxCrashes', 'MaxLeaves', 'MaxGone', 'MaxClaims', 'MaxHandovers', 'MaxLost'],
]);

/**
 * The constants in the text of a TLC configuration, of whichever module: the protocol's, and who is dishonest or reads
 * another log. Where a config puts an operator in the place of another one, the replay shows whether the machines still
 * do what the trace says.
 *
 * @throws ModelError where one is missing or makes no sense, ReplayError `replay/no-config`.
 */
export function constantsIn(config: string): ReplayConstants {
  const text = namesUnder(config, 'CONSTANT', 'CONSTANTS').join(' ');
  const assignments = [...text.matchAll(/(\w+)\s*=\s*(\{[^}]*\}|[^\s{}]+)/g)];
  const kept = assignments.filter(([, name = '']) => PROTOCOL.has(name)).map(([whole]) => whole);
  const constants = readConstants(['CONSTANTS', 'OtherSide = {}', ...kept, ''].join('\n'));
  const { participants } = constants;
  const namesOf = (name: string): readonly string[] => {
    const [, , value = '{}'] = assignments.find(([, other]) => other === name) ?? [];
    const names = value
      .slice(1, -1)
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');
    if (names.every((part) => isIdentifier(part) && participants.includes(part))) return names;
    throw new ReplayError('replay/no-config', `${name} is not a set of participants: ${value}`);
  };
  const [otherSide, dishonest] = [namesOf('OtherSide'), namesOf('Dishonest')];
  if (otherSide.length === participants.length)
    throw new ReplayError(
      'replay/no-config',
      'OtherSide is everybody: there is one log, and it is not log 1',
    );
  return { ...constants, otherSide, dishonest };
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
