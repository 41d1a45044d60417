import { expect, test } from 'vitest';
import { changeBytes, cutFile, cutWriteAheadLog } from './damageChecks.ts';
import { testFolder } from './testing.ts';

/** All of them, and many more, in the long tier. */
test('a write-ahead log that is cut anywhere: all that was acknowledged up to there', async () => {
  const seen = await cutWriteAheadLog(testFolder(), 6, 20);
  console.log(JSON.stringify(seen));
  expect(seen.opened).toBeGreaterThan(100);
  expect(seen.entries).toBeGreaterThan(1_000);
});

test.each([
  ['that was closed', true, 4],
  ['whose write-ahead log was begun anew', false, 60],
])('a file %s and that is cut anywhere: all of it, or a typed error', async (_, closed, every) => {
  const seen = await cutFile(testFolder(), closed, every, 20);
  console.log(JSON.stringify(seen));
  expect(seen.opened).toBeGreaterThan(50);
  expect(seen.outcomes['log_corrupt']).toBeGreaterThan(20);
});

test('a file of which one byte has changed: each room is whole, or has a typed error', async () => {
  const seen = await changeBytes(testFolder(), 100);
  console.log(JSON.stringify(seen));
  expect(seen.opened).toBe(100);
  // A room of its own, and not the others.
  expect(seen.outcomes['1 log_corrupt']).toBeGreaterThan(30);
});
