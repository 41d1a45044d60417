import { randomBytes } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { MemoryLog } from '../../log/memory.ts';
import type { WireEntry } from '../../protocol/wire/hashes.ts';
import { decodeHeader, encodeHeader } from '../../protocol/wire/header.ts';
import { inviteOf } from '../../protocol/wire/invite.ts';
import { digest } from '../../protocol/wire/bytes.ts';
import { signWithSeed } from '../../protocol/wire/signature.ts';
import { SERVICE_LIMITS } from './limits.ts';
import { Room } from './Room.ts';

const hex = (bytes: number): string => randomBytes(bytes).toString('hex');
const invite = inviteOf(randomBytes(32));

function joinOf(log: string): WireEntry {
  const payload = new Uint8Array(4);
  const header = encodeHeader({
    kind: 'join',
    log,
    author: hex(16),
    signatureKey: hex(32),
    keyPackage: hex(32),
    payload: digest(payload),
  });
  return { header, signature: signWithSeed(invite.seed, header), payload };
}

function roomWith(log: MemoryLog) {
  const room = new Room(invite.room, log, { ...SERVICE_LIMITS, graceMs: 1 });
  const read: WireEntry[] = [];
  const reader = {
    entry: (entry: WireEntry) => void read.push(entry),
    ready: () => null,
    replaced: () => undefined,
  };
  return { room, read, reader };
}

const kindOf = (entry: WireEntry | undefined): string | undefined => entry && decodeHeader(entry.header).kind;

test('who is lost without a word and does not come back has left', async () => {
  const log = new MemoryLog();
  const { room, reader } = roomWith(log);
  const { participant } = await room.join(joinOf(log.id), invite.key, reader);
  room.lost(participant, reader);
  await vi.waitFor(() => expect(log.length).toBe(2));
  expect(kindOf((await log.read(2, 1))[0])).toBe('leave');
  expect(room.size).toBe(0);
});

test('who is declared gone while alive reads its own leave', async () => {
  const log = new MemoryLog();
  const { room, read, reader } = roomWith(log);
  const { participant } = await room.join(joinOf(log.id), invite.key, reader);
  await room.leave(participant);
  expect(read.map(kindOf)).toEqual(['join', 'leave']);
});

test('a log that is full takes no leave, and nothing throws', async () => {
  const log = new MemoryLog(hex(16), 1);
  const { room, reader } = roomWith(log);
  const { participant } = await room.join(joinOf(log.id), invite.key, reader);
  await room.leave(participant);
  expect(log.length).toBe(1);
  expect(room.size).toBe(0);
});
