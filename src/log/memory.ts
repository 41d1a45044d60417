import { randomBytes } from 'node:crypto';
import { LOG_ID_BYTES, type LogHash, type LogId } from '../protocol/ids.ts';
import { LIMITS } from '../protocol/limits.ts';
import { nextHash, originOf, type WireEntry } from '../protocol/wire/hashes.ts';
import { LogError, sizeOf, STORE_SECRET_BYTES, type DeliveryLog, type LogStore } from './DeliveryLog.ts';

/** A log in memory: gone with the process. */
export class MemoryLog implements DeliveryLog {
  readonly id: LogId;
  hash: LogHash;
  inviteKey: string | null = null;
  readonly #entries: WireEntry[] = [];
  readonly #listeners = new Set<(entry: WireEntry, position: number) => void>();
  readonly #limit: number;

  constructor(id: LogId = randomBytes(LOG_ID_BYTES).toString('hex'), limit: number = LIMITS.entries) {
    this.id = id;
    this.hash = originOf(id);
    this.#limit = limit;
  }

  get length(): number {
    return this.#entries.length;
  }

  keepInviteKey(key: string): void {
    this.inviteKey = key;
  }

  append(entry: WireEntry, at: number = this.length + 1): Promise<number> {
    if (this.#entries.length >= this.#limit) {
      return Promise.reject(new LogError('log_full', `this log holds ${String(this.#limit)} entries`));
    }
    if (sizeOf(entry) > LIMITS.entry) {
      return Promise.reject(new LogError('entry_too_large', `${String(sizeOf(entry))} bytes`));
    }
    if (at !== this.length + 1) {
      return Promise.reject(
        new LogError('position_taken', `${String(at)}, where ${String(this.length + 1)} comes next`),
      );
    }
    this.hash = nextHash(this.hash, entry);
    const position = this.#entries.push(entry);
    for (const listener of this.#listeners) listener(entry, position);
    return Promise.resolve(position);
  }

  read(from: number, limit: number): Promise<readonly WireEntry[]> {
    return Promise.resolve(this.#entries.slice(from - 1, from - 1 + limit));
  }

  subscribe(listener: (entry: WireEntry, position: number) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** Logs in memory, one a room. */
export class MemoryLogStore implements LogStore {
  readonly secret: Uint8Array = randomBytes(STORE_SECRET_BYTES);
  readonly #logs = new Map<string, MemoryLog>();
  readonly #limit: number;

  /** @param limit entries of one log. */
  constructor(limit: number = LIMITS.entries) {
    this.#limit = limit;
  }

  open(room: string): Promise<DeliveryLog> {
    let log = this.#logs.get(room);
    if (log === undefined) {
      log = new MemoryLog(undefined, this.#limit);
      this.#logs.set(room, log);
    }
    return Promise.resolve(log);
  }

  drop(room: string): Promise<void> {
    this.#logs.delete(room);
    return Promise.resolve();
  }

  rooms(): Promise<readonly string[]> {
    return Promise.resolve([...this.#logs.keys()]);
  }
}
