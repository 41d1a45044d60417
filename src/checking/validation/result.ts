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
  /** Of TLC, its start included; of all runs that were judged with this one. */
  readonly seconds: number;
}

export interface ValidateOptions {
  /** Have TLC tell what the spec would have allowed where a record is refused. Default true. */
  readonly explain?: boolean;
  /** Kills TLC. */
  readonly signal?: AbortSignal;
}
