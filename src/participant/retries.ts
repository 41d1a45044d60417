/** What a session tries again, how often, and after how long. */
import type { ServiceErrorCode } from '../log/messages.ts';

/** Milliseconds before a lost connection is tried again: doubled each time, up to the last. */
export const RETRY_MS = [250, 500, 1_000, 2_000, 4_000] as const;
/** Closes a connection that is worth nothing more. Not 1000 or 1001, which would be a leave: the participant resumes. */
export const CLOSE_AND_RESUME = 4_000;
/** A participant that was declared gone or cannot follow is replaced, at most this often in a row. */
export const ATTEMPTS = 8;
/** A fresh participant joins in the place of one whose `join` was refused, so often in a row. */
export const JOIN_RETRIES = 3;
/** Steps after which a new participant counts as settled. */
export const SETTLED_STEPS = 50;

/** What the service refuses is sent so often again; then a new participant joins in its place. */
export const RESENDS = 1;

/** After these the same participant cannot come back: a new one joins. */
export const ANEW: readonly ServiceErrorCode[] = ['unknown_participant', 'id_used'];
/** After these there is no point in trying again. */
export const FINAL: readonly ServiceErrorCode[] = [
  'not_invited',
  'replaced',
  'room_full',
  'log_full',
  'log_corrupt',
];
/** Milliseconds after which what the log could not take is sent again; each time it is told. */
export const LOG_RETRY_MS = 5_000;
