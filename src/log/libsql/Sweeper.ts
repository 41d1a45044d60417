import type { LogError } from '../DeliveryLog.ts';
import type { Database } from './Database.ts';
import { lastPlaceOf, logOf, placeOf } from './rows.ts';
import type { Shelf } from './Shelf.ts';
import type { Writer } from './Writer.ts';

/** Entries that are deleted in one transaction: appends go on between. */
const DELETED_AT_ONCE = 256;
/** Pages that are given back in one transaction, and that the file keeps for what comes next. */
const PAGES_AT_ONCE = 512;
const PAGES_KEPT = 256;

/** Drops logs, and gives their space back to the disk, in small steps between the appends of others. */
export class Sweeper {
  readonly #db: Database;
  readonly #writer: Writer;
  readonly #shelf: Shelf;
  #stopped = false;
  #turn: Promise<void> = Promise.resolve();
  /** Resolves when nothing is being swept. */
  #idle: Promise<unknown> = Promise.resolve();

  constructor(db: Database, writer: Writer, shelf: Shelf) {
    this.#db = db;
    this.#writer = writer;
    this.#shelf = shelf;
  }

  /** Sweeps what was dropped and not swept when the last process ended. What fails is left for the next start. */
  start(): void {
    this.#track(this.#inTurn(() => this.#sweep()));
  }

  /** What is not swept is left for the next start. Resolves when nothing is on its way any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#idle;
  }

  /** From the first step on the room has no log. Numbers of logs are used once, so the entries are nobody's. */
  drop(room: string): Promise<void> {
    const dropped = this.#drop(room);
    this.#track(dropped);
    return dropped;
  }

  #track(sweeping: Promise<void>): void {
    this.#idle = Promise.allSettled([this.#idle, sweeping]);
  }

  async #drop(room: string): Promise<void> {
    const number = this.#shelf.find(room)?.number;
    if (number === undefined) return;
    await this.#step((db) => db.exec(`DELETE FROM logs WHERE number = ${String(number)}`));
    await this.#inTurn(async () => {
      await this.#delete(number);
      await this.#vacuum();
    });
  }

  /** One after the other: many rooms that end at once hold nobody up. */
  #inTurn(sweep: () => Promise<void>): Promise<void> {
    const swept = this.#turn.then(sweep);
    this.#turn = swept.catch(() => undefined);
    return swept;
  }

  async #sweep(): Promise<void> {
    for (let place = this.#shelf.firstPlace(0); place !== null && !this.#stopped;) {
      const number = logOf(place);
      if (!this.#shelf.has(number)) await this.#delete(number);
      place = this.#shelf.firstPlace(lastPlaceOf(number) + 1);
    }
    await this.#vacuum();
  }

  async #vacuum(): Promise<void> {
    for (let free = this.#shelf.freePages(); free > PAGES_KEPT && !this.#stopped;) {
      await this.#step((db) => db.exec(`PRAGMA incremental_vacuum(${String(PAGES_AT_ONCE)})`));
      const left = this.#shelf.freePages();
      // Others may free pages meanwhile; where none came back, none will.
      if (left >= free) return;
      free = left;
    }
  }

  async #delete(number: number): Promise<void> {
    const last = lastPlaceOf(number);
    const next = (): number => this.#shelf.firstPlace(placeOf(number, 0)) ?? Infinity;
    for (let from = next(); from <= last && !this.#stopped; from = next()) {
      const to = Math.min(from + DELETED_AT_ONCE - 1, last);
      await this.#step((db) =>
        db.exec(`DELETE FROM entries WHERE place BETWEEN ${String(from)} AND ${String(to)}`),
      );
    }
  }

  #step(change: (db: Database) => Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#writer.add({
        write: () => change(this.#db),
        written: resolve,
        undone: (error: LogError | null) => {
          if (error !== null) reject(error);
        },
      });
    });
  }
}
