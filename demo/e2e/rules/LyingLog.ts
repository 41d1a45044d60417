/** What a service that lies keeps: test-only, behind the real rooms, connections and media of `startService`. */
import { STORE_SECRET_BYTES, type DeliveryLog, type LogStore } from '../../../src/log/DeliveryLog.ts';
import { MemoryLog } from '../../../src/log/memory.ts';
import { type WireEntry } from '../../../src/protocol/wire/hashes.ts';
import { decodeHeader, encodeHeader, type HeaderKind } from '../../../src/protocol/wire/header.ts';

/**
 * The log of one room, into which the one who runs the service puts whatever it wants to. It is the log itself that
 * lies: all that is behind the checks of `admission.ts` is the service's own word.
 */
export class LyingLog implements DeliveryLog {
  readonly entries: WireEntry[] = [];
  readonly #log: MemoryLog;
  /** The other half of the same log. What is appended here is appended there too, until the two are split. */
  #twin: LyingLog | null = null;
  #held: (() => void)[] | null = null;

  constructor(log = new MemoryLog()) {
    this.#log = log;
    log.subscribe((entry) => void this.entries.push(entry));
  }

  /** Two logs with one id that are one until `split`. Each can be that of a service of its own. */
  static halves(): readonly [LyingLog, LyingLog] {
    const one = new LyingLog();
    const other = new LyingLog(new MemoryLog(one.id));
    one.#twin = other;
    other.#twin = one;
    return [one, other];
  }

  get id(): string {
    return this.#log.id;
  }

  get length(): number {
    return this.#log.length;
  }

  get hash(): string {
    return this.#log.hash;
  }

  get inviteKey(): string | null {
    return this.#log.inviteKey;
  }

  keepInviteKey(key: string): void {
    this.#log.keepInviteKey(key);
  }

  append(entry: WireEntry): Promise<number> {
    if (this.#held !== null) {
      const held = this.#held;
      return new Promise((resolve) => held.push(() => resolve(this.append(entry))));
    }
    void this.#twin?.lie(entry);
    return this.lie(entry);
  }

  read(from: number, limit: number): Promise<readonly WireEntry[]> {
    return this.#log.read(from, limit);
  }

  subscribe(listener: (entry: WireEntry, position: number) => void): () => void {
    return this.#log.subscribe(listener);
  }

  /** Appends nothing that is sent, until `release`, which appends all of it at once, in order. */
  hold(): void {
    this.#held ??= [];
  }

  /** How many entries are held. */
  get held(): number {
    return this.#held?.length ?? 0;
  }

  release(): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const append of held) append();
  }

  /** From now on the two halves are two logs. */
  split(): void {
    if (this.#twin !== null) this.#twin.#twin = null;
    this.#twin = null;
  }

  /** Appends what nobody sent, to this half alone. Gives its position. */
  lie(entry: WireEntry): Promise<number> {
    return this.#log.append(entry);
  }

  /** Says that a participant has left, to this half alone. */
  lieOfLeave(author: string): Promise<number> {
    const nothing = new Uint8Array();
    const header = encodeHeader({ kind: 'leave', log: this.id, author });
    return this.lie({ header, signature: nothing, payload: nothing });
  }

  /** The last entry of a kind; throws where there is none. */
  last(kind: HeaderKind): WireEntry {
    const found = this.entries.findLast(({ header }) => decodeHeader(header).kind === kind);
    if (found === undefined) throw new Error(`no ${kind} in a log of ${this.length} entries`);
    return found;
  }

  /** How many entries of a kind there are. */
  count(kind: HeaderKind): number {
    return this.entries.filter(({ header }) => decodeHeader(header).kind === kind).length;
  }

  /** The store of a service with this one room. */
  get store(): LogStore {
    return {
      secret: new Uint8Array(STORE_SECRET_BYTES),
      open: () => Promise.resolve(this),
      drop: () => Promise.resolve(),
      rooms: () => Promise.resolve([]),
    };
  }
}
