/** Milliseconds for which work is done before timers and the network have their turn again. */
const SLICE_MS = 10;

/** Work of one of those who share the process, in order. */
export class Lane {
  readonly #turns: Turns;
  readonly #work: (() => void)[] = [];
  #next = 0;

  constructor(turns: Turns) {
    this.#turns = turns;
  }

  /** Behind what was pushed before. */
  push(work: () => void): void {
    this.#work.push(work);
    if (this.#work.length === this.#next + 1) this.#turns.has(this);
  }

  /** Does the first piece of work; whether there is more. */
  step(): boolean {
    const work = this.#work[this.#next++];
    try {
      work?.();
    } catch (error) {
      // As where a listener throws: nobody else is to suffer for it.
      setImmediate(() => {
        throw error;
      });
    }
    if (this.#next < this.#work.length) return true;
    this.#work.length = this.#next = 0;
    return false;
  }

  /** Forgets what is left. */
  clear(): void {
    this.#work.length = this.#next;
  }
}

/**
 * Shares one thread among many: each lane in turn, one piece of work at a time, and in between whatever else waits. A
 * socket that is read as fast as it can be would keep all others waiting instead.
 */
export class Turns {
  readonly #lanes: Lane[] = [];
  #running = false;

  lane(): Lane {
    return new Lane(this);
  }

  /** A lane has work. */
  has(lane: Lane): void {
    this.#lanes.push(lane);
    if (this.#running) return;
    this.#running = true;
    setImmediate(() => this.#run());
  }

  #run(): void {
    const until = performance.now() + SLICE_MS;
    let done = 0;
    for (
      let lane = this.#lanes[0];
      lane !== undefined && performance.now() <= until;
      lane = this.#lanes[++done]
    )
      if (lane.step()) this.#lanes.push(lane);
    this.#lanes.splice(0, done);
    this.#running = this.#lanes.length > 0;
    if (this.#running) setImmediate(() => this.#run());
  }
}
