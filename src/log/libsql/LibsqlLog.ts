import type { LogHash, LogId } from '../../protocol/ids.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { originOf, type WireEntry } from '../../protocol/wire/hashes.ts';
import { LogError, sizeOf, type DeliveryLog } from '../DeliveryLog.ts';
import { logErrorOf } from './errors.ts';
import { Pending } from './Pending.ts';
import { entryOfRow, hashAfterRow, lastPlaceOf, placeOf } from './rows.ts';
import type { Shelf } from './Shelf.ts';
import type { Writes } from './Writer.ts';

/** Rows that are checked at a time when a log is opened; other work goes on between. */
const CHECKED_AT_ONCE = 512;
/** Bytes of entries that are read at a time, and written into one transaction; at least one entry is. */
const BYTES_AT_ONCE = 4 << 20;
/** Entries of one log in one transaction. */
const ENTRIES_AT_ONCE = 256;
/** Bytes of one log that may wait to be written. */
const WAITING_BYTES = 64 << 20;

/** How far a log goes. */
interface End {
  readonly length: number;
  readonly hash: LogHash;
}

/** An entry that stands in the transaction, and whose `append` it was: null where another process wrote it. */
interface Drafted {
  readonly entry: WireEntry;
  readonly end: End;
  readonly pending: Pending | null;
}

/** The log of one room in a `LibsqlLogStore`. */
export class LibsqlLog implements DeliveryLog, Writes {
  readonly id: LogId;
  readonly #shelf: Shelf;
  readonly #room: string;
  readonly #limit: number;
  readonly #listeners = new Set<(entry: WireEntry, position: number) => void>();
  /** In the file; null before the first entry is. */
  #number: number | null = null;
  #inviteKey: string | null = null;
  #inviteIsKept = true;
  /** What is acknowledged. */
  #end: End;
  /** What stands in the transaction, in order, and what of it is refused. */
  #drafted: Drafted[] = [];
  #refused: [Pending, LogError][] = [];
  #waiting: Pending[] = [];
  #waitingBytes = 0;
  #generation = -1;
  /** Why nothing can be written any more. */
  #over: LogError | null = null;

  constructor(shelf: Shelf, room: string, id: LogId, limit: number) {
    this.#shelf = shelf;
    this.#room = room;
    this.#limit = limit;
    this.id = id;
    this.#end = { length: 0, hash: originOf(id) };
  }

  get length(): number {
    return this.#end.length;
  }

  get hash(): LogHash {
    return this.#end.hash;
  }

  get inviteKey(): string | null {
    return this.#inviteKey;
  }

  keepInviteKey(key: string): void {
    if (key === this.#inviteKey) return;
    this.#inviteKey = key;
    this.#inviteIsKept = false;
  }

  /** Reads how far the log goes and checks each header and hash on the way. @throws LogError `log_corrupt` */
  async restore(number: number, inviteKey: string | null): Promise<void> {
    this.#number = number;
    this.#inviteKey = inviteKey;
    for (;;) {
      const rows = this.#shelf.headers(
        placeOf(number, this.length + 1),
        lastPlaceOf(number),
        CHECKED_AT_ONCE,
      );
      for (const row of rows) {
        const length = this.length + 1;
        this.#end = { length, hash: hashAfterRow(this.hash, row, placeOf(number, length)) };
      }
      if (rows.length < CHECKED_AT_ONCE) break;
      await new Promise((resolve) => setImmediate(resolve));
    }
    // It was written with its first entry.
    if (this.length === 0) throw new LogError('log_corrupt', 'a log that was kept has no entries');
  }

