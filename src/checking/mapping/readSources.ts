import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { participantMachine } from '../../machine/machine.ts';
import { RULES } from '../../protocol/rules.ts';
import { readItf } from '../../trace/itf.ts';
import { TRACES_FOLDER } from '../model/models.ts';
import { REPOSITORY, sourcesUnder } from '../repository.ts';
import { placesIn } from './codePlaces.ts';
import type { MappingSources, TraceFacts } from './mapping.ts';
import { definitionsIn } from './specDefinitions.ts';

export const SPEC_FILE = 'spec/DesignatedCommitter.tla';
/** The folders whose code does what the spec says. */
const CODE = ['src/protocol', 'src/machine', 'src/participant', 'src/service/delivery'];
const TESTS = ['src', 'model-tests', 'demo/e2e'];
/** Not those of the mapping itself, which name everything. */
const IS_TEST = /^(?!src\/checking\/mapping\/).*\.test\.ts$|^model-tests\//;

/** What a kept trace tells of itself: its rules that are off, and the actions that it takes. */
function factsOf(name: string, text: string): TraceFacts {
  const { meta, states } = readItf(text);
  const actions = new Map<string, number>();
  for (const { meta: told } of states.slice(1)) {
    const { action } = told;
    if (typeof action === 'string') actions.set(action, (actions.get(action) ?? 0) + 1);
  }
  const { rule } = meta;
  return { name, actions, rules: typeof rule === 'string' ? rule.split(/,\s*| and /) : [] };
}

/** Reads all that the mapping is made of, from the repository as it is. */
export function readSources(): MappingSources {
  const code = CODE.flatMap(sourcesUnder).filter(
    ({ file }) => !IS_TEST.test(file) && !/test(ing|Room)/i.test(file),
  );
  const traces = readdirSync(TRACES_FOLDER)
    .filter((file) => file.endsWith('.itf.json'))
    .sort()
    .map((file) => factsOf(file.replace('.itf.json', ''), readFileSync(join(TRACES_FOLDER, file), 'utf8')));
  return {
    definitions: definitionsIn(readFileSync(join(REPOSITORY, SPEC_FILE), 'utf8')),
    places: code.flatMap(({ file, text }) => placesIn(file, text)),
    rules: RULES,
    events: [...participantMachine.events],
    tests: TESTS.flatMap(sourcesUnder).filter(({ file }) => IS_TEST.test(file)),
    traces,
  };
}
