import { expect, test } from 'vitest';
import { changeBytes, cutFile, cutWriteAheadLog } from '../../src/log/libsql/damageChecks.ts';
import { testFolder } from '../../src/log/libsql/testing.ts';

const timeout = 30 * 60_000;

test('a write-ahead log that is cut around every frame, and elsewhere', { timeout }, async () => {
  const seen = await cutWriteAheadLog(testFolder(), 1, 1_000);
  console.log(JSON.stringify(seen));
  expect(seen.opened).toBeGreaterThan(1_500);
  expect(seen.entries).toBeGreaterThan(40_000);
});

test.each([
  ['that was closed', true, 1],
  ['whose write-ahead log was begun anew', false, 10],
])('a file %s and that is cut around many pages, and elsewhere', { timeout }, async (_, closed, every) => {
  const seen = await cutFile(testFolder(), closed, every, 300);
  console.log(JSON.stringify(seen));
  expect(seen.opened).toBeGreaterThan(400);
  expect(seen.outcomes['log_corrupt']).toBeGreaterThan(300);
});

test('a file of which one byte has changed, many times', { timeout }, async () => {
  const seen = await changeBytes(testFolder(), 3_000);
  console.log(JSON.stringify(seen));
  expect(seen.opened).toBe(3_000);
  expect(seen.outcomes['1 log_corrupt']).toBeGreaterThan(1_000);
});
