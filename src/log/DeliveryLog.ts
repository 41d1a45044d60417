import type { LogHash, LogId } from '../protocol/ids.ts';
import type { WireEntry } from '../protocol/wire/hashes.ts';

/** Why a log refuses an entry. */
export type AppendErrorCode = 'log_full' | 'entry_too_large';

export class AppendError extends Error {
  override readonly name = 'AppendError';
  readonly code: AppendErrorCode;

  constructor(code: AppendErrorCode, message: string) {
    super(`${code}: ${message}`);
    this.code = code;
  }
}

/**
 * One append-only, totally ordered log: the `log` of the spec. It orders bytes and judges none. Appends are
 * acknowledged (the promise resolves) once they are as durable as the implementation makes them, in order.
 */
export interface DeliveryLog {
  readonly id: LogId;
  /** How many entries are acknowledged. Positions count from 1. */
  readonly length: number;
  /** The hash of the log, all acknowledged entries included (`protocol/wire/hashes.ts`). */
  readonly hash: LogHash;
  /**
   * @returns the position of the entry.
   * @throws AppendError
   */
  append(entry: WireEntry): Promise<number>;
  /** Entries `from` (a position) and on, at most `limit` of them. */
  read(from: number, limit: number): Promise<readonly WireEntry[]>;
  /** Calls `listener` with every entry that is acknowledged from now on, in order. Gives the way to stop it. */
  subscribe(listener: (entry: WireEntry, position: number) => void): () => void;
}

/** Where the logs of all rooms are kept. */
export interface LogStore {
  /** Opens the log of a room, or starts it. */
  open(room: string): Promise<DeliveryLog>;
  /** Forgets the log of a room that has ended. */
  drop(room: string): Promise<void>;
}
