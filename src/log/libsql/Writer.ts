import type { LogError } from '../DeliveryLog.ts';
import type { Database } from './Database.ts';
import { logErrorOf } from './errors.ts';

/** Somebody who has something to write. */
export interface Writes {
  /** Within a transaction: changes what it wants to have changed. Throws nothing but what the file does. */
  write(): void | Promise<void>;
  /** The transaction is synced. */
  written(): void;
  /** The transaction was undone: by `error`, or, where null, by somebody else's; then `write` is called again in the next. */
  undone(error: LogError | null): void;
}

/**
 * Group commit: all who have something to write while one transaction is synced are in the next one together. What is
 * acknowledged is synced, and in the order in which it was written.
 */
export class Writer {
  readonly #db: Database;
  #next = new Set<Writes>();
  #running: Promise<void> | null = null;
  #version: unknown = null;
  /**
   * Another number once the file may hold what these writers did not write: another process wrote to it, or a
   * transaction failed, of which nobody knows for sure that nothing of it is kept.
   */
  generation = 0;

  constructor(db: Database) {
    this.#db = db;
  }

  /** `write` is called within the next transaction, once. */
  add(writes: Writes): void {
    this.#next.add(writes);
    // After the calls of this turn: they belong together.
    this.#running ??= Promise.resolve().then(() => this.#run());
  }

  /** Resolves when nothing waits to be written. */
  async idle(): Promise<void> {
    while (this.#running !== null) await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#next.size > 0) {
      // Who was just told that theirs is synced may have more: it goes along.
      await new Promise((resolve) => setImmediate(resolve));
      const batch = this.#next;
      this.#next = new Set();
      const failure = await this.#write(batch);
      for (const writes of batch) {
        if (failure === null) writes.written();
        else if (failure.of === null || failure.of === writes) writes.undone(failure.error);
        else {
          writes.undone(null);
          this.#next.add(writes);
        }
      }
    }
    this.#running = null;
  }

  /** Null, or what failed: `of` one of the batch, so that the others are not to blame, or of all. */
  async #write(batch: ReadonlySet<Writes>): Promise<{ error: LogError; of: Writes | null } | null> {
    let of: Writes | null = null;
    try {
      // What could not be undone then.
      await this.#db.rollback();
      await this.#db.begin();
      const version = await this.#db.version();
      if (version !== this.#version) this.generation++;
      this.#version = version;
      for (const writes of batch) await (of = writes).write();
      of = null;
      await this.#db.commit();
      return null;
    } catch (error) {
      this.generation++;
      await this.#db.rollback().catch(() => undefined);
      return { error: logErrorOf(error, 'write the log'), of };
    }
  }
}
