/** What a session does by itself, what it says of a split log, and what it does with a draft that is refused. */
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { loadMlsInNode } from '../mls/node.ts';
import { nextHash, originOf } from '../protocol/wire/hashes.ts';
import { encodeHeader, type Header } from '../protocol/wire/header.ts';
import { signedContent } from '../protocol/wire/signature.ts';
import type { Participant } from './Participant.ts';
import { TestRoom } from './testRoom.ts';
import { FakeClock } from './timers/testing.ts';

beforeAll(loadMlsInNode);

const T = 5_000;
let room: TestRoom | undefined;
let clock: FakeClock;
function newRoom(): TestRoom {
  clock = new FakeClock();
  return (room = new TestRoom({ clock, periods: { rotationMs: 60_000 } }));
}
afterEach(() => {
  room?.session.leave();
  expect(clock.timers).toBe(0);
});

function pass(milliseconds: number): void {
  const until = clock.now() + milliseconds;
  while (clock.next(until));
}
const notices = ({ events }: TestRoom): unknown[] =>
  events.filter(({ type }) => ['maybeCutOff', 'comparing', 'split'].includes(type));

/** The session is a member beside somebody else, who is the designated committer. */
async function member(): Promise<[TestRoom, Participant]> {
  const room = newRoom();
  const other = room.foundedBySomebodyElse();
  await room.reaches('waiting.idle');
  room.actsFor(other);
  expect(room.state).toBe('member.follower.idle');
  return [room, other];
}

describe('by itself', () => {
  test('claims where the only member is silent, founds, and hands its role over', async () => {
    const room = newRoom();
    room.foundedBySomebodyElse();
    await room.reaches('waiting.idle');
    pass(T - 1);
    expect(room.kinds.slice(2)).toEqual(['join']);
    pass(1);
    expect(room.kinds.slice(3)).toEqual(['claim', 'found']);
    expect(room.state).toBe('member.designated.idle');
  });

  test('hands its role over after its time, and not while its user compares codes', async () => {
    const [room, other] = await member();
    other.handOver();
    room.tellEntry(room.entries.length);
    expect(room.kinds.slice(-2)).toEqual(['handover', 'commit']);
    room.session.comparing(true);
    pass(100_000);
    expect(room.kinds.at(-1)).toBe('commit');
    pass(20_000);
    expect(room.kinds.at(-1)).toBe('handover');
    expect(notices(room)).toEqual([
      { type: 'comparing', on: true },
      { type: 'comparing', on: false },
    ]);
  });

  test('drafts nothing while the connection is lost, and reads first when it is back', async () => {
    const [room, other] = await member();
    room.append(room.somebodyElse('cd').join);
    room.opens = false;
    room.wire.lost();
    await room.connections(2);
    pass(10 * T);
    expect([room.kinds.at(-1), room.state]).toEqual(['join', 'member.follower.idle']);
    room.silentFrom = room.entries.length + 1;
    // Meanwhile the other one has admitted who waits.
    for (let at = other.view.position; at < room.entries.length; at++) other.read(room.entries[at]!);
    other.act();
    room.opened(room.wire);
    pass(10 * T);
    expect(room.kinds.slice(-2)).toEqual(['join', 'commit']);
    expect(room.wire.types).toEqual(['resume']);
  });

  test('does what was due meanwhile when the connection is back and there is nothing to read', async () => {
    const [room] = await member();
    room.append(room.somebodyElse('cd').join);
    room.opens = false;
    room.wire.lost();
    await room.connections(2);
    pass(10 * T);
    room.opened(room.wire);
    expect(room.kinds.slice(-3)).toEqual(['join', 'claim', 'commit']);
    expect(room.wire.types).toEqual(['resume', 'append', 'append']);
  });

  // A service that has lost its log starts another one: what the participant of the old one would do is nothing there.
  test('drafts nothing once another log has begun', async () => {
    const [room] = await member();
    room.append(room.somebodyElse('cd').join);
    room.opens = false;
    room.wire.lost();
    await room.connections(2);
    room.losesItsLog();
    room.opened(room.wire);
    pass(10 * T);
    expect(room.wire.types).toEqual([]);
    await room.reaches('member.designated.idle');
    expect(room.kinds).toEqual(['join', 'found']);
  });

  test('tells that it may be cut off, and that it is not', async () => {
    const [room, other] = await member();
    pass(120_000 - 1);
    expect(notices(room)).toEqual([]);
    pass(1);
    expect(notices(room)).toEqual([{ type: 'maybeCutOff', suspected: true }]);
    room.append(room.somebodyElse('cd').join);
    room.actsFor(other);
    expect(notices(room).slice(1)).toEqual([{ type: 'maybeCutOff', suspected: false }]);
  });

  test('tells nothing of a participant that has ended', async () => {
    const [room] = await member();
    pass(120_000);
    room.session.comparing(true);
    room.declaresGone();
    expect(notices(room).slice(1)).toEqual([
      { type: 'comparing', on: true },
      { type: 'maybeCutOff', suspected: false },
      { type: 'comparing', on: false },
    ]);
    expect(clock.timers).toBe(0);
  });
});

