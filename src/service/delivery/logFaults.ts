import { LogError, type LogErrorCode } from '../../log/DeliveryLog.ts';
import type { ServiceErrorCode } from '../../log/messages.ts';
import { Refused } from './admission.ts';

/** What participants are told of what a log refuses. */
const CODES: Readonly<Record<LogErrorCode, ServiceErrorCode>> = {
  log_full: 'log_full',
  entry_too_large: 'entry_refused',
  position_taken: 'entry_refused',
  log_unavailable: 'log_unavailable',
  log_corrupt: 'log_corrupt',
};

const TEXTS: Readonly<Partial<Record<LogErrorCode, string>>> = {
  log_unavailable:
    'The service cannot write its log. Who is in the call stays in it; nobody can join or leave it until that is mended.',
  log_corrupt: 'What the service has kept of this call is damaged. The call cannot go on: begin a new one.',
};

/** As participants are told of it: in words that name no file and no disk of the service. */
export const toldOf = (error: LogError): Refused =>
  new Refused(CODES[error.code], TEXTS[error.code] ?? error.message);

/** Why a room does not open. */
export const notOpened = (error: unknown): Refused =>
  error instanceof LogError ? toldOf(error) : new Refused('server_full', 'too many rooms');

/** Whether it may go better by and by. */
export const mayPass = (error: unknown): boolean =>
  error instanceof LogError && error.code === 'log_unavailable';
