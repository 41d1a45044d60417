import { printName, RECORD_VERSION } from '../../src/trace/record.ts';
import type { ParticipantId } from '../../src/protocol/ids.ts';

/**
 * A recording with a line for each name before it, for who asked for names. Without this there is none in it.
 *
 * @param lines NDJSON, as the worker gives it; an empty one stays empty.
 */
export function withNames(lines: string, names: ReadonlyMap<ParticipantId, string>): string {
  if (lines === '') return lines;
  return (
    [...names].map(([participant, name]) => printName({ v: RECORD_VERSION, participant, name })).join('') +
    lines
  );
}
