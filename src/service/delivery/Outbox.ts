import type { WireEntry } from '../../protocol/wire/hashes.ts';
import { Refused } from './admission.ts';

interface Waiting {
  readonly entry: WireEntry;
  readonly settled: (appended: boolean) => void;
  readonly failed: (error: unknown) => void;
}

/** What an outbox needs of its room. */
export interface OutboxHost {
  /** Milliseconds for which an entry is to be held back; 0 where it may be appended now. */
  readonly holds: (entry: WireEntry) => number;
  /** True once it is appended, false where it was dropped. */
  readonly append: (entry: WireEntry) => Promise<boolean>;
  /** Entries that may wait behind one that is held back. */
  readonly limit: number;
}

/**
 * What one participant has sent on its connection and the service has not appended: `outbox` of the spec. First in,
 * first out: a claim that is held back delays what follows it, and nobody else.
 */
export class Outbox {
  readonly #host: OutboxHost;
  readonly #waiting: Waiting[] = [];
  #timer: NodeJS.Timeout | null = null;
  #busy = false;

  constructor(host: OutboxHost) {
    this.#host = host;
  }

  /** Whether its first entry is held back. */
  get isHeld(): boolean {
    return this.#timer !== null;
  }

  /**
   * Resolves once that is settled: true where the entry was appended, false where it was dropped. Rejects as `append` does.
   *
   * @throws Refused `outbox_full`
   */
  push(entry: WireEntry): Promise<boolean> {
    if (this.isHeld && this.#waiting.length > this.#host.limit) {
      throw new Refused('outbox_full', 'too much waits behind a claim that is held back');
    }
    return new Promise((settled, failed) => {
      this.#waiting.push({ entry, settled, failed });
      void this.#pump();
    });
  }

  /** An entry was appended to the log: what is held back may have lost its reason. */
  wake(): void {
    // Not within the append of that entry: everybody hears of it first.
    if (this.isHeld) queueMicrotask(() => void this.#pump());
  }

  /** The connection is lost, or its participant gone: what was not appended gets nowhere (`Lose`, `DeclareGone`). */
  clear(): void {
    this.#disarm();
    for (const { settled } of this.#waiting.splice(0)) settled(false);
  }

  #disarm(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  async #pump(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    this.#disarm();
    for (let head = this.#waiting[0]; head !== undefined; head = this.#waiting[0]) {
      const wait = this.#host.holds(head.entry);
      if (wait > 0) {
        this.#timer = setTimeout(() => void this.#pump(), Math.ceil(wait));
        break;
      }
      this.#waiting.shift();
      await this.#host.append(head.entry).then(head.settled, head.failed);
    }
    this.#busy = false;
  }
}
