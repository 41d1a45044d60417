/** What every log and every store of logs does: the same cases for all implementations. Only tests import this. */
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LIMITS } from '../protocol/limits.ts';
import { nextHash, originOf, type WireEntry } from '../protocol/wire/hashes.ts';
import { LogError, STORE_SECRET_BYTES, type DeliveryLog, type LogStore } from './DeliveryLog.ts';

/** Entries of one log in the stores of these cases, where nothing else is said. */
export const CONTRACT_ENTRIES = 1_000;

/** How the cases get at one implementation. Each case has a new, empty place to keep logs in. */
export interface LogsUnderTest {
  /** Opens the store; a second call, after `close`, opens it again at the same place. `entries`: the limit of one log. */
  open(entries?: number): Promise<LogStore>;
  close(): Promise<void>;
  /** Removes the place. */
  end(): Promise<void>;
  /** Whether what was acknowledged is there after `close` and `open`. */
  readonly isDurable: boolean;
}

/** An entry that no other call gives. */
export const entryOf = (text: string, payload = 0): WireEntry => ({
  header: Buffer.from(text),
  signature: Buffer.from(text.length % 2 === 0 ? '' : `signature of ${text}`),
  payload: new Uint8Array(payload).fill(text.length),
});
export const textOf = (entry: WireEntry | undefined): string =>
  entry === undefined ? 'none' : Buffer.from(entry.header).toString();

/** The code of the LogError that a promise rejects with; null where it resolves. */
export const codeOf = (run: Promise<unknown>): Promise<unknown> =>
  run.then(
    () => null,
    (error: unknown) => (error instanceof LogError ? error.code : error),
  );

export async function readAll(log: DeliveryLog, atATime = 100): Promise<WireEntry[]> {
  const entries: WireEntry[] = [];
  while (entries.length < log.length) {
    const read = await log.read(entries.length + 1, atATime);
    if (read.length === 0) throw new Error(`no entry ${entries.length + 1} of ${log.length}`);
    entries.push(...read);
  }
  return entries;
}

export const hashOf = (log: DeliveryLog, entries: readonly WireEntry[]): string =>
  entries.reduce(nextHash, originOf(log.id));

const names = (count: number, from = 1): string[] =>
  Array.from({ length: count }, (_, i) => `entry ${i + from}`);

