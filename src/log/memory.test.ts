import { describe, expect, test } from 'vitest';
import { LIMITS } from '../protocol/limits.ts';
import { nextHash, originOf, type WireEntry } from '../protocol/wire/hashes.ts';
import { AppendError } from './DeliveryLog.ts';
import { MemoryLog, MemoryLogStore } from './memory.ts';

const entry = (byte: number, payload = 0): WireEntry => ({
  header: new Uint8Array([byte]),
  signature: new Uint8Array(),
  payload: new Uint8Array(payload),
});
const codeOf = (run: Promise<unknown>): Promise<unknown> =>
  run.then(
    () => null,
    (error: unknown) => (error instanceof AppendError ? error.code : error),
  );

describe('a log in memory', () => {
  test('orders what is appended, numbers it from 1, and hashes it as every reader does', async () => {
    const log = new MemoryLog();
    expect([log.length, log.hash]).toEqual([0, originOf(log.id)]);
    const positions = await Promise.all([log.append(entry(1)), log.append(entry(2)), log.append(entry(3))]);
    expect([positions, log.length]).toEqual([[1, 2, 3], 3]);
    expect(log.hash).toBe([1, 2, 3].reduce((hash, byte) => nextHash(hash, entry(byte)), originOf(log.id)));
    const first = (list: readonly WireEntry[]) => list.map((it) => it.header[0]);
    expect(first(await log.read(1, 10))).toEqual([1, 2, 3]);
    expect(first(await log.read(2, 1))).toEqual([2]);
    expect(await log.read(4, 10)).toEqual([]);
  });

  test('tells listeners in order, until they stop', async () => {
    const log = new MemoryLog();
    const seen: number[] = [];
    const stop = log.subscribe((_, position) => void seen.push(position));
    await log.append(entry(1));
    await log.append(entry(2));
    stop();
    await log.append(entry(3));
    expect(seen).toEqual([1, 2]);
  });

  test('refuses an entry that is too large, or one more than it holds, and stays as it was', async () => {
    const log = new MemoryLog('00'.repeat(16), 2);
    const { hash } = log;
    expect(await codeOf(log.append(entry(1, LIMITS.entry)))).toBe('entry_too_large');
    expect([log.length, log.hash]).toEqual([0, hash]);
    expect(await codeOf(log.append(entry(1, LIMITS.entry - 1)))).toBe(null);
    expect(await codeOf(log.append(entry(2)))).toBe(null);
    expect(await codeOf(log.append(entry(3)))).toBe('log_full');
    expect(log.length).toBe(2);
  });

  test('a store has one log a room, and a new one after it was dropped', async () => {
    const store = new MemoryLogStore();
    const log = await store.open('room');
    expect(await store.open('room')).toBe(log);
    expect((await store.open('other')).id).not.toBe(log.id);
    await store.drop('room');
    expect((await store.open('room')).id).not.toBe(log.id);
  });
});
