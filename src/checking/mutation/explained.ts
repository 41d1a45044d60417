import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { inOneLine, type Mutant } from './mutant.ts';

/** Of all mutants, how many may be explained. */
export const EXPLAINED_LIMIT = 0.02;

const text = v.pipe(v.string(), v.minLength(1));

/** A mutant that no check can see, as it does what the code does. What stood there, and stands there then, as printed. */
const explanation = v.strictObject({
  ...{ file: text, source: text, before: text, after: v.string() },
  /** Why the two are one. */
  equivalent: v.pipe(v.string(), v.minLength(20)),
});

export type Explanation = v.InferOutput<typeof explanation>;

const FILE = new URL('explained.json', import.meta.url);

/** The explanations that are kept beside this file. Throws ValiError for a list that is none. */
export const readExplained = (): readonly Explanation[] =>
  v.parse(v.array(explanation), JSON.parse(readFileSync(FILE, 'utf8')));

/** How the mutants fared. */
export interface Score {
  readonly mutants: number;
  readonly killed: number;
  /** Neither caught nor explained. */
  readonly survived: readonly Mutant[];
  readonly explained: readonly (Mutant & { readonly equivalent: string })[];
  /** What makes the run fail, besides survivors. */
  readonly problems: readonly string[];
}

const fits = (mutant: Mutant, { file, source, before, after }: Explanation): boolean =>
  mutant.file === file &&
  mutant.source === source &&
  inOneLine(mutant.before) === before &&
  inOneLine(mutant.after) === after;

/** Counts; `least` is how many mutants there must be at least. Only explanations of files that `mutants` speak of are looked at. */
export function scoreOf(
  mutants: readonly Mutant[],
  explanations: readonly Explanation[],
  least: number,
): Score {
  const alive = mutants.filter(({ caughtBy }) => caughtBy === null);
  const explained = alive.flatMap((mutant) => {
    const found = explanations.find((one) => fits(mutant, one));
    return found === undefined ? [] : [{ ...mutant, equivalent: found.equivalent }];
  });
  const survived = alive.filter((mutant) => !explanations.some((one) => fits(mutant, one)));
  const files = new Set(mutants.map(({ file }) => file));
  const stale = explanations.filter(
    (one) => files.has(one.file) && !alive.some((mutant) => fits(mutant, one)),
  );
  const problems = stale.map(
    ({ file, source, after }) =>
      `an explanation of a mutant that is caught, or is none: ${file}: ${source}: ${after}`,
  );
  if (mutants.length < least) problems.push(`${mutants.length} mutants are fewer than ${least}`);
  const share = explained.length / Math.max(mutants.length, 1);
  if (share > EXPLAINED_LIMIT)
    problems.push(`${(100 * share).toFixed(1)} % of the mutants are explained, more than 2 %`);
  const killed = mutants.length - alive.length;
  return { mutants: mutants.length, killed, survived, explained, problems };
}
