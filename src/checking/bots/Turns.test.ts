import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { laneClock } from './laneClock.ts';
import { Turns, type Lane } from './Turns.ts';

const busy = (milliseconds: number): void => {
  const until = performance.now() + milliseconds;
  while (performance.now() < until);
};

test('lanes take turns, each in its order', async () => {
  const turns = new Turns();
  const done: string[] = [];
  const lanes = ['a', 'b', 'c'].map((name): [string, Lane] => [name, turns.lane()]);
  for (const [name, lane] of lanes) for (const n of [1, 2, 3]) lane.push(() => void done.push(`${name}${n}`));
  expect(done).toEqual([]);
  await pause(20);
  expect(done).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'c2', 'a3', 'b3', 'c3']);
});

test('timers have their turn between slices', async () => {
  const lane = new Turns().lane();
  let [left, leftAtTimer] = [40, 0];
  for (let i = 0; i < 40; i++)
    lane.push(() => {
      busy(3);
      left--;
    });
  setTimeout(() => (leftAtTimer = left), 5);
  await expect.poll(() => left, { timeout: 5_000 }).toBe(0);
  expect(leftAtTimer).toBeGreaterThan(10);
});

test('work that throws ends neither its lane nor others; what is cleared is not done', async () => {
  const turns = new Turns();
  const done: string[] = [];
  const [a, b, c] = [turns.lane(), turns.lane(), turns.lane()];
  const thrown: unknown[] = [];
  const catches = (error: unknown): void => void thrown.push(error);
  const others = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException').on('uncaughtException', catches);
  try {
    a.push(() => {
      throw new Error('first');
    });
    a.push(() => void done.push('a'));
    b.push(() => void done.push('b'));
    c.push(() => void done.push('c'));
    c.clear();
    await pause(30);
  } finally {
    process.off('uncaughtException', catches);
    for (const other of others) process.on('uncaughtException', other);
  }
  expect([done.toSorted(), thrown.map(String)]).toEqual([['a', 'b'], ['Error: first']]);
});

test('a timer of a bot waits behind what the bot has heard, and is not called once it is stopped', async () => {
  const lane = new Turns().lane();
  const { after } = laneClock(lane);
  const done: string[] = [];
  for (let i = 0; i < 20; i++)
    lane.push(() => {
      busy(4);
      done.push('heard');
    });
  after(1, () => void done.push('timer'));
  after(10_000, () => void done.push('never'))();
  const stop = after(0, () => void done.push('stopped'));
  lane.push(() => stop());
  await expect.poll(() => done.length, { timeout: 5_000 }).toBe(21);
  expect(done.at(-1)).toBe('timer');
});
