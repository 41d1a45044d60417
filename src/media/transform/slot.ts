import { type KeyFrameRequests } from './key-frame-requests.ts';
import { noFrames } from './counters.ts';
import { HANDED_OVER_MS, IDLE_MS, OPEN_HOLD_MS, REPORT_CHANGE_MS, REPORT_COUNTERS_MS } from './limits.ts';
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
  #counters = noFrames();
  #expected: string | null;
  #state: SlotState = 'idle';
  #participant: string | null = null;
  #source: number | null = null;
  #held = 0;
  #lastFrame = -Infinity;
  #isWatched = false;
  #lastOpen = -Infinity;
  #calmUntil = -Infinity;
  #lastReport = -Infinity;
  #reportedBadge = '';
  #reportPending = false;

  constructor(
    options: TransformOptions,
    keyFrames: KeyFrameRequests,
    environment: SlotEnvironment,
    expected: string | null,
  ) {
    this.options = options;
    this.#expected = expected;
    this.keyFrames = keyFrames;
    this.#environment = environment;
  }

  /** Whom the forwarder announced for the slot: frames of others are dropped. Null: nobody. */
  get expected(): string | null {
    return this.#expected;
  }

  /** Counts a frame that went on, with its authenticated sender when it was received. */
  opened(now: number, sender?: { participant: string; source: number }): void {
    this.#counters.open += 1;
    this.#comes(now);
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

  /**
   * Shows a state without counting; a slot that has just had a good frame stays open, and late frames of whom a slot
   * had before do not change what it shows.
   */
  show(now: number, state: SlotState): void {
    this.#comes(now);
    if (state === 'forged or forked' && now < this.#calmUntil) return;
    if (this.#state !== 'open' || now - this.#lastOpen > OPEN_HOLD_MS) this.#state = state;
    this.#report(now);
  }

  /** The slot was given to somebody else, or to nobody: it begins anew. */
  give(now: number, expected: string | null): void {
    this.#expected = expected;
    this.#counters = noFrames();
    this.#calmUntil = now + HANDED_OVER_MS;
    this.reset(now, 'idle');
  }

  /** Shows a state at once, as when the keys went. */
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
      expected: this.#expected,
      participant: this.#participant,
      source: this.#source,
      counters: { ...this.#counters },
      held: this.#held,
      keyFrameWanted: this.keyFrames.wanted,
      keyFrameRequests: this.keyFrames.count,
    };
  }

  /** A frame has come. When none follows it for IDLE_MS, the slot is idle. */
  #comes(now: number): void {
    this.#lastFrame = now;
    if (!this.#isWatched) this.#watch(IDLE_MS);
  }

  #watch(milliseconds: number): void {
    this.#isWatched = true;
    this.#environment.later(() => {
      const now = this.#environment.now();
      const left = this.#lastFrame + IDLE_MS - now;
      if (left > 0) {
        this.#watch(left);
        return;
      }
      this.#isWatched = false;
      this.#state = 'idle';
      this.#report(now);
    }, milliseconds);
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
