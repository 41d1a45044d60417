import type { Entry } from '../../protocol/entry.ts';
import { ParseError } from '../../protocol/errors.ts';
import { NO_TURN, spacing, turnAfter, type Turn } from '../../protocol/takeover.ts';
import type { View } from '../../protocol/view.ts';
import type { WireEntry } from '../../protocol/wire/hashes.ts';
import { decodeHeader } from '../../protocol/wire/header.ts';
import type { LogView } from './LogView.ts';

function isClaim(wire: WireEntry): boolean {
  try {
    return decodeHeader(wire.header).kind === 'claim';
  } catch (error) {
    if (error instanceof ParseError) return false;
    throw error;
  }
}

/**
 * Spaces the claims of one room (rule Takeover): knows by its own clock for how long somebody has been the one to take
 * the next step.
 */
export class Spacing {
  readonly #log: LogView;
  readonly #silenceMs: number;
  #turn: Turn = NO_TURN;
  /** When the turn began, in milliseconds of `performance.now`. */
  #turnAt = 0;

  /** @param silenceMs T, see `SERVICE_LIMITS`. */
  constructor(log: LogView, silenceMs: number) {
    this.#log = log;
    this.#silenceMs = silenceMs;
    log.follow((before, after, entry) => this.#next(before, after, entry));
  }

  /** Milliseconds for which an entry is to be held back: 0 for all but a claim that would count too early. */
  holds(wire: WireEntry): number {
    if (this.#turn.since === null || !isClaim(wire)) return 0;
    if (this.#log.judge(wire).refusal !== null) return 0;
    return Math.max(0, this.#turnAt + spacing(this.#turn, this.#silenceMs) - performance.now());
  }

  #next(before: View, after: View, entry: Entry): void {
    this.#turn = turnAfter(this.#turn, before, after, entry);
    if (this.#turn.since === after.position) this.#turnAt = performance.now();
  }
}
