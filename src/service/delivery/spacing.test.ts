/** Rule Takeover, the service's part: how long a claim is held back. The clock is the test's. */
import { describe, expect, test, vi } from 'vitest';
import { SERVICE_LIMITS } from './limits.ts';
import { NoReader, pass, spacedRoom, standStill, T, trio } from './testRoom.ts';

standStill();

describe('a claim that comes early', () => {
  test('is appended at T since the duty began, and not before', async () => {
    const room = await trio();
    await room.joins('d');
    const from = room.length;
    room.claims('b', 'a');
    await pass(T - 10);
    expect([room.since(from), room.room.holds(room.id('b'))]).toEqual([[], true]);
    await pass(20);
    expect([room.since(from), room.room.holds(room.id('b'))]).toEqual([['b claim'], false]);
  });

  test('is appended at T since the term began', async () => {
    const room = await trio();
    await room.joins('d');
    await pass(3 * T);
    await room.room.leave(room.id('a'));
    const from = room.length;
    room.claims('c', 'b');
    await pass(T - 10);
    expect(room.since(from)).toEqual([]);
    await pass(20);
    expect(room.since(from)).toEqual(['c claim']);
  });

  // "doubled for each claim of the epoch"
  test('waits for T doubled after a claim of the epoch, and T again after a commit', async () => {
    const room = await trio();
    await room.joins('d');
    await pass(T);
    const from = room.length;
    room.claims('b', 'a');
    await pass(0);
    room.claims('c', 'b');
    await pass(2 * T - 10);
    expect(room.since(from)).toEqual(['b claim']);
    await pass(20);
    room.claims('a', 'c');
    await pass(4 * T - 20);
    expect(room.since(from)).toEqual(['b claim', 'c claim']);
    await pass(20);
    expect(room.since(from)).toEqual(['b claim', 'c claim', 'a claim']);
    await room.commits('a', ['d']);
    await room.joins('e');
    room.claims('b', 'a');
    await pass(T + 10);
    expect(room.since(from).slice(3)).toEqual(['a commit', 'e join', 'b claim']);
  });

  // "with one live member left, a waiting participant may claim"
  test('is one of who waits, where only one member is live', async () => {
    const room = spacedRoom();
    await room.joins('a');
    await room.founds('a');
    await room.joins('b');
    room.claims('b', 'a');
    await pass(T - 10);
    expect(room.since(3)).toEqual([]);
    await pass(20);
    expect(room.since(3)).toEqual(['b claim']);
  });

  test('goes at once as soon as it counts for nothing: its author may have more to say', async () => {
    const room = await trio();
    await room.joins('d');
    const from = room.length;
    room.claims('c', 'a');
    await room.room.leave(room.id('d'));
    await pass(0);
    expect(room.since(from)).toEqual(['d leave', 'c claim']);
  });

  test('of somebody who says that the duty began long ago is judged by the clock of the service', async () => {
    const room = await trio();
    const at = room.length;
    await room.joins('d');
    room.claims('b', 'a', at);
    await pass(T - 10);
    expect(room.length).toBe(at + 1);
    await pass(20);
    expect(room.length).toBe(at + 2);
  });
});

describe('a claim that is held back', () => {
  test('delays what follows it from its author, in order, and nobody else', async () => {
    const room = await trio();
    await room.joins('d');
    const from = room.length;
    room.claims('b', 'a');
    void room.sends('b', { kind: 'handover', ...room.drafts('b') });
    await room.sends('c', { kind: 'handover', ...room.drafts('c') });
    await room.joins('e');
    expect(room.since(from)).toEqual(['c handover', 'e join']);
    for (const name of ['d', 'e']) await room.room.leave(room.id(name));
    await pass(0);
    expect(room.since(from).slice(2)).toEqual(['d leave', 'e leave', 'b claim', 'b handover']);
  });

  test('is dropped with its author: a leave waits for nothing', async () => {
    const room = await trio();
    await room.joins('d');
    const from = room.length;
    room.claims('b', 'a');
    await room.room.leave(room.id('b'));
    await pass(10 * T);
    expect(room.since(from)).toEqual(['b leave']);
  });

  test('is dropped with its connection, and may come again on the next', async () => {
    const room = await trio();
    await room.joins('d');
    const from = room.length;
    room.claims('b', 'a');
    const reader = room.readers.get('b')!;
    room.room.lost(room.id('b'), reader);
    expect(room.room.holds(room.id('b'))).toBe(false);
    await room.room.resume(room.id('b'), room.tokens.get('b')!, room.length + 1, reader);
    room.claims('b', 'a');
    const other = new NoReader();
    await room.room.resume(room.id('b'), room.tokens.get('b')!, room.length + 1, other);
    await pass(T + 10);
    expect(room.since(from)).toEqual([]);
    room.claims('b', 'a');
    await pass(0);
    expect(room.since(from)).toEqual(['b claim']);
  });

  test('has a limit on what waits behind it', async () => {
    const room = await trio();
    await room.joins('d');
    room.claims('b', 'a');
    const handover = { kind: 'handover' as const, ...room.drafts('b') };
    for (let i = 0; i < SERVICE_LIMITS.heldEntries; i++) void room.sends('b', handover);
    await expect(room.sends('b', handover)).rejects.toMatchObject({ code: 'outbox_full' });
    const from = room.length;
    await room.room.leave(room.id('d'));
    await pass(0);
    expect(room.since(from).length).toBe(1 + 1 + SERVICE_LIMITS.heldEntries);
    expect(await room.sends('b', handover)).toBe(true);
  });
});

