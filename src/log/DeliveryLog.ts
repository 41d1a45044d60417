import type { LogHash, LogId } from '../protocol/ids.ts';
import type { WireEntry } from '../protocol/wire/hashes.ts';

/** Why a log or a store refuses. Stable codes. */
export type LogErrorCode =
  /** This log takes no entry more, ever. */
  | 'log_full'
  | 'entry_too_large'
  /** Compare-and-append: another entry has the position that was asked for. */
  | 'position_taken'
  /** It cannot be read or written now: a full disk, a read-only file, a log that was dropped. It may be tried again. */
  | 'log_unavailable'
  /** What is kept is not what was acknowledged. Nothing that is tried again will help. */
  | 'log_corrupt';

export class LogError extends Error {
  override readonly name = 'LogError';
  readonly code: LogErrorCode;

  constructor(code: LogErrorCode, message: string, options?: ErrorOptions) {
    super(`${code}: ${message}`, options);
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
  /** The public half of the invite key of the room, hex: without it nobody can read who is in the room. Null: not known. */
  readonly inviteKey: string | null;
  /** Keeps the invite key with the log. It is as durable as the next entry that is appended. */
  keepInviteKey(key: string): void;
  /**
   * @param position compare-and-append: the entry is appended at this position, or not at all. Default: at the end.
   * @returns the position of the entry.
   * @throws LogError
   */
  append(entry: WireEntry, position?: number): Promise<number>;
  /**
   * Entries `from` (a position) and on: at least one where there is one, at most `limit` of them, fewer where they are
   * large.
   *
   * @throws LogError
   */
  read(from: number, limit: number): Promise<readonly WireEntry[]>;
  /** Calls `listener` with every entry that is acknowledged from now on, in order. Gives the way to stop it. */
  subscribe(listener: (entry: WireEntry, position: number) => void): () => void;
}

/** Where the logs of all rooms are kept. */
export interface LogStore {
  /** 32 bytes that nobody else knows; they last as long as the logs do. Resume tokens are made from them. */
  readonly secret: Uint8Array;
  /** Opens the log of a room, or starts it. @throws LogError */
  open(room: string): Promise<DeliveryLog>;
  /** Forgets the log of a room that has ended. @throws LogError */
  drop(room: string): Promise<void>;
  /** The rooms whose logs are kept, open or not. @throws LogError */
  rooms(): Promise<readonly string[]>;
}

/** Bytes of `LogStore.secret`. */
export const STORE_SECRET_BYTES = 32;

/** Bytes of an entry, as `LIMITS.entry` counts them. */
export const sizeOf = (e: WireEntry): number => e.header.length + e.signature.length + e.payload.length;
