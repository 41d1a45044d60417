import { randomBytes } from 'node:crypto';
import { LOG_ID_BYTES } from '../../protocol/ids.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { LogError, type DeliveryLog, type LogStore } from '../DeliveryLog.ts';
import { Database } from './Database.ts';
import { LibsqlLog } from './LibsqlLog.ts';
import { Shelf } from './Shelf.ts';
import { Sweeper } from './Sweeper.ts';
import { Writer } from './Writer.ts';

/** Where a store keeps its file, and how much of it. */
export interface LibsqlOptions {
  /** A folder that is there, on a local disk: one for each service. The file in it is `calls.db`. */
  readonly folder: string;
  /** Bytes that the file may grow to; behind them appends fail as on a full disk. Default: as the disk allows. */
  readonly maxBytes?: number;
  /** Entries of one log. Default `LIMITS.entries`. */
  readonly entries?: number;
}

const CLOSED = new LogError('log_unavailable', 'the store is closed');
const DROPPED = new LogError('log_unavailable', 'the log was dropped');

/**
 * Logs of all rooms in one SQLite file. An entry is acknowledged once it is synced to the disk: neither a process that is
 * killed nor a machine that loses its power loses it, as far as the disk keeps what it says it has. What is read is
 * checked against hashes: an entry is as it was written, or the error is `log_corrupt`, and only of its own log.
 *
 * Two processes on one file append at different positions (see `DeliveryLog.append`); each hears of what the other one
 * wrote when it next writes to the same log. One service is to have one file: `lockFolder` sees to it.
 *
 * **Backup.** While it runs: `sqlite3 calls.db "VACUUM INTO 'copy.db'"`, or `.backup` of the same tool. Never copy the
 * file alone: what was acknowledged last is in `calls.db-wal`. When the service has stopped by SIGTERM, the folder can be
 * copied as it is. Calls that go on after the copy was made do not go on from it: their participants have read further
 * than the copy goes, and it is for new calls. The copy says who was in which room, and its secret resumes any
 * participant's connection: keep it as private as the file. It holds no key of a call.
 *
 * **Upgrade.** Stop the service, keep a copy, start the new version. A file of another version is refused
 * (`log_unavailable`, with both versions) and left as it is. Rooms last as long as their calls, so a new folder will do.
 */
export class LibsqlLogStore implements LogStore {
  readonly secret: Uint8Array;
  readonly #db: Database;
  readonly #writer: Writer;
  readonly #shelf: Shelf;
  readonly #sweeper: Sweeper;
  readonly #limit: number;
  readonly #logs = new Map<string, Promise<LibsqlLog>>();
  readonly #drops = new Map<string, Promise<void>>();
  #isClosed = false;

  private constructor(db: Database, writer: Writer, shelf: Shelf, limit: number) {
    this.#db = db;
    this.#writer = writer;
    this.#shelf = shelf;
    this.#sweeper = new Sweeper(db, writer, shelf);
    this.#limit = limit;
    this.secret = db.secret;
  }

  /**
   * @throws LogError `log_unavailable` where the folder is missing, or the file cannot be opened and written; `log_corrupt`
   * where it is no file of a store, or the list of its rooms is damaged.
   */
  static async open({ folder, maxBytes, entries = LIMITS.entries }: LibsqlOptions): Promise<LibsqlLogStore> {
    const db = await Database.open(folder, maxBytes ?? null);
    const writer = new Writer(db);
    try {
      const store = new LibsqlLogStore(db, writer, await Shelf.open(db, writer), entries);
      // Reads them all.
      store.#shelf.logs();
      store.#sweeper.start();
      return store;
    } catch (error) {
      await db.close();
      throw error;
    }
  }

  /** The same log each time, until it is dropped. Nothing is written before its first entry. */
  open(room: string): Promise<DeliveryLog> {
    if (this.#isClosed) return Promise.reject(CLOSED);
    let log = this.#logs.get(room);
    if (log === undefined) {
      const opening = this.#open(room);
      log = opening;
      this.#logs.set(room, log);
      opening.catch(() => {
        if (this.#logs.get(room) === opening) this.#logs.delete(room);
      });
    }
    return log;
  }

  async #open(room: string): Promise<LibsqlLog> {
    await this.#drops.get(room)?.catch(() => undefined);
    const row = this.#shelf.find(room);
    const id = row?.id ?? randomBytes(LOG_ID_BYTES).toString('hex');
    const log = new LibsqlLog(this.#shelf, room, id, this.#limit);
    if (row !== null) await log.restore(row.number, row.inviteKey);
    return log;
  }

  /** Resolves when the space of the log can be used again. */
  drop(room: string): Promise<void> {
    if (this.#isClosed) return Promise.reject(CLOSED);
    const log = this.#logs.get(room);
    this.#logs.delete(room);
    const drop = this.#drop(room, log).finally(() => {
      if (this.#drops.get(room) === drop) this.#drops.delete(room);
    });
    this.#drops.set(room, drop);
    return drop;
  }

  async #drop(room: string, log: Promise<LibsqlLog> | undefined): Promise<void> {
    (await log?.catch(() => undefined))?.end(DROPPED);
    await this.#sweeper.drop(room);
  }

  async rooms(): Promise<readonly string[]> {
    return this.#shelf.logs().map(({ room }) => room);
  }

  /** Writes what waits, and closes the file. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#sweeper.stop();
    await this.#writer.idle();
    for (const log of this.#logs.values()) (await log.catch(() => undefined))?.end(CLOSED);
    await this.#db.close();
  }
}
