/**
 * The record of a run, as NDJSON: one line a step of one participant, with what the log and the machine said, and no
 * secret; names only where its owner wanted them. Each line can stand alone, so that a record that is cut off is still a record. `npm run validate` has TLC
 * decide whether records are a behaviour of the spec. Described for readers in `spec/guide/records.md`.
 */
import * as v from 'valibot';

/** The version of this format. */
export const RECORD_VERSION = 1;
/** Characters of one line, at most: a view of 1,000 participants. */
export const MAX_RECORD_LINE = 1 << 18;
/** Names in one file, at most. */
export const MAX_RECORD_NAMES = 1_000;

const id = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,64}$/));
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const ids = v.pipe(v.array(id), v.maxLength(1_000));

/** An entry of the log, as far as it matters to the protocol. Field names are those of the spec. */
export const RecordEntrySchema = v.variant('kind', [
  v.strictObject({ kind: v.literal('join'), author: id }),
  v.strictObject({ kind: v.literal('leave'), author: id }),
  v.strictObject({ kind: v.literal('found'), author: id, at: count, id }),
  v.strictObject({
    kind: v.literal('commit'),
    author: id,
    at: count,
    id,
    parent: id,
    adds: ids,
    removes: ids,
  }),
  v.strictObject({ kind: v.literal('handover'), author: id, at: count }),
  v.strictObject({ kind: v.literal('claim'), author: id, at: count, accused: id }),
  /** An entry that did not parse or verify. */
  v.strictObject({ kind: v.literal('void'), author: v.string(), reason: v.string() }),
]);

export const RecordLineSchema = v.strictObject({
  v: v.literal(RECORD_VERSION),
  /** Who made the step. */
  participant: id,
  /** From 1, without a gap: the line of this participant. */
  line: v.pipe(v.number(), v.integer(), v.minValue(1)),
  /** The spec's name. `Read` before the own `Join` is part of that `Join`. */
  action: v.picklist(['Join', 'Read', 'Found', 'Commit', 'HandOver', 'Claim', 'Leave']),
  /** The entry that was read, for `Join` and `Read`. */
  entry: v.nullable(RecordEntrySchema),
  /** State of the machine after the step, dots between its levels. */
  state: v.pipe(v.string(), v.regex(/^[a-zA-Z.]{1,64}$/)),
  /** The view after the step; empty for a participant that has ended. */
  view: v.strictObject({
    position: count,
    changedAt: count,
    roster: ids,
    departed: ids,
    waiting: ids,
    refresh: v.boolean(),
    /** How many commits the history has, and the last. */
    epochs: count,
    head: v.nullable(id),
  }),
  /** What was drafted and not read back. */
  pending: v.nullable(
    v.strictObject({ kind: v.picklist(['found', 'commit', 'handover', 'claim']), at: count }),
  ),
  /**
   * A label for the class of the epoch authenticator of the MLS group: the start of a hash of it. Equal labels, equal
   * epochs; nothing can be derived from it. Null without a group.
   */
  authenticator: v.nullable(v.pipe(v.string(), v.regex(/^[A-Za-z0-9]{1,32}$/))),
});

/**
 * What somebody is called, for readers: in a record whose owner asked for names. Judged by nobody. A reader that does not
 * know such lines refuses them and misreads nothing, so the version is the same.
 */
export const RecordNameSchema = v.strictObject({
  v: v.literal(RECORD_VERSION),
  participant: id,
  /** 64 characters, in UTF-16. */
  name: v.pipe(v.string(), v.maxLength(128)),
});

export type RecordEntry = v.InferOutput<typeof RecordEntrySchema>;
export type RecordLine = v.InferOutput<typeof RecordLineSchema>;
export type RecordName = v.InferOutput<typeof RecordNameSchema>;

/** A line of a record, and the line of the file that it stands in, from 1. */
export interface PlacedLine {
  readonly fileLine: number;
  readonly line: RecordLine;
}

/** A file of lines, with the names that it tells. */
export interface RecordFile {
  readonly lines: readonly PlacedLine[];
  readonly names: ReadonlyMap<string, string>;
}

/** Thrown for a line that is no record line. `line` counts from 1 in the file. */
export class RecordError extends Error {
  override readonly name = 'RecordError';
  readonly line: number;

  constructor(line: number, message: string) {
    super(`line ${String(line)}: ${message}`);
    this.line = line;
  }
}

/** @throws RecordError */
export function parseRecordFile(text: string): RecordFile {
  const texts = text.split('\n');
  if (texts.at(-1) === '') texts.pop();
  const lines: PlacedLine[] = [];
  const names = new Map<string, string>();
  for (const [i, it] of texts.entries()) {
    const fileLine = i + 1;
    if (it.length > MAX_RECORD_LINE) throw new RecordError(fileLine, 'too long');
    let json: unknown;
    try {
      json = JSON.parse(it);
    } catch {
      throw new RecordError(fileLine, 'not JSON');
    }
    if (typeof json === 'object' && json !== null && 'name' in json) {
      const { participant, name } = checked(RecordNameSchema, json, fileLine);
      names.set(participant, name);
      if (names.size > MAX_RECORD_NAMES)
        throw new RecordError(fileLine, `more than ${String(MAX_RECORD_NAMES)} names`);
    } else lines.push({ fileLine, line: checked(RecordLineSchema, json, fileLine) });
  }
  return { lines, names };
}

function checked<T>(schema: v.GenericSchema<unknown, T>, json: unknown, fileLine: number): T {
  const result = v.safeParse(schema, json);
  if (!result.success) throw new RecordError(fileLine, v.summarize(result.issues));
  return result.output;
}

/** The lines alone. @throws RecordError */
export const parseRecord = (text: string): readonly RecordLine[] =>
  parseRecordFile(text).lines.map(({ line }) => line);

export const printName = (name: RecordName): string => `${JSON.stringify(name)}\n`;
export const printRecord = (lines: readonly RecordLine[]): string =>
  lines.map((line) => `${JSON.stringify(line)}\n`).join('');
