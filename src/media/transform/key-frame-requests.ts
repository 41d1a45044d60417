import { KEY_FRAME_MAX_MS, KEY_FRAME_MIN_MS } from './limits.ts';

/**
 * Asks for a key frame while one is wanted, but not more often than KEY_FRAME_MIN_MS, and ever less often while none
 * arrives: a wrong key must not become a storm of requests.
 */
export class KeyFrameRequests {
  readonly #request: (() => Promise<unknown>) | undefined;
  #wanted = false;
  #count = 0;
  #interval = KEY_FRAME_MIN_MS;
  #notBefore = -Infinity;

  /** `request` is undefined where the browser has no way to ask from here. */
  constructor(request: (() => Promise<unknown>) | undefined) {
    this.#request = request;
  }

  get wanted(): boolean {
    return this.#wanted;
  }

  /** Requests made. */
  get count(): number {
    return this.#count;
  }

  /** A frame was lost to the decoder. */
  want(): void {
    this.#wanted = true;
  }

  /** A key frame went on. */
  satisfy(): void {
    this.#wanted = false;
    this.#interval = KEY_FRAME_MIN_MS;
  }

  /** Asks now, if a key frame is wanted and it is time. */
  ask(now: number): void {
    if (!this.#wanted || this.#request === undefined || now < this.#notBefore) return;
    this.#notBefore = now + this.#interval;
    this.#interval = Math.min(this.#interval * 2, KEY_FRAME_MAX_MS);
    this.#count += 1;
    // A browser that cannot ask just now refuses; the next frame asks again.
    void (async () => this.#request?.())().catch(() => undefined);
  }
}
