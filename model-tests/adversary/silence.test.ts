/** A service that shows nothing more: what a member does and is told, and when, by its own clock. Real MLS. */
import { afterEach, beforeAll, expect, test } from 'vitest';
import { loadMlsInNode } from '../../src/mls/node.ts';
import type { Participant } from '../../src/participant/Participant.ts';
import { TestRoom } from '../../src/participant/testRoom.ts';
import { PERIODS } from '../../src/participant/timers/periods.ts';
import { FakeClock } from '../../src/participant/timers/testing.ts';
import { CUT_OFF_MS } from './silence.ts';

beforeAll(loadMlsInNode);

let clock: FakeClock;
let room: TestRoom | undefined;
afterEach(() => room?.session.leave());

/** The session is a member beside the designated committer. */
async function member(): Promise<[TestRoom, Participant]> {
  clock = new FakeClock();
  const it = (room = new TestRoom({ clock, periods: { rotationMs: PERIODS.rotationMs } }));
  const other = it.foundedBySomebodyElse();
  await it.reaches('waiting.idle');
  it.actsFor(other);
  expect(it.state).toBe('member.follower.idle');
  return [it, other];
}

function pass(milliseconds: number): void {
  const until = clock.now() + milliseconds;
  while (clock.next(until));
}

test('nothing at all: it is told after two rotation periods that it may be cut off, and not before', async () => {
  const [it, other] = await member();
  it.silentFrom = it.entries.length + 1;
  it.append(it.somebodyElse('cd').join);
  other.read(it.entries.at(-1)!);
  other.act();
  const suspected = (): number =>
    it.events.filter((event) => event.type === 'maybeCutOff' && event.suspected).length;
  pass(CUT_OFF_MS - 1);
  expect(suspected()).toBe(0);
  pass(1);
  expect(suspected()).toBe(1);
  expect(it.session.participant?.ended).toBe(false);
});

test('a join, and not the commit that admits it: it claims after T, which is all that it can do', async () => {
  const [it] = await member();
  it.append(it.somebodyElse('cd').join);
  const claims = (): number => it.kinds.filter((kind) => kind === 'claim').length;
  pass(PERIODS.silenceMs - 1);
  expect(claims()).toBe(0);
  pass(1 + PERIODS.staggerMs);
  expect(claims()).toBe(1);
});
