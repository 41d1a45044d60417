import { fileURLToPath } from 'node:url';
import { runTlc, type TlcResult } from '../tlc/index.ts';
import { ValidationError } from './errors.ts';
import { explain, readTold, type Explanation, type Told } from './explain.ts';
import type { MergedEvent, MergedRun } from './merge.ts';
import { RECORD_MODULE, writeModule, type RecordModule } from './module.ts';
import type { RefusedLine, ValidateOptions, Validation } from './result.ts';
import type { Words } from './words.ts';

const SPEC = fileURLToPath(new URL('../../../spec/TraceValidation.tla', import.meta.url));
/** Beyond, Java's second compiler is worth its time. */
const SHORT_RUN = 50_000;

/** What TLC says of a run. */
export type Verdict = Omit<Validation, 'files' | 'lines'>;

/**
 * Has TLC judge merged runs, all at once.
 *
 * @param explains whether it is to tell what the spec would have allowed where it refuses.
 * @throws ValidationError `validation/tlc`, TlcError
 */
export async function judge(
  runs: readonly MergedRun[],
  explains: boolean,
  options: ValidateOptions,
): Promise<Verdict[]> {
  const module = writeModule(runs, explains);
  const { output, statesDistinct, seconds } = await tlc(module, options);
  const told = readTold(output);
  const taken = new Set<number>();
  const verdicts = runs.map(({ participants, log, events, crashes, losses, resends }, i): Verdict => {
    const path = module.paths[i]!;
    const refusedAt = path.findIndex((number) => told.has(number));
    const accepted = refusedAt === -1;
    for (const number of accepted ? path : path.slice(0, refusedAt)) taken.add(number);
    return {
      ...{ accepted, participants: participants.length, entries: log.length, events: events.length },
      ...{ taken: accepted ? path.length : refusedAt, crashes, losses, resends, seconds },
      refused: accepted
        ? null
        : refusedLine(
            events[refusedAt]!,
            explains ? told.get(path[refusedAt]!) : undefined,
            module.words[i]!,
          ),
    };
  });
  // What TLC told and what it counted are the same, or some of what it told was lost.
  if (taken.size !== statesDistinct - 1) {
    throw new ValidationError(
      'validation/tlc',
      `TLC took ${statesDistinct - 1} events, and told that it took ${taken.size}`,
    );
  }
  return verdicts;
}

function refusedLine(event: MergedEvent, told: Told | undefined, words: Words): RefusedLine {
  const { file, fileLine, line } = event.source;
  const name = `${event.action}(${words.name(event.participant)})`;
  const short = { reason: `${name} is no step of the spec there, or not as the line has it`, allowed: [] };
  const explanation: Explanation = told === undefined ? short : explain(event, told, words);
  return { file, fileLine, participant: line.participant, line: line.line, ...explanation };
}

async function tlc({ spec, config, steps }: RecordModule, { signal }: ValidateOptions): Promise<TlcResult> {
  const result = await runTlc({
    spec: SPEC,
    config: 'TraceValidation.cfg',
    // Where a record is refused nothing follows. TLC would print every state up to there.
    deadlock: false,
    short: steps < SHORT_RUN,
    extraFiles: { [`${RECORD_MODULE}.tla`]: spec, 'TraceValidation.cfg': config },
    ...(signal && { signal }),
  });
  if (result.outcome.kind !== 'holds') {
    const message = result.outcome.kind === 'error' ? result.outcome.message : result.outcome.property;
    throw new ValidationError('validation/tlc', `TLC could not judge the record: ${message.slice(0, 2_000)}`);
  }
  return result;
}
