import { describe, expect, test } from 'vitest';
import { planOf } from './plan.ts';

describe('who goes when', () => {
  test('as many as were asked for, spread over all, the first among them', () => {
    let plans = 0;
    for (let count = 1; count <= 24; count++)
      for (let leave = 0; leave < count; leave++)
        for (let crash = 0; leave + crash < count; crash++) {
          const plan = planOf({ count, leave, crash });
          const going = (how: string): number => plan.filter((part) => part?.going === how).length;
          expect([plan.length, going('leaves'), going('crashes')]).toEqual([count, leave, crash]);
          if (leave + crash > 0) expect(plan[0]).toEqual({ going: plan[0]?.going, moment: 'member' });
          plans++;
        }
    expect(plans).toBe(2_600);
  });

  test('members and those who wait by turns, both ways mixed', () => {
    const parts = planOf({ count: 16, leave: 4, crash: 4 }).filter((part) => part !== null);
    const words = parts.map(({ going, moment }) => `${going} ${moment}`);
    expect(words).toEqual([
      ...['crashes member', 'leaves member', 'crashes waiting', 'leaves waiting'],
      ...['crashes member', 'leaves member', 'crashes waiting', 'leaves waiting'],
    ]);
  });

  test('somebody stays', () => {
    expect(() => planOf({ count: 5, leave: 3, crash: 2 })).toThrow(RangeError);
    expect(planOf({ count: 1, leave: 0, crash: 0 })).toEqual([null]);
  });
});
