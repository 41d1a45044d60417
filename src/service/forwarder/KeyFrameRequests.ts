/**
 * Key frame requests to one sender, limited in rate: the first goes at once, those that come within `interval`
 * milliseconds of it become one at the interval's end. So a storm of requests costs the sender one key frame
 * each interval, and no request is lost.
 */
export class KeyFrameRequests {
  readonly #interval: number;
  readonly #send: () => void;
  #timer: NodeJS.Timeout | null = null;
  #pending = false;
  /** Requests that went to the sender. */
  sent = 0;
  /** Requests that came in. */
  received = 0;

  constructor(interval: number, send: () => void) {
    this.#interval = interval;
    this.#send = send;
  }

  request(): void {
    this.received += 1;
    if (this.#timer !== null) {
      this.#pending = true;
      return;
    }
    this.#fire();
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#pending = false;
  }

  #fire(): void {
    this.#timer = setTimeout(() => {
      this.#timer = null;
      if (!this.#pending) return;
      this.#pending = false;
      this.#fire();
    }, this.#interval);
    this.#timer.unref();
    this.sent += 1;
    this.#send();
  }
}
