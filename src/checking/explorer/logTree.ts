import type { Entry, Placed } from '../../protocol/entry.ts';
import type { History } from '../core/abstractCore.ts';
import { canonicalJson, Interner } from './interner.ts';

/** An entry as the delivery service holds it: its header, and what its payload stands for. */
export interface LogEntry {
  readonly entry: Entry;
  /** Of a founding, commit or Welcome: the history that it leads to. Null for the other kinds. */
  readonly led: History | null;
}

/** A log: its last entry, and the number of the log before it. */
export interface Log {
  readonly parent: number;
  readonly placed: Placed;
  readonly content: LogEntry;
  /** Bit i: the i-th participant has a `join`, a `leave` in it. */
  readonly joined: number;
  readonly left: number;
}

export const EMPTY_LOG = 0;

/** All logs that were ever met, as a tree; the number of a log stands for all its entries. Number 0 is the empty log. */
export class LogTree {
  readonly entries = new Interner<LogEntry>();
  private readonly logs = new Interner<Log | null>();
  private readonly bits: ReadonlyMap<string, number>;

  constructor(participants: readonly string[]) {
    this.bits = new Map(participants.map((name, i) => [name, 1 << i]));
    this.logs.intern('', () => null);
  }

  entry(entry: LogEntry): number {
    return this.entries.intern(canonicalJson(entry), () => entry);
  }

  append(log: number, entryNumber: number): number {
    return this.logs.intern(`${log} ${entryNumber}`, () => {
      const content = this.entries.get(entryNumber);
      const { kind, author } = content.entry;
      const bit = this.bits.get(author) ?? 0;
      const number = this.logs.size;
      return {
        parent: log,
        content,
        placed: { entry: content.entry, position: this.position(log) + 1, hash: logHash(number) },
        joined: this.joined(log) | (kind === 'join' ? bit : 0),
        left: this.left(log) | (kind === 'leave' ? bit : 0),
      };
    });
  }

  /** Throws RangeError for the empty log. */
  last(log: number): Log {
    const found = this.logs.get(log);
    if (found === null) throw new RangeError('the empty log has no entry');
    return found;
  }

  position(log: number): number {
    return this.logs.get(log)?.placed.position ?? 0;
  }

  joined(log: number): number {
    return this.logs.get(log)?.joined ?? 0;
  }

  left(log: number): number {
    return this.logs.get(log)?.left ?? 0;
  }

  /** The log when it had `n` entries. */
  prefix(log: number, n: number): number {
    let at = log;
    for (let position = this.position(log); position > n; position -= 1) at = this.last(at).parent;
    return at;
  }

  contents(log: number): readonly LogEntry[] {
    const contents: LogEntry[] = [];
    for (let at = log; at !== EMPTY_LOG; at = this.last(at).parent) contents.push(this.last(at).content);
    return contents.reverse();
  }
}

/** Any text that only this log has: protocol and machine only compare hashes. */
export function logHash(log: number): string {
  return `#${log}`;
}
