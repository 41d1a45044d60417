import type { Entry, Placed } from '../protocol/entry.ts';
import type { LogHash } from '../protocol/ids.ts';

/** Hashes of the log that are kept: about a megabyte. */
const KEPT = 16_384;

/**
 * The hashes of the log that was read, farther back than the view needs them: the rule Witnessed refuses what was
 * drafted on another log, and an entry that is not current besides would pass for a late one.
 */
export class Witness {
  /** By position modulo `KEPT`. */
  readonly #hashes: LogHash[];
  #position = 0;

  /** @param origin the hash of the empty log. */
  constructor(origin: LogHash) {
    this.#hashes = [origin];
  }

  /** Keeps the hash of the next entry. */
  reads({ position, hash }: Placed): void {
    this.#position = position;
    this.#hashes[position % KEPT] = hash;
  }

  /** Whether the author of an entry had read another log, or more than there is. False where it is too long ago. */
  isOfAnotherLog(entry: Entry): boolean {
    if (!('at' in entry) || entry.at <= this.#position - KEPT) return false;
    return entry.at > this.#position || this.#hashes[entry.at % KEPT] !== entry.on;
  }
}
