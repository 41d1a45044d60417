import { expect, test, vi } from 'vitest';
import { MemoryLog } from '../../log/memory.ts';
import type { WireEntry } from '../../protocol/wire/hashes.ts';
import { decodeHeader } from '../../protocol/wire/header.ts';
import { hexBytes, joinOf, newInvite } from '../testing.ts';
import { SERVICE_LIMITS } from './limits.ts';
import { Room } from './Room.ts';

const invite = newInvite();

function roomWith(log: MemoryLog) {
  const room = new Room(invite.room, log, { ...SERVICE_LIMITS, graceMs: 1 });
  const read: WireEntry[] = [];
  const reader = {
    entry: (entry: WireEntry) => void read.push(entry),
    ready: () => null,
    replaced: () => undefined,
    logUnavailable: () => undefined,
    message: () => undefined,
  };
  return { room, read, reader };
}

const kindOf = (entry: WireEntry | undefined): string | undefined => entry && decodeHeader(entry.header).kind;

test('who is lost without a word and does not come back has left', async () => {
  const log = new MemoryLog();
  const { room, reader } = roomWith(log);
  const { participant } = await room.join(joinOf(log.id, invite), invite.key, reader);
  room.lost(participant, reader);
  await vi.waitFor(() => expect(log.length).toBe(2));
  expect(kindOf((await log.read(2, 1))[0])).toBe('leave');
  expect(room.size).toBe(0);
});

test('who is declared gone while alive reads its own leave', async () => {
  const log = new MemoryLog();
  const { room, read, reader } = roomWith(log);
  const { participant } = await room.join(joinOf(log.id, invite), invite.key, reader);
  await room.leave(participant);
  expect(read.map(kindOf)).toEqual(['join', 'leave']);
});

test('a log that is full takes no leave, and nothing throws', async () => {
  const log = new MemoryLog(hexBytes(16), 1);
  const { room, reader } = roomWith(log);
  const { participant } = await room.join(joinOf(log.id, invite), invite.key, reader);
  await room.leave(participant);
  expect(log.length).toBe(1);
  expect(room.size).toBe(0);
});
