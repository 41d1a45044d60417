/** What the service says of itself while it runs: events with figures and codes, and nothing that names anybody. */

export type LogLevel = 'error' | 'warn' | 'info' | 'debug' | 'trace';

/**
 * All that a line of the log may hold besides its event. There is no field for an id, an address, a name, a key or a
 * text of somebody else: a line cannot hold what has no field.
 */
export interface LogFields {
  /** The number of a connection, counted from the start of the service. */
  readonly connection?: number;
  /** The type of a message of ours. */
  readonly type?: string;
  /** Bytes. */
  readonly bytes?: number;
  /** A code of ours: of an error, or of what was refused. */
  readonly code?: string;
  readonly detail?: string;
  /** A close code (RFC 6455 section 7.4) or an HTTP status. */
  readonly status?: number;
  /** How many there are. */
  readonly participants?: number;
  readonly connections?: number;
  readonly rooms?: number;
  readonly port?: number;
  readonly milliseconds?: number;
  /** Where in our code something failed: file and line. */
  readonly at?: string;
}

/** Takes an event; never throws. */
export type ServiceLog = (level: LogLevel, event: string, fields?: LogFields) => void;

/** Codes, types and names of errors: letters and underscores. No hex, base64, address or sentence looks so. */
const WORD = /^[A-Za-z_]{1,40}$/;
const PLACE = /^[\w.-]{1,60}:\d{1,6}$/;

const NUMBERS = [
  'connection',
  'bytes',
  'status',
  'participants',
  'connections',
  'rooms',
  'port',
  'milliseconds',
];
const WORDS = ['type', 'code', 'detail'];

/** The fields that may be written, as they may be: whatever else an object carries stays out. */
export function writable(fields: Readonly<Record<string, unknown>>): Record<string, string | number> {
  const written: Record<string, string | number> = {};
  for (const name of NUMBERS) {
    const value = fields[name];
    if (typeof value === 'number') written[name] = value;
  }
  for (const name of WORDS) {
    const value = fields[name];
    if (typeof value === 'string') written[name] = WORD.test(value) ? value : 'not_written';
  }
  const { at } = fields;
  if (typeof at === 'string' && PLACE.test(at)) written['at'] = at;
  return written;
}

/** An error as a log may tell it: what it is called, and where it was thrown. Its message may quote anything. */
export function faultOf(error: unknown): LogFields {
  if (!(error instanceof Error)) return { code: 'unknown' };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  const [, at] = /([\w.-]+:\d+):\d+\)?$/m.exec(error.stack ?? '') ?? [];
  return { code, ...(at !== undefined && { at }) };
}

/** Says nothing. */
export const silent: ServiceLog = () => undefined;
