import { parseRecordFile, RecordError, type PlacedLine } from '../../trace/record.ts';
import { ValidationError } from './errors.ts';
import type { Source } from './merge.ts';

/** The text of one record, and what to call it. */
export interface RecordText {
  readonly name: string;
  readonly text: string;
}

/** A line that is no line of this run, whatever the protocol says. */
export interface BadLine {
  readonly file: string;
  readonly fileLine: number;
  readonly reason: string;
}

/** Limits of what is judged as one run. */
export const RUN_LIMITS = { lines: 200_000, participants: 1_000 } as const;

/** The lines of a run, up to the first that cannot be read. */
export interface ReadRun {
  readonly files: readonly { readonly file: string; readonly lines: number }[];
  readonly sources: readonly Source[];
  readonly bad: BadLine | null;
}

/**
 * Reads the lines of a run. The first that cannot be read, or that is not the next of its participant, ends it.
 *
 * @param known texts that were read before, with their lines.
 * @throws ValidationError for a run of no lines or of too many.
 */
export function readLines(
  texts: readonly RecordText[],
  known = new Map<string, readonly PlacedLine[]>(),
): ReadRun {
  const sources: Source[] = [];
  const files = texts.map(({ name }) => ({ file: name, lines: 0 }));
  for (const [i, { name, text }] of texts.entries()) {
    try {
      const lines = known.get(text) ?? parseRecordFile(text).lines;
      known.set(text, lines);
      files[i]!.lines = lines.length;
      lines.forEach(({ fileLine, line }) => sources.push({ file: name, fileLine, line }));
    } catch (error) {
      if (!(error instanceof RecordError)) throw error;
      return { files, sources, bad: { file: name, fileLine: error.line, reason: error.message } };
    }
    if (sources.length > RUN_LIMITS.lines) {
      throw new ValidationError('validation/too-large', `more than ${RUN_LIMITS.lines} lines`);
    }
  }
  const counts = new Map<string, number>();
  for (const { file, fileLine, line } of sources) {
    const count = (counts.get(line.participant) ?? 0) + 1;
    counts.set(line.participant, count);
    if (line.line === count) continue;
    const reason = `line ${line.line} of ${line.participant}, where line ${count} is due`;
    return { files, sources, bad: { file, fileLine, reason } };
  }
  if (sources.length === 0) throw new ValidationError('validation/empty', 'a record without a line');
  if (counts.size > RUN_LIMITS.participants) {
    throw new ValidationError('validation/too-large', `more than ${RUN_LIMITS.participants} participants`);
  }
  return { files, sources, bad: null };
}