  append(entry: WireEntry, position?: number): Promise<number> {
    const size = sizeOf(entry);
    if (this.#over !== null) return Promise.reject(this.#over);
    if (size > LIMITS.entry) return Promise.reject(new LogError('entry_too_large', `${String(size)} bytes`));
    if (this.#waitingBytes + size > WAITING_BYTES)
      return Promise.reject(new LogError('log_unavailable', 'too much waits to be written'));
    this.#waitingBytes += size;
    return new Promise((resolve, reject) => {
      this.#waiting.push(new Pending(entry, size, position ?? null, resolve, reject));
      this.#shelf.writer.add(this);
    });
  }

  read(from: number, limit: number): Promise<readonly WireEntry[]> {
    try {
      if (this.#number === null) return Promise.resolve([]);
      if (this.#over !== null) return Promise.reject(this.#over);
      return Promise.resolve(this.#read(from, Math.min(this.length, from - 1 + limit)));
    } catch (error) {
      return Promise.reject(logErrorOf(error, 'read the log'));
    }
  }

  subscribe(listener: (entry: WireEntry, position: number) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Nothing more is appended or read. */
  end(why: LogError): void {
    this.#over ??= why;
    for (const pending of this.#take(this.#waiting.length)) pending.reject(this.#over);
  }

  write(): void {
    const before = this.#drafted.length;
    let bytes = 0;
    if (this.#generation !== this.#shelf.writer.generation && !this.#isFound()) return;
    while (this.#waiting.length > 0 && this.#drafted.length - before < ENTRIES_AT_ONCE) {
      bytes += this.#waiting[0]?.size ?? 0;
      if (bytes > BYTES_AT_ONCE && this.#drafted.length > before) return;
      for (const pending of this.#take(1)) this.#tryDraft(pending);
    }
  }

  written(): void {
    for (const { entry, end, pending } of this.#drafted.splice(0)) {
      this.#end = end;
      try {
        for (const listener of this.#listeners) listener(entry, end.length);
        pending?.resolve(end.length);
      } catch (error) {
        pending?.reject(error);
      }
    }
    this.#settleRefused();
  }

  undone(error: LogError | null): void {
    const drafted = this.#drafted.splice(0).flatMap(({ pending }) => pending ?? []);
    if (this.#end.length === 0) this.#number = null;
    this.#inviteIsKept = false;
    this.#generation = -1;
    if (error === null) {
      this.#waiting.unshift(...drafted);
      for (const { size } of drafted) this.#waitingBytes += size;
    } else for (const pending of [...drafted, ...this.#take(this.#waiting.length)]) pending.reject(error);
    this.#settleRefused();
  }

  #settleRefused(): void {
    for (const [pending, error] of this.#refused.splice(0)) pending.reject(error);
    if (this.#waiting.length > 0) this.#shelf.writer.add(this);
  }

  #take(count: number): Pending[] {
    const taken = this.#waiting.splice(0, count);
    for (const { size } of taken) this.#waitingBytes -= size;
    return taken;
  }

  /** How far the log goes with all that stands in the transaction. */
  get #drafts(): End {
    return this.#drafted.at(-1)?.end ?? this.#end;
  }

  #tryDraft(pending: Pending): void {
    try {
      this.#draft(pending);
    } catch (error) {
      this.#refused.push([pending, logErrorOf(error, 'write the log')]);
      throw error;
    }
  }

  #draft(pending: Pending): void {
    const { length } = this.#drafts;
    const error = pending.refusal(length, this.#limit);
    if (error !== null) {
      this.#refused.push([pending, error]);
      return;
    }
    const number = (this.#number ??= this.#shelf.begin(this.#room, this.id, this.#inviteKey));
    if (!this.#inviteIsKept) this.#shelf.keepInvite(number, this.#room, this.id, this.#inviteKey);
    this.#inviteIsKept = true;
    const { entry } = pending;
    const hash = this.#shelf.insert(placeOf(number, length + 1), this.#drafts.hash, entry);
    this.#drafted.push({ entry, end: { length: length + 1, hash }, pending });
  }

  /** Looks up what others have written to this log; false, and all that waits is refused, where it is gone or damaged. */
  #isFound(): boolean {
    try {
      const row = this.#shelf.find(this.#room);
      if ((row?.number ?? null) !== this.#number || (row !== null && row.id !== this.id))
        throw new LogError('log_unavailable', 'another process dropped this log, or began another one');
      if (this.#number !== null) this.#follow(this.#number);
      this.#generation = this.#shelf.writer.generation;
      return true;
    } catch (error) {
      const why = logErrorOf(error, 'read the log');
      this.#drafted = [];
      this.#refused.push(...this.#take(this.#waiting.length).map((it): [Pending, LogError] => [it, why]));
      return false;
    }
  }

  #follow(number: number): void {
    for (;;) {
      const { length, hash } = this.#drafts;
      const place = placeOf(number, length + 1);
      const [row] = this.#shelf.entries(place, place);
      if (row === undefined) return;
      const end = { length: length + 1, hash: hashAfterRow(hash, row, place) };
      this.#drafted.push({ entry: entryOfRow(row), end, pending: null });
    }
  }

  #read(from: number, to: number): WireEntry[] {
    if (this.#number === null || from > to) return [];
    const first = placeOf(this.#number, from);
    const sizes = this.#shelf.sizes(first, placeOf(this.#number, to));
    let bytes = 0;
    const count = sizes.findIndex((size, i) => (bytes += size) > BYTES_AT_ONCE && i > 0);
    const last = count === -1 ? to : from + count - 1;
    const rows = this.#shelf.entries(first, placeOf(this.#number, last));
    if (rows.length !== last - from + 1)
      throw new LogError('log_corrupt', `entries from ${String(from)} to ${String(last)} are missing`);
    return rows.map(entryOfRow);
  }
}
