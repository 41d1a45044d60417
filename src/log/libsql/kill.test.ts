import { expect, test } from 'vitest';
import { killAgainAndAgain } from './kills.ts';
import { testFolder } from './testing.ts';

const KILLS = 4;

test('a process that is killed loses nothing that it acknowledged (more kills in the long tier)', async () => {
  const seen = await killAgainAndAgain(testFolder(), KILLS, () => 20 + Math.random() * 60);
  console.log(JSON.stringify(seen));
  expect(seen.kills).toBe(KILLS);
  expect(seen.acknowledged).toBeGreaterThan(10 * KILLS);
  expect(seen.found).toBeGreaterThan(10 * KILLS);
});
