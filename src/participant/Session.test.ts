import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { packEntry } from '../log/messages.ts';
import { loadMlsInNode } from '../mls/node.ts';
import { createMlsGroup } from '../mls/wasm.ts';
import { stateOf } from './recording.ts';
import { NOW } from './testing.ts';
import { TestRoom, TOKEN } from './testRoom.ts';

beforeAll(loadMlsInNode);

const DC = 'member.designated.idle';
let room: TestRoom | undefined;
const newRoom = (): TestRoom => (room = new TestRoom());
afterEach(() => {
  room?.session.leave();
  vi.useRealTimers();
});

describe('a log that takes nothing', () => {
  const told = { type: 'error', code: 'log_unavailable', message: 'full', fatal: false } as const;

  test('gets what is in flight again after a while, until it has it', async () => {
    vi.useFakeTimers();
    const room = newRoom();
    room.takesAppends = false;
    await room.reaches('waiting.founding');
    for (let times = 1; times <= 3; times++) {
      // Told twice, by its own entry and by somebody else's, it is sent once.
      room.wire.tells(told);
      room.wire.tells(told);
      await vi.advanceTimersByTimeAsync(4_900);
      expect(room.wire.types.filter((type) => type === 'append')).toHaveLength(times);
      room.takesAppends = times === 3;
      await vi.advanceTimersByTimeAsync(200);
      expect(room.wire.types.filter((type) => type === 'append')).toHaveLength(times + 1);
    }
    await room.reaches(DC);
    await vi.advanceTimersByTimeAsync(20_000);
    expect([room.wires.length, room.participants, room.kinds]).toEqual([1, 1, ['join', 'found']]);
    expect(room.codes).toEqual(Array<string>(6).fill('log_unavailable'));
  });

  test('not even a join: it is tried again, less and less often, and then it is over', async () => {
    vi.useFakeTimers();
    const room = newRoom();
    room.foundedBySomebodyElse();
    room.takesJoins = false;
    const waits: number[] = [];
    for (let i = 1, before = Date.now(); i <= 8; i++, before = Date.now()) {
      await vi.waitFor(() => expect([room.wires.length, room.wire.types]).toEqual([i, ['join']]), {
        timeout: 20_000,
      });
      waits.push(Date.now() - before);
      room.wire.tells({ ...told, fatal: true });
      room.wire.lost();
    }
    await vi.waitFor(() => expect(room.codes).toHaveLength(9), { timeout: 20_000 });
    expect(Math.min(...waits.slice(-2))).toBeGreaterThanOrEqual(4_000);
    expect(room.codes.slice(-2)).toEqual(['log_unavailable', 'gave_up']);
    expect(room.events.at(-1)).toEqual({ type: 'connection', state: 'closed' });
  });
});

