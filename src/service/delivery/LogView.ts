import type { DeliveryLog } from '../../log/DeliveryLog.ts';
import { isCurrent, refusal, type Protocol, type Refusal } from '../../protocol/counts.ts';
import type { Entry } from '../../protocol/entry.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { ALL_RULES } from '../../protocol/rules.ts';
import { step } from '../../protocol/step.ts';
import { emptyView, type View } from '../../protocol/view.ts';
import { originOf, type WireEntry } from '../../protocol/wire/hashes.ts';
import { decodeHeader } from '../../protocol/wire/header.ts';
import { verifyEntry, type Border, type Verified } from '../../protocol/wire/verify.ts';
import { serviceChecks } from './borderChecks.ts';

const PROTOCOL: Protocol = { rules: ALL_RULES, batchLimit: LIMITS.batch };

/** Entries that are read from the log at a time. */
const CATCH_UP = 256;

/** Is told of each entry, and of the view before and after it. */
type Follower = (before: View, after: View, entry: Entry) => void;

/** An entry as it would be if it came next. */
export interface Judged {
  readonly entry: Entry;
  /** Why it would count for nothing. */
  readonly refusal: Refusal | null;
}

/**
 * How the service reads the log of a room: folded by all rules into the view that every participant has of it. It
 * orders what it likes nevertheless: from its view it concludes which joins to refuse and how long a claim is to wait.
 */
export class LogView {
  readonly #log: DeliveryLog;
  readonly #stop: () => void;
  readonly #followers: Follower[] = [];
  #inviteKey: string | null = null;
  #begun: Promise<void> | null = null;
  #view: View;

  constructor(log: DeliveryLog) {
    this.#log = log;
    this.#view = emptyView(originOf(log.id));
    this.#stop = log.subscribe((wire, position) => this.#next(wire, position));
  }

  get view(): View {
    return this.#view;
  }

  /** Tells `follower` of each entry from now on. */
  follow(follower: Follower): void {
    this.#followers.push(follower);
  }

  /** The invite key is known: with it the log can be read, from its start. Rejects as the log does. */
  begin(inviteKey: string): Promise<void> {
    this.#inviteKey = inviteKey;
    this.#begun ??= this.#catchUp().catch((error: unknown) => {
      this.#begun = null;
      throw error;
    });
    return this.#begun;
  }

  /** What an entry would be as the next one. `begin` comes first. */
  judge(wire: WireEntry): Judged {
    if (this.#inviteKey === null) throw new Error('the log is not read yet');
    const { entry } = this.#verify(wire, this.#inviteKey).placed;
    return { entry, refusal: refusal(PROTOCOL, this.#view, entry) };
  }

  /**
   * Whether a draft that `admitDraft` has let pass was overtaken: whatever else is in it, it is not current (rule Current).
   * What it says of itself is enough for that.
   */
  isOvertaken(wire: WireEntry): boolean {
    const header = decodeHeader(wire.header);
    return 'at' in header && !isCurrent(PROTOCOL, this.#view, header);
  }

  close(): void {
    this.#stop();
  }

  async #catchUp(): Promise<void> {
    while (this.#view.position < this.#log.length) {
      const from = this.#view.position + 1;
      const entries = await this.#log.read(from, CATCH_UP);
      if (entries.length === 0) throw new Error(`the log has no entry ${from}`);
      entries.forEach((wire, i) => this.#next(wire, from + i));
    }
  }

  /** What was appended while older entries are being read is read from the log in its turn. */
  #next(wire: WireEntry, position: number): void {
    if (this.#inviteKey === null || position !== this.#view.position + 1) return;
    const before = this.#view;
    const { placed } = this.#verify(wire, this.#inviteKey);
    this.#view = step(PROTOCOL, before, placed).view;
    for (const follower of this.#followers) follower(before, this.#view, placed.entry);
  }

  #verify(wire: WireEntry, inviteKey: string): Verified {
    const border: Border = { log: this.#log.id, inviteKey, ...serviceChecks };
    return verifyEntry(border, this.#view, wire);
  }
}
