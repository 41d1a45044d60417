import { expect, test } from 'vitest';
import { level } from './level.ts';

/** Ten periods of a tone. */
const tone = (amplitude: number): Float32Array =>
  Float32Array.from({ length: 1_000 }, (_, at) => amplitude * Math.sin((at * Math.PI) / 50));

test('from silence to full scale, evenly in decibels', () => {
  expect(level(new Float32Array(1_000))).toBe(0);
  expect(level(new Float32Array(0))).toBe(0);
  // 60 dB below full scale, and less.
  expect(level(tone(0.0005))).toBe(0);
  // A tone of full scale has 3 dB less than a square wave has.
  expect(level(tone(1))).toBeCloseTo(0.95, 2);
  expect(level(new Float32Array(1_000).fill(-1))).toBe(1);
  // Half as much amplitude is 6 dB, a tenth of the way.
  expect(level(tone(0.5)) - level(tone(0.25))).toBeCloseTo(0.1, 2);
  expect(level(tone(4))).toBe(1);
});