describe('a lost connection', () => {
  test('is resumed as the same participant, and what was in flight is sent again', async () => {
    const room = newRoom();
    room.takesAppends = false;
    await room.reaches('waiting.founding');
    const { participant } = room.session;
    const [sent] = room.wire.said.slice(-1);
    room.takesAppends = true;
    room.wire.lost();
    await room.connections(2);
    await room.reaches(DC);
    expect(room.session.participant).toBe(participant);
    expect(room.wire.types).toEqual(['resume', 'append']);
    expect(room.wire.said[0]).toMatchObject({ participant: participant!.id, token: TOKEN, from: 2 });
    expect(room.wire.said[1]).toEqual(sent);
    expect([room.kinds, room.participants, room.codes]).toEqual([['join', 'found'], 1, []]);
  });

  test('does not send again what the log turns out to have', async () => {
    const room = newRoom();
    room.silentFrom = 2;
    await room.reaches('waiting.founding');
    expect(room.kinds).toEqual(['join', 'found']);
    room.wire.lost();
    room.silentFrom = Infinity;
    await room.connections(2);
    await room.reaches(DC);
    expect([room.wire.types, room.kinds]).toEqual([['resume'], ['join', 'found']]);
  });

  // A browser throws where a socket is not open yet: that must not cost the participant its life.
  test('while it is gone nothing is said, and what is drafted then goes out later', async () => {
    const room = newRoom();
    room.foundedBySomebodyElse();
    await room.reaches('waiting.idle');
    const { participant } = room.session;
    room.opens = false;
    room.wire.lost();
    await room.connections(2);
    room.session.sendRtc({ any: 'thing' });
    expect([participant!.claim(), room.state]).toEqual([true, 'waiting.claiming']);
    room.opened(room.wire);
    await room.reaches(DC);
    expect(room.wire.types).toEqual(['resume', 'append', 'append']);
    expect([room.session.participant, room.codes]).toEqual([participant, []]);
    expect(room.kinds).toEqual(['join', 'found', 'join', 'claim', 'found']);
  });

  test('of a participant that may not come back is followed by a new participant', async () => {
    const room = newRoom();
    await room.reaches(DC);
    const first = room.session.participant!.id;
    room.wire.tells({ type: 'error', code: 'unknown_participant', message: 'nobody', fatal: true });
    room.wire.lost();
    await vi.waitFor(() => expect(room.participants).toBe(2), 10_000);
    expect(room.session.participant!.id).not.toBe(first);
    expect(room.wire.types[0]).toBe('join');
  });

  test('is not tried again where it makes no sense', async () => {
    for (const code of ['not_invited', 'replaced', 'room_full', 'log_full', 'log_corrupt'] as const) {
      vi.useFakeTimers();
      const room = newRoom();
      await room.reaches(DC);
      room.wire.tells({ type: 'error', code, message: 'no', fatal: true });
      room.wire.lost();
      await vi.advanceTimersByTimeAsync(60_000);
      expect([room.wires.length, room.codes, room.events.at(-1)]).toEqual([
        1,
        [code],
        { type: 'connection', state: 'closed' },
      ]);
      vi.useRealTimers();
    }
  });
});

describe('a participant that cannot go on', () => {
  // "a participant declared gone, stuck or dead never returns under its id; it joins anew"
  test('was declared gone: a new one joins by itself', async () => {
    const room = newRoom();
    await room.reaches(DC);
    const first = room.session.participant!;
    room.declaresGone();
    expect([stateOf(first.snapshot), first.ended]).toEqual(['evicted', true]);
    expect(room.wires[0]!.closedWith).toBe(1000);
    await vi.waitFor(() => expect(room.participants).toBe(2), 10_000);
    await room.reaches(DC);
    expect(room.session.participant!.id).not.toBe(first.id);
    expect(room.kinds).toEqual(['join', 'found', 'leave', 'join', 'found']);
    expect(room.events.filter(({ type }) => type === 'participant')).toMatchObject([
      { attempt: 1 },
      { attempt: 2 },
    ]);
  });

  test('has lost its MLS core to a trap: it is told, and a new one joins with a fresh core', async () => {
    const room = newRoom();
    await room.reaches(DC);
    const first = room.session.participant;
    const other = room.somebodyElse();
    // The wasm instance traps where its random source throws.
    vi.spyOn(crypto, 'getRandomValues').mockImplementation(() => {
      throw new Error('no entropy');
    });
    expect(() => createMlsGroup({ participant: 'cd'.repeat(16), now: NOW })).toThrow('dead_instance');
    vi.restoreAllMocks();
    room.append(other.join);
    expect(room.codes).toEqual(['core_lost']);
    await vi.waitFor(() => expect(room.participants).toBe(2), 10_000);
    expect(room.session.participant).not.toBe(first);
    await room.reaches('waiting.idle');
  });

  test('is given up after some attempts in a row', async () => {
    vi.useFakeTimers();
    const room = newRoom();
    for (let i = 1; i <= 8; i++) {
      await vi.waitFor(() => expect(room.participants).toBe(i), { timeout: 20_000 });
      await vi.waitFor(() => expect(room.state).not.toBe('none'), { timeout: 20_000 });
      await room.reaches(DC);
      room.declaresGone();
    }
    await vi.waitFor(() => expect(room.codes).toEqual(['gave_up']), { timeout: 20_000 });
    await vi.advanceTimersByTimeAsync(60_000);
    expect([room.wires.length, room.events.at(-1)]).toEqual([9, { type: 'connection', state: 'closed' }]);
  });
});

