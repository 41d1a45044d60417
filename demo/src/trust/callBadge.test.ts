import { expect, test } from 'vitest';
import type { TileState } from '../view/states.ts';
import { callBadge, type Sender } from './callBadge.ts';

const STATES: Readonly<Record<TileState, true>> = {
  open: true,
  none: true,
  waiting: true,
  idle: true,
  'no key yet': true,
  'newer epoch': true,
  'older epoch': true,
  'forged or forked': true,
  replayed: true,
  malformed: true,
  'codec not supported': true,
  'browser not supported': true,
  behind: true,
  failed: true,
};
const states = Object.keys(STATES) as TileState[];
const sender = (name: string, state: TileState, own = false): Sender => ({ name, own, state });

test('green exactly where there are keys, no alarm, and whoever sends is open: every pair of states', () => {
  let [green, seen] = [0, 0];
  for (const one of states)
    for (const other of states)
      for (const epoch of [null, 0, 7])
        for (const alarm of [null, 'The codes differ']) {
          const { tone, text } = callBadge([sender('Anna', one, true), sender('Ben', other)], epoch, alarm);
          const sending = [one, other].filter((state) => state !== 'none');
          const good =
            epoch !== null &&
            alarm === null &&
            sending.length > 0 &&
            sending.every((state) => state === 'open');
          expect([one, other, epoch, alarm, tone === 'good']).toEqual([one, other, epoch, alarm, good]);
          expect(text.length).toBeGreaterThan(5);
          seen += 1;
          green += Number(tone === 'good');
        }
  console.log(`${seen} badges, ${green} green`);
  expect([seen, green]).toEqual([14 * 14 * 6, 6]);
});

test('it counts who sends, and names who is not open, the worst first', () => {
  const well = [sender('Anna', 'open', true), sender('Ben', 'open'), sender('Carol', 'none')];
  expect(callBadge(well, 3, null)).toEqual({
    tone: 'good',
    text: "All 2 senders encrypted with this group's keys",
  });
  const unwell = [...well, sender('Dave', 'older epoch'), sender('Eve', 'forged or forked')];
  expect(callBadge(unwell, 3, null)).toEqual({
    tone: 'bad',
    text: 'Not all open: Eve (forged or forked), Dave (older epoch)',
  });
  const many = ['a', 'b', 'c', 'd', 'e'].map((name) => sender(name, 'idle'));
  expect(callBadge(many, 3, null).text).toMatch(/c \(nothing comes\), and 2 more$/);
  expect(callBadge([sender('Anna', 'idle', true)], 3, null).text).toContain('you (nothing goes out)');
});

test('nobody who sends, no keys and an alarm are never green', () => {
  expect(callBadge([], 3, null)).toEqual({ tone: 'quiet', text: 'Nobody sends anything' });
  expect(callBadge([sender('Ben', 'open')], null, null).tone).toBe('wait');
  expect(callBadge([sender('Ben', 'open')], 3, 'The call is split')).toEqual({
    tone: 'bad',
    text: 'The call is split',
  });
});
