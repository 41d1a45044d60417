import { randomBytes } from 'node:crypto';
import { closeSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Reading from 'libsql';
import Writing from 'libsql/promise';
import { LogError, STORE_SECRET_BYTES } from '../DeliveryLog.ts';
import { logErrorOf } from './errors.ts';

/** The file in the folder of the store. SQLite keeps two more beside it, with `-wal` and `-shm` at the end. */
export const FILE = 'calls.db';

/** Of the file header of SQLite: whose file it is (`DCcl`), and the version of `SCHEMA`. */
const APPLICATION_ID = 0x4443636c;
const VERSION = 1;

/** Milliseconds that a write waits for another process. A second service on the same file is an error of its operator. */
const BUSY_MS = 2_000;
/** Bytes that the write-ahead log keeps on the disk when it has been carried over into the file. */
const WAL_BYTES = 8 << 20;
const PAGE_BYTES = 4_096;

/**
 * `entries.place` is the number of the log and the position in one integer (see `rows.ts`): the entries of a log lie
 * beside each other, behind one index. What is small stands before the payload, so that headers are read alone. Nothing
 * that is read is TEXT: `libsql` ends the process for a text that is no UTF-8, as one in a damaged file may be.
 */
const SCHEMA = [
  'CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL)',
  'CREATE TABLE logs (number INTEGER PRIMARY KEY AUTOINCREMENT, room BLOB NOT NULL UNIQUE, id BLOB NOT NULL, ' +
    'invite BLOB, checksum BLOB NOT NULL)',
  'CREATE TABLE entries (place INTEGER PRIMARY KEY, hash BLOB NOT NULL, checksum BLOB NOT NULL, ' +
    'header BLOB NOT NULL, signature BLOB NOT NULL, payload BLOB NOT NULL)',
];

export type Row = Readonly<Record<string, unknown>>;
export type Value = string | number | Uint8Array | null;

/** A prepared statement that changes something. */
export interface Statement {
  /** Runs it at once: it changes pages in memory, `commit` brings them to the disk. */
  run(values: readonly Value[]): { readonly lastInsertRowid: number | bigint };
}

/** The parts of the promise API of `libsql` that are used; its own types say `any`. */
interface WritingConnection {
  exec(sql: string): Promise<void>;
  prepare(sql: string): Promise<Statement & { all(values: readonly Value[]): Promise<Row[]> }>;
  readonly inTransaction: boolean;
  close(): void;
}
type Prepared = Awaited<ReturnType<WritingConnection['prepare']>>;

/**
 * One SQLite file (WAL, synchronous=FULL) over two connections. Writes: statements change pages in memory on the event
 * loop, some microseconds each; `begin`, `commit` and `exec`, which wait for locks and for the disk, run on a thread of
 * libsql. Reads run on the event loop: they wait for no writer, and callers bound them.
 */
export class Database {
  readonly secret: Uint8Array;
  readonly #writing: WritingConnection;
  readonly #reading: Reading.Database;
  readonly #version: Prepared;
  readonly #reads = new Map<string, Reading.Statement>();

  private constructor(writing: WritingConnection, reading: Reading.Database, version: Prepared) {
    this.#writing = writing;
    this.#reading = reading;
    this.#version = version;
    const secret = this.all("SELECT value FROM meta WHERE name = 'secret'")[0]?.['value'];
    if (!(secret instanceof ArrayBuffer) || secret.byteLength !== STORE_SECRET_BYTES)
      throw new LogError('log_corrupt', 'the secret of the store is missing');
    this.secret = new Uint8Array(secret);
  }

  /**
   * Opens the file in `folder`, or makes it.
   *
   * @param maxBytes that the file may grow to; null: as the disk allows.
   * @throws LogError
   */
  static async open(folder: string, maxBytes: number | null): Promise<Database> {
    const path = join(folder, FILE);
    let writing: WritingConnection | null = null;
    let reading: Reading.Database | null = null;
    try {
      await findFile(folder, path);
      writing = connect(path);
      await setUp(writing, maxBytes);
      reading = new Reading(path, { timeout: BUSY_MS });
      return new Database(writing, reading, await writing.prepare('PRAGMA data_version'));
    } catch (error) {
      reading?.close();
      writing?.close();
      throw logErrorOf(error, `open ${path}`);
    }
  }

  /** Reads rows, on the event loop. What was committed is seen at once. */
  all(sql: string, ...values: readonly Value[]): Row[] {
    try {
      let statement = this.#reads.get(sql);
      if (statement === undefined) {
        statement = this.#reading.prepare(sql);
        this.#reads.set(sql, statement);
      }
      return statement.all([...values]) as Row[];
    } catch (error) {
      throw logErrorOf(error, 'read the log');
    }
  }

  prepare(sql: string): Promise<Statement> {
    return this.#writing.prepare(sql);
  }

  /** Runs what may take longer, off the event loop. */
  exec(sql: string): Promise<void> {
    return this.#writing.exec(sql);
  }

  begin(): Promise<void> {
    return this.exec('BEGIN IMMEDIATE');
  }

  /** Resolves once everything since `begin` is synced to the disk. */
  commit(): Promise<void> {
    return this.exec('COMMIT');
  }

  /** SQLite may have undone the transaction itself. */
  async rollback(): Promise<void> {
    if (this.#writing.inTransaction) await this.exec('ROLLBACK');
  }

  /** A number that is another one after another process has written to the file. */
  async version(): Promise<unknown> {
    return (await this.#version.all([]))[0]?.['data_version'];
  }

  /** Carries the write-ahead log over into the file, and closes. */
  async close(): Promise<void> {
    // Where that fails, the write-ahead log keeps what it has.
    await this.exec('PRAGMA wal_checkpoint(TRUNCATE)').catch(() => undefined);
    this.#reads.clear();
    this.#reading.close();
    this.#writing.close();
  }
}

const connect = (path: string): WritingConnection =>
  new Writing(path, { timeout: BUSY_MS }) as unknown as WritingConnection;

/** The first value of what a pragma answers. */
async function pragma(db: WritingConnection, text: string): Promise<unknown> {
  const rows = await (await db.prepare(`PRAGMA ${text}`)).all([]);
  return Object.values(rows[0] ?? {})[0];
}

/**
 * Makes the file where there is none. It has its name from the moment on when it is whole, so that a short or empty file
 * of that name, which SQLite would take for a new one, is a damaged one.
 */
async function findFile(folder: string, path: string): Promise<void> {
  const sizeOf = (file: string): number | null => statSync(file, { throwIfNoEntry: false })?.size ?? null;
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new LogError('log_unavailable', `there is no folder ${folder}`);
  const size = sizeOf(path);
  if (size === 0 || (size === null && (sizeOf(`${path}-wal`) ?? 0) > 0))
    throw new LogError('log_corrupt', `${path} is empty, or missing and its write-ahead log is not`);
  // Fails for a file that may not be written.
  if (size !== null) return closeSync(openSync(path, 'r+'));
  const unfinished = `${path}-new-${randomBytes(8).toString('hex')}`;
  // Its secret is nobody else's.
  closeSync(openSync(unfinished, 'wx', 0o600));
  try {
    await makeFile(unfinished);
    // Another process may have been quicker.
    if (sizeOf(path) === null) renameSync(unfinished, path);
  } finally {
    for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(`${unfinished}${suffix}`, { force: true });
  }
}

async function makeFile(path: string): Promise<void> {
  const db = connect(path);
  try {
    await pragma(db, 'auto_vacuum = INCREMENTAL');
    await pragma(db, 'synchronous = FULL');
    await db.exec('BEGIN IMMEDIATE');
    await db.exec(SCHEMA.join(';'));
    const secret = await db.prepare("INSERT INTO meta VALUES ('secret', ?)");
    secret.run([randomBytes(STORE_SECRET_BYTES)]);
    await db.exec(
      `PRAGMA application_id = ${String(APPLICATION_ID)}; PRAGMA user_version = ${String(VERSION)}`,
    );
    await db.exec('COMMIT');
  } finally {
    db.close();
  }
}

async function setUp(db: WritingConnection, maxBytes: number | null): Promise<void> {
  if ((await pragma(db, 'application_id')) !== APPLICATION_ID)
    throw new LogError('log_corrupt', 'not a file of this service');
  const version = await pragma(db, 'user_version');
  if (version !== VERSION) {
    const why = `the file is of version ${String(version)}, this program reads ${String(VERSION)}`;
    throw new LogError('log_unavailable', why);
  }
  const names = "'meta', 'logs', 'entries'";
  const tables = await db.prepare(
    `SELECT CAST(sql AS BLOB) AS sql FROM sqlite_schema WHERE name IN (${names})`,
  );
  const texts = (await tables.all([])).map(({ sql }) =>
    sql instanceof ArrayBuffer ? Buffer.from(sql).toString() : '',
  );
  if (texts.join() !== SCHEMA.join())
    throw new LogError('log_corrupt', 'the tables of the file are not those of this service');
  if ((await pragma(db, 'journal_mode = WAL')) !== 'wal')
    throw new LogError('log_unavailable', 'the file cannot have a write-ahead log where it is');
  await pragma(db, 'synchronous = FULL');
  if ((await pragma(db, 'synchronous')) !== 2)
    throw new LogError('log_unavailable', 'writes would not be synced');
  await pragma(db, `journal_size_limit = ${String(WAL_BYTES)}`);
  if (maxBytes !== null) await pragma(db, `max_page_count = ${String(Math.ceil(maxBytes / PAGE_BYTES))}`);
  // The whole structure: rows that it has lost, no checksum of a row tells.
  const found = await pragma(db, 'quick_check(1)');
  if (found !== 'ok') throw new LogError('log_corrupt', `the file is damaged: ${String(found)}`);
}
