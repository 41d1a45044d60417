import { type FrameCounters, type FrameOutcome } from './types.ts';

/** Counters of a slot or a sender that has had no frame. */
export const noFrames = (): Record<FrameOutcome, number> => ({
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
});

/** Adds counters up. */
export function sumOf(all: readonly FrameCounters[]): FrameCounters {
  const sum = noFrames();
  for (const counters of all)
    for (const outcome of Object.keys(sum) as FrameOutcome[]) sum[outcome] += counters[outcome];
  return sum;
}
