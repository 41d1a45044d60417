import { fileURLToPath } from 'node:url';
import { runTlc, type TlcResult } from '../tlc/index.ts';
import { ValidationError } from './errors.ts';
import { explain, type Explanation } from './explain.ts';
import { readLines, type BadLine, type RecordText } from './lines.ts';
import { mergeRun, type MergedEvent } from './merge.ts';
import { ModuleWriter, RECORD_MODULE } from './module.ts';

/** The first line that is not a behaviour of the spec. */
export interface RefusedLine {
  readonly file: string;
  /** From 1, in its file. */
  readonly fileLine: number;
  /** Null where the line cannot be read. */
  readonly participant: string | null;
  /** From 1, among its participant's. */
  readonly line: number | null;
  readonly reason: string;
  /** What the spec would have allowed this participant, or the service for it, instead. */
  readonly allowed: readonly string[];
}

/** The verdict on the records of one run. */
export interface Validation {
  readonly accepted: boolean;
  readonly files: readonly { readonly file: string; readonly lines: number }[];
  readonly lines: number;
  readonly participants: number;
  /** Entries of the log. */
  readonly entries: number;
  /** Actions and observations that the lines come to. */
  readonly events: number;
  /** How many of them are a behaviour, from the first on. */
  readonly taken: number;
  /** Participants whose record stops without an end and that the service declared gone: each got a Crash. */
  readonly crashes: readonly string[];
  /** Participants whose connection was lost, as far as the log shows: each got a Lose. */
  readonly losses: readonly string[];
  /** Participants that sent a draft again, as far as the log shows: each got a Resend. */
  readonly resends: readonly string[];
  readonly refused: RefusedLine | null;
  /** Of TLC, its start included. */
  readonly seconds: number;
}

export interface ValidateOptions {
  /** Ask TLC what the spec would have allowed where the record is refused: a second run. Default true. */
  readonly explain?: boolean;
  /** Kills TLC. */
  readonly signal?: AbortSignal;
}

const SPEC = fileURLToPath(new URL('../../../spec/TraceValidation.tla', import.meta.url));

/**
 * Has TLC decide whether the records of one run, of all its participants, are a behaviour of the spec.
 *
 * @throws ValidationError where there is nothing to judge or TLC could not judge it, TlcError where TLC could not run.
 */
export async function validateRecords(
  texts: readonly RecordText[],
  options: ValidateOptions = {},
): Promise<Validation> {
  const { sources, bad } = readLines(texts);
  const files = texts.map(({ name }) => ({
    file: name,
    lines: sources.filter(({ file }) => file === name).length,
  }));
  const lines = sources.length;
  if (bad !== null) return { ...NOTHING, files, lines, refused: unreadable(bad) };

  const run = mergeRun(sources);
  const writer = new ModuleWriter(run);
  const judged = await tlc(writer, 0, options);
  const taken = judged.statesDistinct - 1;
  const counts = {
    files,
    lines,
    participants: run.participants.length,
    entries: run.log.length,
    events: run.events.length,
    taken,
    crashes: run.crashes,
    losses: run.losses,
    resends: run.resends,
  };
  const culprit = run.events[taken];
  if (culprit === undefined) return { ...counts, accepted: true, refused: null, seconds: judged.seconds };

  const name = `${culprit.action}(${writer.name(culprit.participant)})`;
  const short = { reason: `${name} is no step of the spec there, or not as the line has it`, allowed: [] };
  if (options.explain === false) {
    return { ...counts, accepted: false, refused: refusedLine(culprit, short), seconds: judged.seconds };
  }
  const explained = await tlc(writer, taken + 1, options);
  const refused = refusedLine(culprit, explain(culprit, explained.output, writer));
  return { ...counts, accepted: false, refused, seconds: judged.seconds + explained.seconds };
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

function refusedLine({ source }: MergedEvent, explanation: Explanation): RefusedLine {
  const { file, fileLine, line } = source;
  return { file, fileLine, participant: line.participant, line: line.line, ...explanation };
}

async function tlc(writer: ModuleWriter, target: number, { signal }: ValidateOptions): Promise<TlcResult> {
  const { spec, config } = writer.write(target);
  const result = await runTlc({
    spec: SPEC,
    config: 'TraceValidation.cfg',
    // The number of states says how far the record goes. A deadlock would have TLC print every state up to it.
    deadlock: false,
    extraFiles: { [`${RECORD_MODULE}.tla`]: spec, 'TraceValidation.cfg': config },
    ...(signal && { signal }),
  });
  if (result.outcome.kind !== 'holds') {
    const message = result.outcome.kind === 'error' ? result.outcome.message : result.outcome.property;
    throw new ValidationError('validation/tlc', `TLC could not judge the record: ${message.slice(0, 2_000)}`);
  }
  return result;
}
