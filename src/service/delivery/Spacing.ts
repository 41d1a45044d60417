import type { DeliveryLog } from '../../log/DeliveryLog.ts';
import { refusal, type Protocol } from '../../protocol/counts.ts';
import { ParseError } from '../../protocol/errors.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { rulesWithout } from '../../protocol/rules.ts';
import { step } from '../../protocol/step.ts';
import { NO_TURN, spacing, turnAfter, type Turn } from '../../protocol/takeover.ts';
import { emptyView, type View } from '../../protocol/view.ts';
import { originOf, type WireEntry } from '../../protocol/wire/hashes.ts';
import { decodeHeader, type Header } from '../../protocol/wire/header.ts';
import { verifyEntry, type Border, type Verified } from '../../protocol/wire/verify.ts';

/**
 * How the service reads its own log. It knows nothing of MLS and cannot check key packages: a join that participants
 * refuse for that waits in its view for ever, so that it does not ask whom a commit adds. It concludes nothing from its
 * view but how long a claim is to wait.
 */
const PROTOCOL: Protocol = { rules: rulesWithout('Justified'), batchLimit: LIMITS.batch };

/** Entries that are read from the log at a time. */
const CATCH_UP = 256;

function headerOf(wire: WireEntry): Header | null {
  try {
    return decodeHeader(wire.header);
  } catch (error) {
    if (error instanceof ParseError) return null;
    throw error;
  }
}

/**
 * Spaces the claims of one room (rule Takeover): folds the log's headers, and knows by its own clock for how long
 * somebody has been the one to take the next step.
 */
export class Spacing {
  readonly #log: DeliveryLog;
  readonly #silenceMs: number;
  readonly #stop: () => void;
  #inviteKey: string | null = null;
  #begun: Promise<void> | null = null;
  #view: View;
  #turn: Turn = NO_TURN;
  /** When the turn began, in milliseconds of `performance.now`. */
  #turnAt = 0;

  /** @param silenceMs T, see `SERVICE_LIMITS`. */
  constructor(log: DeliveryLog, silenceMs: number) {
    this.#log = log;
    this.#silenceMs = silenceMs;
    this.#view = emptyView(originOf(log.id));
    this.#stop = log.subscribe((wire, position) => this.#next(wire, position));
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

  /** Milliseconds for which an entry is to be held back: 0 for all but a claim that would count too early. */
  holds(wire: WireEntry): number {
    if (this.#inviteKey === null || this.#turn.since === null) return 0;
    if (headerOf(wire)?.kind !== 'claim') return 0;
    const { entry } = this.#verify(wire, this.#inviteKey).placed;
    if (entry.kind !== 'claim' || refusal(PROTOCOL, this.#view, entry) !== null) return 0;
    return Math.max(0, this.#turnAt + spacing(this.#turn, this.#silenceMs) - performance.now());
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
    this.#turn = turnAfter(this.#turn, before, this.#view, placed.entry);
    if (this.#turn.since === position) this.#turnAt = performance.now();
  }

  #verify(wire: WireEntry, inviteKey: string): Verified {
    const header = headerOf(wire);
    const facts =
      header?.kind === 'join'
        ? { participant: header.author, signatureKey: header.signatureKey, hpkeKeys: [] }
        : null;
    const border: Border = { log: this.#log.id, inviteKey, checkKeyPackage: () => facts };
    return verifyEntry(border, this.#view, wire);
  }
}
