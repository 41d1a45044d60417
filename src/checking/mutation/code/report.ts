import * as v from 'valibot';
import type { Mutant } from '../mutant.ts';

const place = v.object({ line: v.number(), column: v.number() });

/** What we read of StrykerJS's report (mutation-testing-report-schema). */
const report = v.object({
  files: v.record(
    v.string(),
    v.object({
      source: v.string(),
      mutants: v.array(
        v.object({
          mutatorName: v.string(),
          replacement: v.optional(v.string(), ''),
          status: v.string(),
          location: v.object({ start: place, end: place }),
          killedBy: v.optional(v.array(v.string()), []),
        }),
      ),
    }),
  ),
  testFiles: v.optional(
    v.record(v.string(), v.object({ tests: v.array(v.object({ id: v.string(), name: v.string() })) })),
    {},
  ),
});

/** Its words for a mutant that a check saw: a test that goes on for ever has seen it too, and one that does not load with it. */
const CAUGHT: readonly string[] = ['Killed', 'Timeout', 'RuntimeError'];
const ALIVE: readonly string[] = ['Survived', 'NoCoverage'];

type Place = v.InferOutput<typeof place>;

/** The text between two places; lines and columns from 1. */
function between(source: string, start: Place, end: Place): string {
  const lines = source.split('\n').slice(start.line - 1, end.line);
  const last = lines.length - 1;
  lines[last] = (lines[last] ?? '').slice(0, end.column - 1);
  lines[0] = (lines[0] ?? '').slice(start.column - 1);
  return lines.join('\n');
}

/**
 * The mutants of a run of StrykerJS. Throws Error where one was ignored, or could not be run: none is left out of the
 * count; ValiError for what is no such report.
 */
export function mutantsIn(json: unknown): readonly Mutant[] {
  const { files, testFiles } = v.parse(report, json);
  const fileOfTest = new Map(
    Object.entries(testFiles).flatMap(([file, { tests }]) => tests.map(({ id }) => [id, file] as const)),
  );
  return Object.entries(files).flatMap(([file, { source, mutants }]) =>
    mutants.map((mutant): Mutant => {
      const { status, location, mutatorName, replacement, killedBy } = mutant;
      const { start, end } = location;
      if (!CAUGHT.includes(status) && !ALIVE.includes(status))
        throw new Error(`${file}:${start.line}: ${mutatorName} was left out: ${status}`);
      const by = fileOfTest.get(killedBy[0] ?? '') ?? status;
      return {
        ...{ file, line: start.line, mutator: mutatorName, after: replacement },
        before: between(source, start, end),
        source: (source.split('\n')[start.line - 1] ?? '').trim(),
        caughtBy: CAUGHT.includes(status) ? by : null,
      };
    }),
  );
}
