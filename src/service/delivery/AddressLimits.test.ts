import { describe, expect, test } from 'vitest';
import { AddressLimits } from './AddressLimits.ts';
import { SERVICE_LIMITS, type ServiceLimits } from './limits.ts';

const clock = { now: 0 };
const make = (limits: Partial<ServiceLimits> = {}) =>
  new AddressLimits({ ...SERVICE_LIMITS, ...limits }, () => clock.now);

describe('what an address uses up', () => {
  test('a rate comes back with time, up to the burst', () => {
    const all = make({ joinBurst: 3, joinsPerMinute: 60, roomBurst: 1, roomsPerMinute: 6 });
    const joins = (count: number): boolean[] => Array.from({ length: count }, () => all.join('a'));
    expect(joins(4)).toEqual([true, true, true, false]);
    clock.now += 2_000;
    expect(joins(3)).toEqual([true, true, false]);
    clock.now += 3_600_000;
    expect(joins(4)).toEqual([true, true, true, false]);
    expect([all.room('a'), all.room('a'), all.room('b')]).toEqual([true, false, true]);
  });

  test('a place comes back when it is given back, and never more', () => {
    const all = make({ connectionsPerAddress: 1, socketsPerAddress: 2 });
    expect([all.open('a', 'connections'), all.open('a', 'connections')]).toEqual([true, false]);
    expect([all.open('a', 'sockets'), all.open('b', 'connections')]).toEqual([true, true]);
    for (let i = 0; i < 3; i++) all.close('a', 'connections');
    expect([all.open('a', 'connections'), all.open('a', 'connections')]).toEqual([true, false]);
    all.close('nobody', 'sockets');
  });

  test('what it remembers is bounded, and who is here is not forgotten', () => {
    const all = make({ connectionsPerAddress: 1 });
    all.open('here', 'connections');
    for (let i = 0; i < 50_000; i++) all.join(`a${i}`);
    console.log(`${all.size} of 50,001 addresses remembered`);
    expect(all.size).toBeLessThanOrEqual(10_001);
    expect(all.size).toBeGreaterThan(1_000);
    expect(all.open('here', 'connections')).toBe(false);
  });
});
