import type { WireEntry } from '../../protocol/wire/hashes.ts';
import { LogError } from '../DeliveryLog.ts';

/** One `append` that is not acknowledged yet. */
export class Pending {
  readonly entry: WireEntry;
  /** Bytes. */
  readonly size: number;
  /** Where it is to stand; null: at the end, wherever that is. */
  readonly position: number | null;
  readonly resolve: (position: number) => void;
  readonly reject: (error: unknown) => void;

  constructor(
    entry: WireEntry,
    size: number,
    position: number | null,
    resolve: (position: number) => void,
    reject: (error: unknown) => void,
  ) {
    this.entry = entry;
    this.size = size;
    this.position = position;
    this.resolve = resolve;
    this.reject = reject;
  }

  /** Why it is not appended to a log of `length` entries that holds `limit`; null where it is. */
  refusal(length: number, limit: number): LogError | null {
    if (length >= limit) return new LogError('log_full', `this log holds ${String(limit)} entries`);
    if (this.position === null || this.position === length + 1) return null;
    return new LogError('position_taken', `${String(this.position)}, where ${String(length + 1)} comes next`);
  }
}
