import type { PlacedLine } from '../../trace/record.ts';
import { judge } from './judge.ts';
import { readLines, type BadLine, type RecordText } from './lines.ts';
import { mergeRun, type MergedRun } from './merge.ts';
import type { RefusedLine, ValidateOptions, Validation } from './result.ts';

/** Runs that TLC judges at once: it tells of each that it refuses, in one line or in six, and of its lines 200 are kept. */
const AT_ONCE = { brief: 180, explained: 25 } as const;
/** Events that TLC reads at once, where they are of several runs. */
const EVENTS_AT_ONCE = 60_000;

/**
 * Has TLC decide whether the records of one run, of all its participants, are a behaviour of the spec.
 *
 * @throws ValidationError where there is nothing to judge or TLC could not judge it, TlcError where TLC could not run.
 */
export async function validateRecords(
  texts: readonly RecordText[],
  options: ValidateOptions = {},
): Promise<Validation> {
  const [validation] = await validateRuns([texts], options);
  return validation!;
}

/**
 * The same for several runs, many at once: what they begin with in common is judged once.
 *
 * @returns a verdict on each, in order.
 * @throws as `validateRecords` does.
 */
export async function validateRuns(
  runs: readonly (readonly RecordText[])[],
  options: ValidateOptions = {},
): Promise<Validation[]> {
  const explains = options.explain !== false;
  const parsed = new Map<string, readonly PlacedLine[]>();
  const read = runs.map((texts) => readLines(texts, parsed));
  const merged = read.map(({ sources, bad }) => (bad === null ? mergeRun(sources) : null));
  const validations = read.map(({ files, sources, bad }): Validation => {
    return { ...NOTHING, files, lines: sources.length, refused: bad && unreadable(bad) };
  });
  const pass = async (numbers: readonly number[], brief: boolean): Promise<void> => {
    for (const batch of batches(numbers, merged, brief ? AT_ONCE.brief : AT_ONCE.explained)) {
      const verdicts = await judge(
        batch.map((i) => merged[i]!),
        !brief,
        options,
      );
      batch.forEach((i, k) => (validations[i] = { ...validations[i]!, ...verdicts[k] }));
    }
  };
  const readable = merged.flatMap((run, i) => (run === null ? [] : [i]));
  const manyAtOnce = readable.length > AT_ONCE.explained;
  await pass(readable, manyAtOnce || !explains);
  if (manyAtOnce && explains) {
    const refused = readable.filter((i) => !validations[i]!.accepted);
    await pass(refused, false);
  }
  return validations;
}

/** Cuts runs into batches of at most `size`, and of no more events than TLC reads in little time. */
function batches(
  numbers: readonly number[],
  merged: readonly (MergedRun | null)[],
  size: number,
): readonly (readonly number[])[] {
  const all: number[][] = [];
  let events = Infinity;
  for (const i of numbers) {
    const own = merged[i]?.events.length ?? 0;
    if (events + own > EVENTS_AT_ONCE || all.at(-1)!.length >= size) {
      all.push([]);
      events = 0;
    }
    all.at(-1)!.push(i);
    events += own;
  }
  return all;
}

const NOTHING = {
  accepted: false,
  participants: 0,
  entries: 0,
  events: 0,
  taken: 0,
  crashes: [],
  losses: [],
  resends: [],
  seconds: 0,
};

const unreadable = ({ file, fileLine, reason }: BadLine): RefusedLine => ({
  file,
  fileLine,
  participant: null,
  line: null,
  reason,
  allowed: [],
});
