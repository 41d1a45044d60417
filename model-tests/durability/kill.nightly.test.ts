import { expect, test } from 'vitest';
import { killAgainAndAgain } from '../../src/log/libsql/kills.ts';
import { testFolder } from '../../src/log/libsql/testing.ts';

const KILLS = 240;
const MINUTES = 30;

test(
  'killed hundreds of times, the log loses nothing that it acknowledged',
  { timeout: MINUTES * 60_000 },
  async () => {
    const seen = await killAgainAndAgain(testFolder(), KILLS, () => Math.random() * 800);
    console.log(JSON.stringify(seen));
    expect(seen.kills).toBe(KILLS);
    expect(seen.acknowledged).toBeGreaterThan(40 * KILLS);
    expect(seen.found).toBeGreaterThan(40 * KILLS);
    // Some processes were killed between the write and the word of it: so the moments were not all harmless ones.
    expect(seen.unacknowledged).toBeGreaterThan(KILLS / 10);
    expect(seen.dropped).toBeGreaterThan(KILLS / 10);
  },
);
