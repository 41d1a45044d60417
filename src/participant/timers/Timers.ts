import { designatedCommitter } from '../../protocol/view.ts';
import type { Participant, Step } from '../Participant.ts';
import { agendaOf, type Agenda } from './agenda.ts';
import { systemClock, type Clock } from './clock.ts';
import { comparesAt, NOTHING_OBSERVED, readAt, type Observed } from './observed.ts';
import { PERIODS, type Periods } from './periods.ts';

/** What the timers of a participant tell its owner, besides what they have the participant do. */
export type Notice =
  /** There should have been a commit by now; `false` once there was one. */
  | { readonly type: 'maybeCutOff'; readonly suspected: boolean }
  /** The user compares codes, or does not any more: it stopped, or has had its time. */
  | { readonly type: 'comparing'; readonly on: boolean };

/** What the timers of a participant are made of. */
export interface TimersOptions {
  readonly participant: Participant;
  /** Whether the log is caught up with, and the service can be spoken to: nothing is drafted before. */
  readonly isReady: () => boolean;
  readonly onNotice: (notice: Notice) => void;
  readonly periods?: Partial<Periods>;
  /** Default: the machine's own. */
  readonly clock?: Clock;
}

/**
 * The timers of one participant, at the edge: `agendaOf` says what is due when, and this has it done, as an event of the
 * participant (`claim`, `handOver`) or a notice. One timer of the clock runs at a time.
 */
export class Timers {
  readonly #options: TimersOptions;
  readonly #periods: Periods;
  readonly #clock: Clock;
  readonly #unsubscribe: () => void;
  #observed: Observed = NOTHING_OBSERVED;
  #suspected = false;
  #stopped = false;
  /** What the clock is set for. */
  #due: number | null = null;
  #disarm: (() => void) | null = null;

  constructor(options: TimersOptions) {
    this.#options = options;
    this.#periods = { ...PERIODS, ...options.periods };
    this.#clock = options.clock ?? systemClock;
    this.#unsubscribe = options.participant.subscribe((step) => this.#follow(step));
  }

  /** The user has begun to compare codes with others, or has stopped. */
  comparing(on: boolean): void {
    if (this.#stopped) return;
    const before = this.#observed;
    const { participant } = this.#options;
    const designated = designatedCommitter(participant.view) === participant.id;
    this.#observed = comparesAt(before, on, designated, this.#clock.now());
    if ((before.comparingAt === null) === on) this.#options.onNotice({ type: 'comparing', on });
    this.run();
  }

  /** The delivery service has said something. */
  heard(): void {
    const heardAt = this.#now();
    const { thawedAt } = this.#observed;
    this.#observed = { ...this.#observed, heardAt };
    if (thawedAt !== null && heardAt >= thawedAt + this.#periods.settleMs) this.run();
  }

  /** Does what is due. To be called when the log is caught up with, before `act`. */
  run(): void {
    if (this.#stopped) return;
    const now = this.#now();
    const isDue = (time: number | null): boolean => time !== null && time <= now;
    if (isDue(this.#agenda.compared)) return this.comparing(false);
    this.#tell(isDue(this.#agenda.cutOff));
    const { claim, handOver } = this.#agenda;
    const { participant, isReady } = this.#options;
    if (isReady() && (isDue(claim) || isDue(handOver))) {
      this.#observed = { ...this.#observed, triedAt: now };
      if (isDue(claim)) participant.claim();
      else participant.handOver();
    }
    this.#arm();
  }

  /** Nothing is due any more. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#unsubscribe();
    this.#disarm?.();
    this.#tell(false);
    if (this.#observed.comparingAt !== null) this.#options.onNotice({ type: 'comparing', on: false });
  }

  get #agenda(): Agenda {
    return agendaOf(this.#options.participant.snapshot.context, this.#observed, this.#periods);
  }

  /** The time. Where what is due should have fired long since, time had stood still. */
  #now(): number {
    const now = this.#clock.now();
    if (this.#due !== null && now - this.#due > this.#periods.lateMs) {
      this.#observed = { ...this.#observed, thawedAt: now };
      this.#due = null;
    }
    return now;
  }

  #follow({ event, before, after, placed }: Step): void {
    const now = this.#now();
    const views = [before.context.view, after.context.view] as const;
    if (placed !== null) this.#observed = readAt(this.#observed, ...views, placed.entry, now);
    if (event === 'claim' || event === 'handOver') this.#observed = { ...this.#observed, triedAt: now };
    if (this.#options.participant.ended) return this.stop();
    if (this.#suspected && !this.#isSuspicious()) this.#tell(false);
    this.#arm();
  }

  #isSuspicious(): boolean {
    const { cutOff } = this.#agenda;
    return cutOff !== null && cutOff <= this.#clock.now();
  }

  #tell(suspected: boolean): void {
    if (suspected === this.#suspected) return;
    this.#suspected = suspected;
    this.#options.onNotice({ type: 'maybeCutOff', suspected });
  }

  /** Sets the clock for what comes next. What waits for the log to be caught up with is done by `run`. */
  #arm(): void {
    this.#disarm?.();
    this.#disarm = this.#due = null;
    if (this.#stopped) return;
    const { claim, handOver, cutOff, compared } = this.#agenda;
    const drafts = this.#options.isReady() ? [claim, handOver] : [];
    const notices = [compared, this.#suspected ? null : cutOff];
    const times = [...drafts, ...notices].filter((time) => time !== null);
    if (times.length === 0) return;
    const now = this.#clock.now();
    this.#due = Math.max(Math.min(...times), now);
    this.#disarm = this.#clock.after(this.#due - now, () => this.run());
  }
}