describe('a service that says what it never says', () => {
  const cases: readonly (readonly [string, (room: TestRoom) => void])[] = [
    ['no message', ({ wire }) => wire.tellsText('hello')],
    ['bytes', ({ wire }) => wire.tellsText(new ArrayBuffer(3))],
    [
      'another error',
      ({ wire }) => wire.tellsText('{"type":"error","code":"odd","message":"","fatal":false}'),
    ],
    ['a message of a megabyte and more', ({ wire }) => wire.tellsText(`"${'x'.repeat(2 << 20)}"`)],
    [
      'an entry that is no base64url',
      ({ wire }) =>
        wire.tells({ type: 'entry', position: 3, entry: { header: 'A', signature: '', payload: '' } }),
    ],
    [
      'an entry out of order',
      ({ wire, entries }) => wire.tells({ type: 'entry', position: 9, entry: packEntry(entries[0]!) }),
    ],
    [
      'an entry with another payload',
      ({ wire, entries }) =>
        wire.tells({
          type: 'entry',
          position: 3,
          entry: packEntry({ ...entries[0]!, payload: new Uint8Array(3) }),
        }),
    ],
  ];
  test.each(cases)('%s: it is told, and the same participant goes on', async (_, says) => {
    const room = newRoom();
    await room.reaches(DC);
    const { participant } = room.session;
    says(room);
    expect(room.codes).toEqual(['bad_service']);
    // Not a close that the service would take for a leave.
    expect(room.wires[0]!.closedWith).toBe(4000);
    await room.connections(2);
    await vi.waitFor(() => expect(room.wire.types).toEqual(['resume']));
    expect([room.session.participant, room.state, room.participants]).toEqual([participant, DC, 1]);
    room.declaresGone();
    expect(participant!.ended).toBe(true);
  });

  test('an entry that it has read already is nothing', async () => {
    const room = newRoom();
    await room.reaches(DC);
    room.tellEntry(1);
    room.tellEntry(2);
    expect([room.codes, room.wires.length]).toEqual([[], 1]);
  });

  // A service that is always wrong is asked more and more seldom.
  test('again and again', async () => {
    vi.useFakeTimers();
    const room = newRoom();
    await room.reaches(DC);
    const started = room.wires.length;
    for (let second = 0; second < 60; second++) {
      if (room.wire.closedWith === null) room.wire.tellsText('hello');
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(room.wires.length - started).toBeLessThan(20);
    expect(room.wires.length - started).toBeGreaterThan(5);
    expect(room.participants).toBe(1);
  });
});

test('pings are answered, and messages of the forwarding server pass', async () => {
  const room = newRoom();
  await room.reaches(DC);
  room.wire.tells({ type: 'ping' });
  room.wire.tells({ type: 'rtc', message: { sdp: 1 } });
  room.session.sendRtc({ sdp: 2 });
  expect(room.wire.said.slice(-2)).toEqual([{ type: 'pong' }, { type: 'rtc', message: { sdp: 2 } }]);
  expect(room.events.at(-1)).toEqual({ type: 'rtc', message: { sdp: 1 } });
});

test('leaving says so, closes, and nothing happens any more', async () => {
  vi.useFakeTimers();
  const room = newRoom();
  await room.reaches(DC);
  const { participant } = room.session;
  room.session.leave();
  expect([participant!.ended, room.wire.types.at(-1), room.wire.closedWith]).toEqual([true, 'leave', 1000]);
  const events = room.events.length;
  room.session.leave();
  room.wire.lost();
  await vi.advanceTimersByTimeAsync(60_000);
  expect([room.events.length, room.wires.length]).toEqual([events, 1]);
});

test('leaving while the connection is lost does not bring it back', async () => {
  vi.useFakeTimers();
  const room = newRoom();
  await room.reaches(DC);
  room.wire.lost();
  room.session.leave();
  await vi.advanceTimersByTimeAsync(60_000);
  expect([room.wires.length, room.events.at(-1)]).toEqual([1, { type: 'connection', state: 'closed' }]);
});
