import { mutateCode } from '../../checking/mutation/code/run.ts';
import { readExplained, scoreOf, type Score } from '../../checking/mutation/explained.ts';
import { printMutant, type Mutant } from '../../checking/mutation/mutant.ts';
import { judged, specCourt, specMutants } from '../../checking/mutation/spec/run.ts';
import { inParallel } from '../inParallel.ts';
import { CORES } from '../models/run.ts';
import { printJson, readArguments } from '../options.ts';
import { progressLine, seconds, table, thousands } from '../output.ts';
import { WrongUse } from '../wrongUse.ts';

/** So many mutants there are at least: a run that sees fewer has not seen all. */
const LEAST = { code: 1_400, spec: 400 };

export const USAGE = `committer mutants [code|spec] [--only NAME]... [--json]

Makes the code and the spec wrong in one place at a time, and looks whether a check sees it.
  code  StrykerJS on src/protocol, src/machine and src/mls; the checks: the tests beside them, the spec's graphs, traces on real MLS
  spec  conjuncts and actions dropped, guards weakened and more, as SANY parses them; the checks: models, by verdict and states
Both without a name. A survivor is to be caught by a check, or explained in src/checking/mutation/explained.json: at most 2 %.
  --only NAME  a file, a pattern of files, or a definition of the spec; several times for several
  --json       the result as one JSON object, on the last line`;

/** Exit code 0: every mutant is caught or explained; 1: not. */
export async function run(args: readonly string[]): Promise<number> {
  const line = readArguments(args, USAGE, { only: { type: 'string', multiple: true, default: [] } });
  if (line === undefined) return 0;
  const { positionals, values } = line;
  const stranger = positionals.find((what) => !Object.hasOwn(LEAST, what));
  if (stranger !== undefined)
    throw new WrongUse(`there are mutants of code and of spec, and none of ${stranger}`);
  const wanted = (what: string): boolean => positionals.length === 0 || positionals.includes(what);
  const scores: Score[] = [];
  if (wanted('spec')) scores.push(report('spec', await ofSpec(values.only), values.only));
  if (wanted('code')) scores.push(report('code', await mutateCode(values.only), values.only));
  const sum = (count: (score: Score) => number): number => scores.reduce((all, one) => all + count(one), 0);
  const survived = sum((score) => score.survived.length);
  const problems = sum((score) => score.problems.length);
  printJson(values.json, {
    ...{ mutants: sum((score) => score.mutants), killed: sum((score) => score.killed) },
    ...{ survived, explained: sum((score) => score.explained.length), problems },
  });
  return scores.length > 0 && survived === 0 && problems === 0 ? 0 : 1;
}

/** The mutants of the spec, as many at a time as there are cores. */
async function ofSpec(only: readonly string[]): Promise<readonly Mutant[]> {
  const [mutants, court] = await Promise.all([specMutants(only), specCourt()]);
  const progress = progressLine();
  const started = performance.now();
  let done = 0;
  const results = await inParallel(mutants, CORES, async (mutant) => {
    const result = await judged(mutant, court);
    const spent = seconds((performance.now() - started) / 1000);
    progress.show(`${++done} of ${mutants.length} mutants of the spec, ${spent}`);
    if (result.caughtBy === null) progress.say(`not caught: ${printMutant(result)}`);
    return result;
  });
  progress.end();
  return results;
}

function report(what: keyof typeof LEAST, mutants: readonly Mutant[], only: readonly string[]): Score {
  const score = scoreOf(mutants, readExplained(), only.length > 0 ? 1 : LEAST[what]);
  console.log(`\n${table(['caught by', 'mutants'], byCatcher(mutants))}\n`);
  for (const mutant of score.survived) console.log(`SURVIVED ${printMutant(mutant)}`);
  for (const mutant of score.explained)
    console.log(`equivalent ${printMutant(mutant)}\n    ${mutant.equivalent}`);
  for (const problem of score.problems) console.log(problem);
  const { killed, survived, explained } = score;
  const share = ((100 * killed) / (score.mutants - explained.length)).toFixed(2);
  console.log(
    `${what}: ${thousands(score.mutants)} mutants, ${thousands(killed)} caught, ${survived.length} survived, ` +
      `${explained.length} explained: ${share} % of those that differ`,
  );
  return score;
}

/** How many mutants each check was the first to see. */
function byCatcher(mutants: readonly Mutant[]): [string, string][] {
  const counts = new Map<string, number>();
  for (const { caughtBy } of mutants)
    counts.set(caughtBy ?? 'nobody', (counts.get(caughtBy ?? 'nobody') ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a).map(([name, count]) => [name, thousands(count)]);
}
