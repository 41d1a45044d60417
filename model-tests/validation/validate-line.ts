import type { Participant } from '../../src/participant/Participant.ts';
import type { WireEntry } from '../../src/protocol/wire/hashes.ts';

/**
 * The connection of a participant to a log in this process, as `Session` keeps it: it is lost with what is under way,
 * but for a part that arrives late; the participant resumes, and once it has caught up it sends its draft again.
 */
export class Line {
  /** What is under way to the service. */
  readonly outbox: WireEntry[] = [];
  #inFlight: WireEntry | null = null;
  /** `lost`: what is sent gets nowhere. `back`: connected, and not resumed yet. */
  #state: 'up' | 'lost' | 'back' = 'up';
  #caughtUpAt = 0;
  #resend = false;

  send(entry: WireEntry): void {
    this.#inFlight = entry;
    if (this.#state === 'up') this.outbox.push(entry);
  }

  /** The first `late` of what is under way will arrive all the same. */
  cut(late: number): void {
    this.outbox.splice(late);
    this.#state = 'lost';
  }

  /** One step back: to a connection, on which the service says how long the log is, and to where it was. Whether it is up. */
  mend(length: number): boolean {
    if (this.#state === 'lost') {
      this.#state = 'back';
      this.#caughtUpAt = length;
    } else if (this.#state === 'back') {
      // The service closes the old connection: what has not arrived on it never will.
      this.outbox.length = 0;
      this.#state = 'up';
      this.#resend = true;
    }
    return this.isUp;
  }

  get isUp(): boolean {
    return this.#state === 'up';
  }

  /** To be called after each entry that was read. Whether the draft was sent again. */
  afterReading({ ended, snapshot, view }: Participant): boolean {
    if (ended || snapshot.context.pending === null) this.#inFlight = null;
    if (!this.#resend || ended || view.position < this.#caughtUpAt) return false;
    this.#resend = false;
    if (this.#inFlight === null) return false;
    this.outbox.push(this.#inFlight);
    return true;
  }
}