describe('what is not held back', () => {
  test('a claim without a duty, against another, or forged: it counts for nothing anyway', async () => {
    const room = await trio();
    room.claims('b', 'a');
    await pass(0);
    await room.joins('d');
    const from = room.length;
    room.claims('b', 'c');
    await pass(0);
    room.claims('a', 'a');
    await pass(0);
    room.claims('d', 'a');
    await pass(0);
    room.claims('b', 'a', room.length, room.byte('x'));
    await pass(0);
    expect(room.since(from)).toEqual(['b claim', 'a claim', 'd claim', 'b claim']);
  });

  test('anything but a claim', async () => {
    const room = await trio();
    await room.joins('d');
    const from = room.length;
    await room.sends('b', { kind: 'handover', ...room.drafts('b') });
    await room.commits('b', ['d']);
    await room.commits('a', ['d']);
    expect(room.since(from)).toEqual(['b handover', 'b commit', 'a commit']);
  });
});

// A join that counts for nothing, as an older service may have taken it into the log, is nobody's duty.
test('a join that participants refuse is none for the service either: it follows the commits', async () => {
  const room = await trio();
  await room.log.append(room.joinOf('x', new Uint8Array(300)));
  await room.joins('d');
  await room.commits('a', ['d']);
  await pass(10 * T);
  // Nobody waits any more, so a claim counts for nothing and is not held back.
  const from = room.length;
  room.claims('b', 'a');
  await pass(0);
  expect(room.since(from)).toEqual(['b claim']);
  await room.joins('e');
  room.claims('d', 'a');
  await pass(T - 10);
  expect([room.since(from + 1), room.room.holds(room.id('d'))]).toEqual([['e join'], true]);
  await pass(20);
  expect(room.since(from + 2)).toEqual(['d claim']);
});

// Justified: a commit that leaves out who waits is none, and its author has still not done its duty.
test('a commit that is not justified ends no turn', async () => {
  const room = await trio();
  await room.joins('d', 'e');
  await pass(T + 10);
  await room.commits('a', ['e']);
  const from = room.length;
  room.claims('b', 'a');
  await pass(0);
  expect(room.since(from)).toEqual(['b claim']);
});

// "a restart of the service counts anew"
test('a log that was there before is read first, and T counts from then on', async () => {
  const before = spacedRoom();
  await before.joins('a');
  await before.founds('a');
  await before.joins('b');
  before.room.close();
  await pass(10 * T);
  const room = spacedRoom(before.log);
  room.entries.push(...before.entries);
  room.hashes.splice(0, 1, ...before.hashes);
  await room.joins('c');
  room.claims('c', 'a');
  await pass(T - 10);
  expect(room.since(3)).toEqual(['c join']);
  await pass(20);
  expect(room.since(3)).toEqual(['c join', 'c claim']);
});

test('a log that cannot be read is tried again by whoever comes next', async () => {
  const first = spacedRoom();
  await first.joins('a');
  const { log } = first;
  first.room.close();
  const room = spacedRoom(log);
  const read = vi.spyOn(log, 'read').mockRejectedValueOnce(new Error('disk'));
  await expect(room.joins('b')).rejects.toThrow('disk');
  read.mockResolvedValueOnce([]);
  await expect(room.joins('b')).rejects.toThrow('the log has no entry 1');
  await room.joins('b');
  expect(log.length).toBe(2);
});