describe('an entry of the other half of a split log', () => {
  const on = 'ef'.repeat(32);
  function handover(
    room: TestRoom,
    { mls, id }: Pick<Participant, 'id' | 'mls'>,
    at: number,
    hash = on,
  ): void {
    const draft: Header = { kind: 'handover', log: room.log.id, author: id, at, on: hash };
    const header = encodeHeader(draft);
    room.append({ header, signature: mls.sign(signedContent(header)), payload: new Uint8Array() });
  }

  // "a mismatch counts for nothing, is shown, and ends nobody"
  test.each([
    ['that would be current', 4],
    ['from before the last change', 2],
    ['from the start', 0],
    ['by somebody who has read more than there is', 90],
  ])('%s is told, with its author and position', async (_, at) => {
    const [room, other] = await member();
    handover(room, other, at);
    expect(notices(room)).toMatchObject([{ type: 'split', author: other.id, position: 5 }]);
    expect(room.state).toBe('member.follower.idle');
  });

  test('is not taken for one that is late, or forged', async () => {
    const [room, other] = await member();
    const hashOf = (length: number): string =>
      room.entries.slice(0, length).reduce(nextHash, originOf(room.log.id));
    for (const at of [0, 3, 4]) handover(room, other, at, hashOf(at));
    // Signed by the session's own key in the other's name.
    handover(room, { mls: room.session.participant!.mls, id: other.id }, 4);
    const steps = room.events.flatMap((it) => (it.type === 'step' ? [it.step] : []));
    const theirs = steps.filter(({ placed }) => placed !== null && placed.position > 4);
    const refusals = theirs.flatMap(({ placed, refusal }) =>
      placed?.entry.author === other.id ? [refusal] : [],
    );
    expect(refusals).toEqual(['Current', 'Current', null, 'void']);
    expect(notices(room)).toEqual([]);
  });
});

describe('a draft that the service refuses', () => {
  const refuses = (room: TestRoom): void =>
    room.wire.tells({ type: 'error', code: 'entry_refused', message: 'no', fatal: false });

  test('once is sent again', async () => {
    const room = newRoom();
    room.takesAppends = false;
    await room.reaches('waiting.founding');
    room.takesAppends = true;
    refuses(room);
    await room.reaches('member.designated.idle');
    expect([room.kinds, room.participants]).toEqual([['join', 'found'], 1]);
    expect(room.codes).toEqual(['entry_refused']);
  });

  test('twice is given up: a new participant joins', async () => {
    const room = newRoom();
    room.takesAppends = false;
    await room.reaches('waiting.founding');
    const first = room.session.participant;
    refuses(room);
    refuses(room);
    expect(room.wires[0]!.closedWith).toBe(1000);
    room.takesAppends = true;
    await room.connections(2);
    await room.reaches('waiting.idle');
    expect(room.session.participant).not.toBe(first);
  });

  test('again and again ends the attempts', async () => {
    const room = newRoom();
    room.takesAppends = false;
    for (let i = 1; i <= 8; i++) {
      await room.connections(i);
      await room.reaches(i === 1 ? 'waiting.founding' : 'waiting.idle');
      refuses(room);
      refuses(room);
    }
    await expect.poll(() => room.codes.at(-1), { timeout: 20_000 }).toBe('gave_up');
  });
});
