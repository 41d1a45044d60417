import { hexOf } from './bytes.ts';
import { SFrameError } from './errors.ts';
import { MAX_FOUNDINGS } from './limits.ts';

/**
 * The highest epoch that was ever taken of each founding (MLS group id). An epoch is taken once, also after the keys
 * were cleared: taking it again would start its counters anew and repeat nonces.
 */
export class Foundings {
  readonly #highest = new Map<string, bigint>();

  /** Takes an epoch. Throws `epoch-not-newer`, or `too-many-foundings` when there is no room to remember it. */
  take(groupId: Uint8Array, epoch: bigint): void {
    const founding = hexOf(groupId);
    const highest = this.#highest.get(founding);
    if (highest !== undefined && epoch <= highest) {
      throw new SFrameError('epoch-not-newer', `epoch ${epoch.toString()} after ${highest.toString()}`);
    }
    if (highest === undefined && this.#highest.size >= MAX_FOUNDINGS) {
      throw new SFrameError('too-many-foundings', `more than ${MAX_FOUNDINGS} foundings in one key ring`);
    }
    this.#highest.set(founding, epoch);
  }
}
