import { type KeyFrameRequests } from './key-frame-requests.ts';
import { OPEN_HOLD_MS, REPORT_CHANGE_MS, REPORT_COUNTERS_MS } from './limits.ts';
import {
  type FrameOutcome,
  type MediaEnvironment,
  type SlotReport,
  type SlotState,
  type TransformOptions,
} from './types.ts';

type SlotEnvironment = Required<Pick<MediaEnvironment, 'now' | 'report' | 'later'>>;

/** What is known of one slot: its state, its counters, and when it was last reported. */
export class Slot {
  readonly options: TransformOptions;
  readonly keyFrames: KeyFrameRequests;
  readonly #environment: SlotEnvironment;
  readonly #counters: Record<FrameOutcome, number> = {
    open: 0,
    'no key yet': 0,
    'older epoch': 0,
    'newer epoch': 0,
    'forged or forked': 0,
    replayed: 0,
    malformed: 0,
    'codec not supported': 0,
    behind: 0,
    failed: 0,
  };
  #state: SlotState = 'idle';
  #participant: string | null = null;
  #source: number | null = null;
  #held = 0;
  #lastOpen = -Infinity;
  #lastReport = -Infinity;
  #reportedBadge = '';
  #reportPending = false;

  constructor(options: TransformOptions, keyFrames: KeyFrameRequests, environment: SlotEnvironment) {
    this.options = options;
    this.keyFrames = keyFrames;
    this.#environment = environment;
  }

  /** Counts a frame that went on, with its authenticated sender when it was received. */
  opened(now: number, sender?: { participant: string; source: number }): void {
    this.#counters.open += 1;
    this.#lastOpen = now;
    this.#state = 'open';
    if (sender !== undefined) {
      this.#participant = sender.participant;
      this.#source = sender.source;
    }
    this.#report(now);
  }

  /** Counts dropped frames. */
  dropped(now: number, outcome: Exclude<FrameOutcome, 'open'>, frames = 1): void {
    if (frames === 0) return;
    this.#counters[outcome] += frames;
    this.show(now, outcome);
  }

  /** Shows a state without counting; a slot that has just had a good frame stays open. */
  show(now: number, state: SlotState): void {
    if (this.#state !== 'open' || now - this.#lastOpen > OPEN_HOLD_MS) this.#state = state;
    this.#report(now);
  }

  /** Shows a state at once: the keys went, or the slot was given to somebody else. */
  reset(now: number, state: SlotState): void {
    this.#state = state;
    this.#lastOpen = -Infinity;
    this.#participant = null;
    this.#source = null;
    this.#report(now);
  }

  /** How many frames are held. */
  holds(frames: number): void {
    this.#held = frames;
  }

  /** The slot as it is now. */
  snapshot(): SlotReport {
    const { slot, direction, kind } = this.options;
    return {
      slot,
      direction,
      kind,
      state: this.#state,
      participant: this.#participant,
      source: this.#source,
      counters: { ...this.#counters },
      held: this.#held,
      keyFrameWanted: this.keyFrames.wanted,
      keyFrameRequests: this.keyFrames.count,
    };
  }

  #badge(): string {
    return JSON.stringify([this.#state, this.#participant, this.#source, this.keyFrames.wanted]);
  }

  #report(now: number): void {
    const changed = this.#badge() !== this.#reportedBadge;
    const due = this.#lastReport + (changed ? REPORT_CHANGE_MS : REPORT_COUNTERS_MS);
    if (now >= due) {
      this.#send(now);
    } else if (changed && !this.#reportPending) {
      this.#reportPending = true;
      this.#environment.later(() => {
        this.#reportPending = false;
        if (this.#badge() !== this.#reportedBadge) this.#send(this.#environment.now());
      }, due - now);
    }
  }

  #send(now: number): void {
    this.#lastReport = now;
    this.#reportedBadge = this.#badge();
    try {
      this.#environment.report(this.snapshot());
    } catch {
      // Whoever listens must not be able to end the frames.
    }
  }
}
