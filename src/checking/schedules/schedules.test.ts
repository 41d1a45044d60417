/** The pieces of random schedules: what they hold at least, how they are judged, and that memory is watched. */
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { seedOfRun } from './seed.ts';
import { FAULTS, schedules, type Command } from './commands.ts';
import { HeapWatch } from './HeapWatch.ts';
import { ABSTRACT } from './kinds.ts';
import { play } from './play.ts';
import { ORANGE } from './shapes.ts';
import { soak } from './soak.ts';
import { Statistics } from './Statistics.ts';

const times = (commands: readonly Command[], ...actions: readonly string[]): number =>
  commands.filter(({ action }) => actions.includes(action)).length;

describe('schedules', () => {
  test('hold what they are to hold at least, and shrink below it', () => {
    const seed = seedOfRun();
    const atLeast = { join: 5, leave: 3, fault: 2 };
    const made = fc.sample(schedules({ length: [20, 30], dishonest: true, atLeast }), { seed, numRuns: 100 });
    for (const commands of made) {
      expect(commands.length).toBeGreaterThanOrEqual(30);
      expect(times(commands, 'join')).toBeGreaterThanOrEqual(5);
      expect(times(commands, 'leave')).toBeGreaterThanOrEqual(3);
      expect(times(commands, ...FAULTS)).toBeGreaterThanOrEqual(2);
    }
    const { counterexample } = fc.check(
      fc.property(
        schedules({ length: [20, 30], dishonest: false, atLeast }),
        (commands) => times(commands, 'leave') < 2,
      ),
      { seed },
    );
    expect(
      counterexample?.[0].map(({ action }) => action),
      `FAST_CHECK_SEED=${seed}`,
    ).toEqual(['leave', 'leave']);
  });

  test('of comings and goings have 5 joins, 3 leaves after somebody came, and a crash or none', () => {
    expect(ORANGE).toHaveLength(4);
    for (const { name, schedules: made } of ORANGE) {
      for (const commands of fc.sample(made, { seed: 1, numRuns: 50 })) {
        expect([times(commands, 'join'), times(commands, 'leave')]).toEqual([5, 3]);
        expect(times(commands, 'crash')).toBe(name.includes('one crash') ? 1 : 0);
        expect(commands.find(({ action }) => action === 'join' || action === 'leave')?.action).toBe('join');
      }
    }
  });
});

test('a rule that decides nothing is named', () => {
  const statistics = new Statistics();
  const commands = (['join', 'catchUp', 'act', 'append', 'catchUp'] as const).map((action) => ({
    action,
    pick: 0,
  }));
  statistics.take(play(ABSTRACT.world(), commands, ABSTRACT.adds).counts);
  expect(statistics.decidedIn('Designated')).toBe(0);
  expect(statistics.idleRules(0.01)).toContain('Current');
  expect(statistics.belowFloors({ steps: 3, epochs: 1, 'read: commit': 1 })).toEqual(['read: commit: 0 < 1']);
});

describe('memory', () => {
  const watched = (of: (look: number) => number): HeapWatch => {
    const watch = new HeapWatch();
    const usage = vi.spyOn(process, 'memoryUsage');
    for (let look = 0; look < 40; look++) {
      usage.mockReturnValueOnce({
        heapUsed: of(look) * 2 ** 20,
        external: 0,
        rss: 0,
        heapTotal: 0,
        arrayBuffers: 0,
      });
      watch.look();
    }
    usage.mockRestore();
    return watch;
  };

  test('that goes up and down is flat, one that climbs is not', () => {
    expect(watched((look) => 100 + (look % 5) * 30).grows).toBe(false);
    const climbing = watched((look) => 50 + look * 5);
    expect([climbing.grows, ...climbing.mebibytes]).toEqual([true, 100, 200]);
  });
});

test('a soak plays each shape so often, and stops in time', async () => {
  const told: number[] = [];
  const how = { shapes: ORANGE, runs: 30, until: Infinity, seed: 4 };
  const { statistics, failure, heap } = await soak(ABSTRACT, { ...how, progress: (n) => void told.push(n) });
  expect(failure).toBe(null);
  expect([...statistics.values()].map((it) => it.schedules)).toEqual([30, 30, 30, 30]);
  expect([heap.looks, told.at(-1)]).toEqual([8, 30]);
  const late = await soak(ABSTRACT, { ...how, until: performance.now() - 1, progress: () => undefined });
  expect([...late.statistics.values()].every((it) => it.schedules === 0)).toBe(true);
});
