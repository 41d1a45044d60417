import { randomBytes } from 'node:crypto';
import { LOG_ID_BYTES, type LogHash, type LogId } from '../protocol/ids.ts';
import { LIMITS } from '../protocol/limits.ts';
import { nextHash, originOf, type WireEntry } from '../protocol/wire/hashes.ts';
import { AppendError, type DeliveryLog, type LogStore } from './DeliveryLog.ts';

const sizeOf = (e: WireEntry): number => e.header.length + e.signature.length + e.payload.length;

/** A log in memory: gone with the process. */
export class MemoryLog implements DeliveryLog {
  readonly id: LogId;
  hash: LogHash;
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

  append(entry: WireEntry): Promise<number> {
    if (this.#entries.length >= this.#limit) {
      return Promise.reject(new AppendError('log_full', `this log holds ${String(this.#limit)} entries`));
    }
    if (sizeOf(entry) > LIMITS.entry) {
      return Promise.reject(new AppendError('entry_too_large', `${String(sizeOf(entry))} bytes`));
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
  readonly #logs = new Map<string, MemoryLog>();

  open(room: string): Promise<DeliveryLog> {
    let log = this.#logs.get(room);
    if (log === undefined) {
      log = new MemoryLog();
      this.#logs.set(room, log);
    }
    return Promise.resolve(log);
  }

  drop(room: string): Promise<void> {
    this.#logs.delete(room);
    return Promise.resolve();
  }
}
