import { LogError } from '../DeliveryLog.ts';

const BUSY = [5, 6];

/** What primary result codes of SQLite mean to who runs the service. */
const MEANINGS: Readonly<Record<number, string>> = {
  ...Object.fromEntries(BUSY.map((code) => [code, 'another process holds the file'])),
  8: 'the file is read-only',
  10: 'the disk fails',
  13: 'the disk is full, or the file is as large as it may get',
  14: 'the file cannot be opened',
};
const CORRUPT = 11;
const NOT_A_DATABASE = 26;

/** The primary result code of SQLite; null where the error is none of SQLite's. */
function resultCode(error: unknown): number | null {
  if (typeof error !== 'object' || error === null) return null;
  if ('rawCode' in error && typeof error.rawCode === 'number') return error.rawCode & 0xff;
  // Opening fails without a code, which ends the message.
  const text = 'message' in error && typeof error.message === 'string' ? error.message : '';
  const code = /^ConnectionFailed\(.*: (\d+)"\)$/s.exec(text)?.[1];
  return code === undefined ? null : Number(code) & 0xff;
}

/** Whether another connection holds what was to be locked. */
export const isBusy = (error: unknown): boolean => BUSY.includes(resultCode(error) ?? 0);

/** What went wrong in the file, as one of the codes of a log. `doing`: what was tried, for people. */
export function logErrorOf(error: unknown, doing: string): LogError {
  if (error instanceof LogError) return error;
  const code = resultCode(error);
  const corrupt = code === CORRUPT || code === NOT_A_DATABASE;
  const meaning = corrupt ? 'the file is damaged' : code === null ? undefined : MEANINGS[code];
  const why = meaning ?? (error instanceof Error ? error.message : String(error));
  return new LogError(corrupt ? 'log_corrupt' : 'log_unavailable', `cannot ${doing}: ${why}`, {
    cause: error,
  });
}
