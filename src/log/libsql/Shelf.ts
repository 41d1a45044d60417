import type { LogHash, LogId } from '../../protocol/ids.ts';
import { utf8 } from '../../protocol/wire/bytes.ts';
import { nextHash, type WireEntry } from '../../protocol/wire/hashes.ts';
import { LogError } from '../DeliveryLog.ts';
import type { Database, Row, Statement, Value } from './Database.ts';
import { logOfRow, valuesOfEntry, valuesOfLog, type LogRow } from './rows.ts';
import type { Writer } from './Writer.ts';

const INSERT_LOG = 'INSERT INTO logs (room, id, invite, checksum) VALUES (?, ?, ?, ?)';
const UPDATE_LOG = 'UPDATE logs SET room = ?, id = ?, invite = ?, checksum = ? WHERE number = ?';
const INSERT_ENTRY =
  'INSERT INTO entries (place, hash, checksum, header, signature, payload) VALUES (?, ?, ?, ?, ?, ?)';
const LOGS = 'SELECT number, room, id, invite, checksum FROM logs';

/** The questions to the file, and the changes to it: all the SQL of logs. Changes belong into `Writes.write`. */
export class Shelf {
  readonly writer: Writer;
  readonly #db: Database;
  readonly #insertLog: Statement;
  readonly #updateLog: Statement;
  readonly #insertEntry: Statement;

  private constructor(db: Database, writer: Writer, statements: readonly [Statement, Statement, Statement]) {
    this.#db = db;
    this.writer = writer;
    [this.#insertLog, this.#updateLog, this.#insertEntry] = statements;
  }

  static async open(db: Database, writer: Writer): Promise<Shelf> {
    const [insertLog, updateLog] = [await db.prepare(INSERT_LOG), await db.prepare(UPDATE_LOG)];
    return new Shelf(db, writer, [insertLog, updateLog, await db.prepare(INSERT_ENTRY)]);
  }

  /** All logs. @throws LogError `log_corrupt` */
  logs(): readonly LogRow[] {
    return this.#db.all(`${LOGS} ORDER BY number`).map(logOfRow);
  }

  /** @throws LogError `log_corrupt`, also where the room is in the list, and its index does not know of it. */
  find(room: string): LogRow | null {
    const [row] = this.#db.all(`${LOGS} WHERE room = ?`, utf8(room));
    if (row !== undefined) return logOfRow(row);
    if (this.logs().some((log) => log.room === room))
      throw new LogError('log_corrupt', 'the index of rooms is damaged');
    return null;
  }

  has(number: number): boolean {
    return this.#db.all('SELECT number FROM logs WHERE number = ?', number).length > 0;
  }

  /** Begins the log of a room. Gives its number in the file. */
  begin(room: string, id: LogId, inviteKey: string | null): number {
    const inserted = this.#insertLog.run(valuesOfLog({ number: 0, room, id, inviteKey }));
    const number = Number(inserted.lastInsertRowid);
    this.keepInvite(number, room, id, inviteKey);
    return number;
  }

  keepInvite(number: number, room: string, id: LogId, inviteKey: string | null): void {
    this.#updateLog.run([...valuesOfLog({ number, room, id, inviteKey }), number]);
  }

  /** Gives the hash of the log with the entry. */
  insert(place: number, before: LogHash, entry: WireEntry): LogHash {
    const hash = nextHash(before, entry);
    this.#insertEntry.run(valuesOfEntry(place, hash, entry));
    return hash;
  }

  /** Rows without payloads, at most `limit`. */
  headers(first: number, last: number, limit: number): readonly Row[] {
    const sql = `SELECT place, hash, header, signature FROM entries WHERE place BETWEEN ? AND ? ORDER BY place LIMIT ?`;
    return this.#db.all(sql, first, last, limit);
  }

  entries(first: number, last: number): readonly Row[] {
    const sql = `SELECT place, hash, checksum, header, signature, payload FROM entries WHERE place BETWEEN ? AND ? ORDER BY place`;
    return this.#db.all(sql, first, last);
  }

  /** Bytes of entries. */
  sizes(first: number, last: number): readonly number[] {
    const sql = `SELECT length(header) + length(signature) + length(payload) AS size FROM entries WHERE place BETWEEN ? AND ? ORDER BY place`;
    return this.#all(sql, 'size', first, last);
  }

  /** The first key from `place` on; null where there is none. */
  firstPlace(place: number): number | null {
    return this.#all('SELECT min(place) AS place FROM entries WHERE place >= ?', 'place', place)[0] ?? null;
  }

  /** Pages of the file that hold nothing. */
  freePages(): number {
    return this.#all('PRAGMA freelist_count', 'freelist_count')[0] ?? 0;
  }

  #all(sql: string, column: string, ...values: readonly Value[]): readonly number[] {
    return this.#db.all(sql, ...values).flatMap((row) => {
      const value = row[column];
      return typeof value === 'number' ? [value] : [];
    });
  }
}
