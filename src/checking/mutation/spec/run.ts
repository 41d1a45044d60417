import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RULES } from '../../../protocol/rules.ts';
import { definitionsIn } from '../../mapping/specDefinitions.ts';
import type { Bounds } from '../../model/bounds.ts';
import { readModels, SPEC_FOLDER, type Model } from '../../model/models.ts';
import type { Mutant } from '../mutant.ts';
import { Court, judge } from './judge.ts';
import { mutantsOf, type SpecMutant } from './mutants.ts';
import { expressionsOf } from './sany.ts';

const MODULE = 'DesignatedCommitter.tla';
const path = join(SPEC_FOLDER, MODULE);

/** Two participants, and crashes. */
const BASE = 'crash2';
const none: Bounds = { crashes: 0, leaves: 0, gone: 0, claims: 0, handovers: 0, lost: 0 };
/**
 * What a mutant is shown to, in this order, by name or as other bounds of `BASE`: what is wrong for sure, each fault by
 * itself, as that takes a second, then several, each rule off, and at last those to whom it takes longer.
 */
const JUDGES: readonly (string | Bounds)[] = [
  BASE,
  'wrong-states',
  { ...none, claims: 1 },
  { ...none, handovers: 1 },
  { ...none, gone: 1 },
  { ...none, lost: 1 },
  { ...none, leaves: 1 },
  { ...none, claims: 1, handovers: 1, lost: 1 },
  { ...none, participants: 3, batch: 1 },
  { ...none, gone: 1, claims: 1 },
  ...RULES.map((rule): Bounds => ({ ...none, gone: 1, claims: 1, without: [rule] })),
  { ...none, participants: 3, handovers: 1 },
  ...['dishonest2', 'dishonest-lies2', 'uninvited3', 'graph-no-atomic3'],
];

/** Every mutant of the spec's protocol, or of those definitions only. Throws RangeError for a name of none. */
export async function specMutants(only: readonly string[]): Promise<readonly SpecMutant[]> {
  const text = await readFile(path, 'utf8');
  const definitions = definitionsIn(text);
  const at = (line: number): string =>
    definitions.find((one) => one.kind !== 'rule' && one.line <= line && line <= one.end)?.name ?? '';
  const all = mutantsOf(text, await expressionsOf(path, text), at);
  const stranger = only.find((name) => !all.some(({ definition }) => definition === name));
  if (stranger !== undefined) throw new RangeError(`nothing to change in ${stranger}`);
  return only.length === 0 ? all : all.filter(({ definition }) => only.includes(definition));
}

/** Those who judge mutants of the spec. Throws RangeError where a model is not there. */
export async function specCourt(): Promise<Court> {
  const models = await readModels();
  const named = (wanted: string): Model => {
    const model = models.find(({ name }) => name === wanted);
    if (model === undefined) throw new RangeError(`no model ${wanted}`);
    return model;
  };
  const judges = JUDGES.map((it) => (typeof it === 'string' ? judge(named(it)) : judge(named(BASE), it)));
  return new Court(MODULE, await readFile(path, 'utf8'), await Promise.all(judges));
}

/** Shows a mutant to them. */
export async function judged(mutant: SpecMutant, court: Court): Promise<Mutant> {
  const { line, mutator, before, after, source, text } = mutant;
  const caughtBy = await court.catcherOf(text);
  return { file: `spec/${MODULE}`, line, mutator, before, after, source, caughtBy };
}
