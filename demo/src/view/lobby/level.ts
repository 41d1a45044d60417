/** The quietest that shows, in decibels below full scale: about that of a silent room. */
const QUIETEST = -60;

/** How loud sound is, from 0 (nothing to hear) to 1 (full scale), evenly in decibels, as ears have it. Samples from -1 to 1. */
export function level(samples: Float32Array): number {
  const squares = samples.reduce((sum, sample) => sum + sample * sample, 0);
  const decibels = 10 * Math.log10(squares / Math.max(1, samples.length));
  return Math.min(1, Math.max(0, 1 - decibels / QUIETEST));
}
