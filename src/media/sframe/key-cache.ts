import { type FrameKey } from './derive.ts';

/** Keys by KID index, at most `limit`; the least recently used goes first. Holds no state that a replay could use. */
export class KeyCache {
  readonly #limit: number;
  readonly #keys = new Map<number, Promise<FrameKey>>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#keys.size;
  }

  /** The key at `index`, derived when it is not there. */
  get(index: number, derive: () => Promise<FrameKey>): Promise<FrameKey> {
    const found = this.#keys.get(index);
    if (found !== undefined) {
      this.#keys.delete(index);
      this.#keys.set(index, found);
      return found;
    }
    const key = derive();
    this.#keys.set(index, key);
    for (const oldest of this.#keys.keys()) {
      if (this.#keys.size <= this.#limit) break;
      this.#keys.delete(oldest);
    }
    return key;
  }
}
