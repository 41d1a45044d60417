import { TokenBucket } from '../TokenBucket.ts';
import type { ServiceLimits } from './limits.ts';

interface Use {
  connections: number;
  sockets: number;
  readonly joins: TokenBucket;
  readonly rooms: TokenBucket;
}

/** Addresses that are remembered without a connection of theirs. */
const REMEMBERED = 10_000;

/** What each address uses up. `key` is of `addressKey`; times are in milliseconds, of a clock that does not jump. */
export class AddressLimits {
  readonly #limits: ServiceLimits;
  readonly #now: () => number;
  readonly #uses = new Map<string, Use>();

  constructor(limits: ServiceLimits, now: () => number = () => performance.now()) {
    this.#limits = limits;
    this.#now = now;
  }

  /** Addresses that are remembered. */
  get size(): number {
    return this.#uses.size;
  }

  /** Takes one more `connections` or `sockets` of an address; false, and nothing is taken, where that is one too many. */
  open(key: string, what: 'connections' | 'sockets'): boolean {
    const use = this.#of(key);
    const limit = what === 'sockets' ? this.#limits.socketsPerAddress : this.#limits.connectionsPerAddress;
    if (use[what] >= limit) return false;
    use[what]++;
    return true;
  }

  /** Gives back what `open` took. */
  close(key: string, what: 'connections' | 'sockets'): void {
    const use = this.#uses.get(key);
    if (use !== undefined) use[what] = Math.max(0, use[what] - 1);
  }

  /** Takes a `join` of an address; false where it makes too many. */
  join(key: string): boolean {
    return this.#of(key).joins.take(this.#now());
  }

  /** Takes a room that an address opens; false where it opens too many. */
  room(key: string): boolean {
    return this.#of(key).rooms.take(this.#now());
  }

  #of(key: string): Use {
    let use = this.#uses.get(key);
    if (use !== undefined) this.#uses.delete(key);
    else {
      this.#forget();
      const { joinBurst, joinsPerMinute, roomBurst, roomsPerMinute } = this.#limits;
      const [joins, rooms] = [
        new TokenBucket(joinBurst, joinsPerMinute / 60, this.#now()),
        new TokenBucket(roomBurst, roomsPerMinute / 60, this.#now()),
      ];
      use = { connections: 0, sockets: 0, joins, rooms };
    }
    // Again at the end: what was used longest ago is in front.
    this.#uses.set(key, use);
    return use;
  }

  /** Forgets those that were not heard of for longest and have no connection, where there are too many. */
  #forget(): void {
    if (this.#uses.size < REMEMBERED) return;
    for (const [key, { connections, sockets }] of this.#uses) {
      if (connections > 0 || sockets > 0) continue;
      this.#uses.delete(key);
      return;
    }
  }
}
