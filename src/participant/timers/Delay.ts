/** Something that happens once, some time from now, unless it is called off. */
export class Delay {
  #timer: ReturnType<typeof setTimeout> | null = null;

  /** Runs `then` after `ms` milliseconds. What is on its way already stays as it is. */
  start(ms: number, then: () => void): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      then();
    }, ms);
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
