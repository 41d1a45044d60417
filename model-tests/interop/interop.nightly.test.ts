/** As `interop.test.ts`, for longer: thousands of commits in groups of our MLS core and ts-mls. */
import { beforeAll, expect, test } from 'vitest';
import { loadMlsInNode } from '../../src/mls/node.ts';
import { seedOfRun } from '../../src/checking/schedules/seed.ts';
import { COMMITS, excusedShare, floors, runGroups } from './run.ts';

beforeAll(loadMlsInNode);

const GROUPS = 50;

test('groups of mls-rs and ts-mls are one group for thousands of commits', async () => {
  const counts = await runGroups(seedOfRun(), GROUPS);
  expect(counts.below(floors(GROUPS * COMMITS))).toEqual([]);
  expect(excusedShare(counts)).toBeLessThan(0.5);
});
