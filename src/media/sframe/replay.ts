import { REPLAY_WINDOW } from './limits.ts';

const SIZE = BigInt(REPLAY_WINDOW);

/**
 * Which counters of one KID were seen (RFC 9605 section 9.3). Counters may skip any distance; one that is
 * REPLAY_WINDOW or more behind the highest counts as seen. Only authenticated frames may be marked.
 */
export class ReplayWindow {
  /** Bit `ctr mod REPLAY_WINDOW` is set when that counter, among the last REPLAY_WINDOW, was seen. */
  readonly #seen = new Uint32Array(REPLAY_WINDOW / 32);
  #highest = -1n;

  /** Whether a frame with this counter must be refused. Changes nothing. */
  isReplay(ctr: bigint): boolean {
    if (ctr > this.#highest) return false;
    if (this.#highest - ctr >= SIZE) return true;
    const bit = Number(ctr % SIZE);
    return ((this.#seen[bit >> 5] ?? 0) & (1 << (bit & 31))) !== 0;
  }

  /** Marks a counter as seen; false when it must be refused (two copies of a frame may race each other here). */
  mark(ctr: bigint): boolean {
    if (this.isReplay(ctr)) return false;
    if (ctr > this.#highest) this.#advance(ctr);
    const bit = Number(ctr % SIZE);
    this.#seen[bit >> 5] = (this.#seen[bit >> 5] ?? 0) | (1 << (bit & 31));
    return true;
  }

  #advance(ctr: bigint): void {
    const gap = ctr - this.#highest;
    if (gap >= SIZE) {
      this.#seen.fill(0);
    } else {
      for (let skipped = this.#highest + 1n; skipped <= ctr; skipped += 1n) {
        const bit = Number(skipped % SIZE);
        this.#seen[bit >> 5] = (this.#seen[bit >> 5] ?? 0) & ~(1 << (bit & 31));
      }
    }
    this.#highest = ctr;
  }
}