/** Declares the cases. `start` makes a new place to keep logs in. */
export function describeLogs(name: string, start: () => LogsUnderTest): void {
  describe(name, () => {
    let logs: LogsUnderTest;
    let store: LogStore;
    beforeEach(async () => {
      logs = start();
      store = await logs.open(CONTRACT_ENTRIES);
    });
    afterEach(async () => {
      await logs.close();
      await logs.end();
    });

    test('orders what is appended, numbers it from 1, and hashes it as every reader does', async () => {
      const log = await store.open('room');
      expect([log.length, log.hash]).toEqual([0, originOf(log.id)]);
      expect(log.id).toMatch(/^[0-9a-f]{32}$/);
      const entries = names(3).map((text) => entryOf(text, 10));
      expect(await Promise.all(entries.map((it) => log.append(it)))).toEqual([1, 2, 3]);
      expect([log.length, log.hash]).toEqual([3, hashOf(log, entries)]);
      expect((await log.read(1, 10)).map(textOf)).toEqual(names(3));
      expect((await log.read(2, 1)).map(textOf)).toEqual(['entry 2']);
      expect(await log.read(4, 10)).toEqual([]);
      const [first] = await log.read(1, 1);
      expect(Buffer.from(first?.payload ?? [])).toEqual(Buffer.alloc(10, 'entry 1'.length));
      expect(Buffer.from(first?.signature ?? []).toString()).toBe('signature of entry 1');
    });

    test('tells listeners in order, before it acknowledges, until they stop', async () => {
      const log = await store.open('room');
      const seen: string[] = [];
      const stop = log.subscribe((entry, position) => {
        expect([log.length, log.hash.length]).toEqual([position, 64]);
        seen.push(`${position} ${textOf(entry)}`);
      });
      const told = log.append(entryOf('entry 1')).then(() => seen.length);
      await log.append(entryOf('entry 2'));
      expect(await told).toBeGreaterThanOrEqual(1);
      stop();
      await log.append(entryOf('entry 3'));
      expect(seen).toEqual(['1 entry 1', '2 entry 2']);
    });

    test('what many append at once stands in one order: that of their calls', async () => {
      const log = await store.open('room');
      const seen: string[] = [];
      const done: number[] = [];
      log.subscribe((entry) => void seen.push(textOf(entry)));
      const texts = names(600);
      await Promise.all(
        texts.map((text) => log.append(entryOf(text)).then((position) => void done.push(position))),
      );
      expect(done).toEqual(texts.map((_, i) => i + 1));
      expect(seen).toEqual(texts);
      expect((await readAll(log)).map(textOf)).toEqual(texts);
      expect(log.hash).toBe(hashOf(log, await readAll(log, 7)));
    });

    test('refuses an entry that is too large, or one more than it holds, and stays as it was', async () => {
      await logs.close();
      store = await logs.open(2);
      const log = await store.open('room');
      const { hash } = log;
      expect(await codeOf(log.append(entryOf('a', LIMITS.entry)))).toBe('entry_too_large');
      expect([log.length, log.hash]).toEqual([0, hash]);
      const rest = entryOf('aa', LIMITS.entry - 2);
      expect(await Promise.all([log.append(rest), log.append(entryOf('b'))].map(codeOf))).toEqual([
        null,
        null,
      ]);
      const { hash: full } = log;
      expect(await codeOf(log.append(entryOf('c')))).toBe('log_full');
      expect(await codeOf(log.append(entryOf('c'), 3))).toBe('log_full');
      expect([log.length, log.hash]).toEqual([2, full]);
    });

    test('appends at a position or not at all: of two that compare, one wins', async () => {
      const log = await store.open('room');
      const tried = [
        log.append(entryOf('a'), 1),
        log.append(entryOf('b'), 1),
        log.append(entryOf('c')),
        log.append(entryOf('d'), 2),
        log.append(entryOf('e'), 3),
        log.append(entryOf('f'), 9),
      ];
      const taken = 'position_taken';
      expect(await Promise.all(tried.map(codeOf))).toEqual([null, taken, null, taken, null, taken]);
      expect((await readAll(log)).map(textOf)).toEqual(['a', 'c', 'e']);
    });

    test('gives large entries in several answers, and loses none', async () => {
      const log = await store.open('room');
      const texts = names(20);
      await Promise.all(texts.map((text) => log.append(entryOf(text, 700_000))));
      let answers = 0;
      const read: string[] = [];
      while (read.length < texts.length) {
        const some = await log.read(read.length + 1, 256);
        expect(some.length).toBeGreaterThan(0);
        read.push(...some.map(textOf));
        answers++;
      }
      expect(read).toEqual(texts);
      expect(answers).toBeLessThanOrEqual(texts.length);
    });

    test('any appends to some logs: each is what its own were', async () => {
      let appended = 0;
      const step = fc.record({ log: fc.nat(3), bytes: fc.uint8Array({ maxLength: 40 }), wait: fc.boolean() });
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
          const rooms = Array.from({ length: 4 }, () => randomBytes(8).toString('hex'));
          const opened = await Promise.all(rooms.map((room) => store.open(room)));
          const expected = opened.map((): WireEntry[] => []);
          const pending: Promise<number>[] = [];
          for (const { log, bytes, wait } of steps) {
            const entry = { header: bytes, signature: bytes.slice(1), payload: bytes.slice(2) };
            const list = expected[log];
            const it = opened[log];
            if (list === undefined || it === undefined) throw new Error('no such log');
            list.push(entry);
            pending.push(it.append(entry));
            if (wait) await pending.at(-1);
          }
          appended += (await Promise.all(pending)).length;
          for (const [i, log] of opened.entries()) {
            const plain = (entries: readonly WireEntry[] = []): string[] =>
              entries.map((it) => Buffer.concat([it.header, it.signature, it.payload]).toString('hex'));
            expect(plain(await readAll(log, 3))).toEqual(plain(expected[i]));
            expect(log.hash).toBe(hashOf(log, expected[i] ?? []));
          }
        }),
        { numRuns: 40 },
      );
      expect(appended).toBeGreaterThan(100);
    });

    test('a store has one log a room, and a new one after it was dropped', async () => {
      const log = await store.open('room');
      expect(await store.open('room')).toBe(log);
      expect((await store.open('other')).id).not.toBe(log.id);
      await log.append(entryOf('a'));
      // Whoever comes while it is being dropped gets the new one.
      const dropping = store.drop('room');
      const again = await store.open('room');
      await dropping;
      expect(again.id).not.toBe(log.id);
      expect([again.length, await again.read(1, 10)]).toEqual([0, []]);
      await again.append(entryOf('b'));
      expect((await readAll(again)).map(textOf)).toEqual(['b']);
      await store.drop('a room that never was');
    });

    test('knows the rooms whose logs are kept, a secret, and the invite key of a room', async () => {
      const [log, dropped] = [await store.open('room'), await store.open("it's gone")];
      log.keepInviteKey('0a'.repeat(32));
      await Promise.all([log.append(entryOf('a')), dropped.append(entryOf('b'))]);
      await store.drop("it's gone");
      expect(await store.rooms()).toEqual(['room']);
      expect([log.inviteKey, dropped.inviteKey]).toEqual(['0a'.repeat(32), null]);
      expect(store.secret.length).toBe(STORE_SECRET_BYTES);
      expect(new Set(store.secret).size).toBeGreaterThan(8);
    });

    test('is afterwards what it was when it was closed, or new', async () => {
      const log = await store.open('room');
      const { secret } = store;
      log.keepInviteKey('0a'.repeat(32));
      const entries = names(700).map((text) => entryOf(text, 5_000));
      await Promise.all(entries.map((it) => log.append(it)));
      await logs.close();
      store = await logs.open(CONTRACT_ENTRIES);
      const again = await store.open('room');
      if (!logs.isDurable) {
        expect([again.id === log.id, again.length]).toEqual([false, 0]);
        return;
      }
      expect(Buffer.from(store.secret)).toEqual(Buffer.from(secret));
      expect([again.id, again.length, again.inviteKey]).toEqual([log.id, 700, '0a'.repeat(32)]);
      expect(again.hash).toBe(hashOf(log, entries));
      expect(await again.append(entryOf('more'), 701)).toBe(701);
      expect((await readAll(again)).map(textOf)).toEqual([...names(700), 'more']);
    });
  });
}
