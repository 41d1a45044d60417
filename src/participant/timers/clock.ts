/** Time, handed in: the only way in which it reaches a participant. */
export interface Clock {
  /** Milliseconds since some moment of its own. Goes forward only. */
  readonly now: () => number;
  /** Calls `what` in `milliseconds`, or later. Gives the way to stop it. */
  readonly after: (milliseconds: number, what: () => void) => () => void;
}

/** The clock of the browser or of Node. A machine that sleeps makes it late, or stops it. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after: (milliseconds, what) => {
    const timer = setTimeout(what, milliseconds);
    return () => clearTimeout(timer);
  },
};
