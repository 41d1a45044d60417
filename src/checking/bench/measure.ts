/** Times of repeated steps. Medians, since one pause of the machine says nothing about what is measured. */

export interface Measured {
  /** Milliseconds. */
  readonly median: number;
  readonly repetitions: number;
}

/** How often a step is repeated: at least `least` times, then until `budget` milliseconds are used up or `most` times. */
export interface Effort {
  readonly least: number;
  readonly most: number;
  readonly budget: number;
  /** Repetitions before the first that counts: compilers take a few. */
  readonly warmUp: number;
}

export interface Step<A> {
  /** Makes what one repetition uses up; not measured. */
  readonly prepare: () => A;
  readonly run: (it: A) => unknown;
  readonly done?: (it: A) => void;
}

/** `clock` gives milliseconds: of the wall, or of the processor. */
export async function measure<A>(
  effort: Effort,
  step: Step<A>,
  clock: () => number = () => performance.now(),
): Promise<Measured> {
  const times: number[] = [];
  let used = 0;
  for (let i = -effort.warmUp; i < effort.most && (i < effort.least || used < effort.budget); i++) {
    const it = step.prepare();
    const before = clock();
    const result = step.run(it);
    if (result instanceof Promise) await result;
    const time = clock() - before;
    step.done?.(it);
    if (i < 0) continue;
    times.push(time);
    used += time;
  }
  return { median: median(times), repetitions: times.length };
}

/** Milliseconds of processor that this process has used, all threads: what others do on the machine does not count. */
export function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** The one in the middle; of an even number, the mean of the two. NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? Number.NaN) + upper) / 2;
}
