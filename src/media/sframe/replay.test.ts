import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { REPLAY_WINDOW } from './limits.ts';
import { ReplayWindow } from './replay.ts';
import { seeded } from './testing.ts';

describe('replay window', () => {
  it('does what a set of all counters seen, with a horizon, does', () => {
    const step = fc.oneof(
      fc.bigInt({ min: -40n, max: 40n }),
      fc.bigInt({ min: -2_000n, max: 2_000n }),
      fc.bigInt({ min: 0n, max: 2n ** 40n }),
    );
    let marks = 0;
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120, size: 'max' }), (steps) => {
        const window = new ReplayWindow();
        const seen = new Set<bigint>();
        let highest = -1n;
        let ctr = 0n;
        for (const by of steps) {
          ctr = ctr + by < 0n ? 0n : ctr + by;
          const replay = seen.has(ctr) || highest - ctr >= BigInt(REPLAY_WINDOW);
          expect(window.isReplay(ctr)).toBe(replay);
          expect(window.mark(ctr)).toBe(!replay);
          if (!replay) seen.add(ctr);
          if (!replay && ctr > highest) highest = ctr;
          marks += 1;
        }
      }),
      seeded('replay window against a set', 300),
    );
    console.log(`replay window: ${marks} counters compared`);
    expect(marks).toBeGreaterThan(1_000);
  });

  it('takes a gap of any size', () => {
    const window = new ReplayWindow();
    for (const ctr of [0n, 1_000n, 2n ** 32n, 2n ** 64n - 1n]) expect(window.mark(ctr)).toBe(true);
    expect(window.mark(2n ** 64n - 1n)).toBe(false);
    expect(window.mark(2n ** 64n - 2n)).toBe(true);
  });
});
