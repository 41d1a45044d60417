/** What the disk and the operator can do to a store: each is a typed error, and nothing is acknowledged that is not kept. */
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'libsql';
import { describe, expect, onTestFinished, test } from 'vitest';
import { codeOf, entryOf, hashOf, readAll, textOf } from '../contract.ts';
import type { DeliveryLog } from '../DeliveryLog.ts';
import { FILE } from './Database.ts';
import { LibsqlLogStore, type LibsqlOptions } from './LibsqlLogStore.ts';
import { testFolder } from './testing.ts';

async function open(options: LibsqlOptions): Promise<LibsqlLogStore> {
  const store = await LibsqlLogStore.open(options);
  onTestFinished(() => store.close());
  return store;
}

const messageOf = (run: Promise<unknown>): Promise<string> =>
  run.then(
    () => 'it opened',
    (error: unknown) => (error instanceof Error ? error.message : ''),
  );

/** Root may write to what is read-only: on POSIX systems such a test runs as somebody else for a while. */
function asNobody<T>(run: () => Promise<T>): Promise<T> {
  const { geteuid, seteuid } = process;
  if (geteuid?.() !== 0 || seteuid === undefined) return run();
  seteuid(65_534);
  return run().finally(() => seteuid(0));
}

const KB = 1 << 10;

describe('a disk that is full', () => {
  const filled = async () => {
    // As large as it may get: SQLite says the same of this as of a disk that is full.
    const folder = testFolder();
    const store = await open({ folder, maxBytes: 400 * KB });
    const [log, other] = [await store.open('room'), await store.open('other')];
    await other.append(entryOf('other', 300 * KB));
    await log.append(entryOf('small'));
    return { folder, store, log, other };
  };
  const told: string[] = [];
  const listen = (log: DeliveryLog): unknown => log.subscribe((entry) => void told.push(textOf(entry)));

  test('takes no entry, says so, and the log is as it was', async () => {
    const { log } = await filled();
    listen(log);
    const { length, hash } = log;
    const large = Array.from({ length: 3 }, (_, i) => log.append(entryOf(`large ${i}`, 200 * KB)));
    expect(await Promise.all(large.map(codeOf))).toEqual(Array(3).fill('log_unavailable'));
    expect([log.length, log.hash, told]).toEqual([length, hash, []]);
    expect((await readAll(log)).map(textOf)).toEqual(['small']);
  });

  test('fails what is too much for it, and not what was written with it in other rooms', async () => {
    const { log, other } = await filled();
    const codes = await Promise.all([
      codeOf(log.append(entryOf('large', 200 * KB))),
      codeOf(other.append(entryOf('small too'))),
    ]);
    expect(codes).toEqual(['log_unavailable', null]);
  });

  test('takes entries again, at the position where it stopped, once there is room', async () => {
    const { folder, store, log } = await filled();
    expect(await codeOf(log.append(entryOf('large', 200 * KB)))).toBe('log_unavailable');
    await store.drop('other');
    expect(await log.append(entryOf('large', 200 * KB), 2)).toBe(2);
    expect(log.hash).toBe(hashOf(log, await readAll(log)));
    await store.close();
    const again = await (await open({ folder })).open('room');
    expect((await readAll(again)).map(textOf)).toEqual(['small', 'large']);
  });
});

describe('a store that cannot be opened', () => {
  test('without its folder', async () => {
    const folder = join(testFolder(), 'missing');
    expect(await messageOf(open({ folder }))).toMatch(/^log_unavailable: there is no folder .*missing$/);
    expect(existsSync(folder)).toBe(false);
  });

  test('in a folder that is a file', async () => {
    const folder = join(testFolder(), 'file');
    writeFileSync(folder, '');
    expect(await codeOf(open({ folder }))).toBe('log_unavailable');
  });

  test.each([
    ['is empty', ''],
    ['is something else', 'x'.repeat(10_000)],
  ])('for a file that %s', async (_, text) => {
    const folder = testFolder();
    writeFileSync(join(folder, FILE), text);
    expect(await codeOf(open({ folder }))).toBe('log_corrupt');
    expect(statSync(join(folder, FILE)).size).toBe(text.length);
  });

  test('for a write-ahead log whose file is gone', async () => {
    const folder = testFolder();
    writeFileSync(join(folder, `${FILE}-wal`), 'something');
    expect(await codeOf(open({ folder }))).toBe('log_corrupt');
  });

  test('for a database of another program, or of another version, which stay as they are', async () => {
    for (const [change, code] of [
      ['PRAGMA application_id = 7', 'log_corrupt'],
      ['PRAGMA user_version = 9', 'log_unavailable'],
      ['ALTER TABLE logs ADD COLUMN more', 'log_corrupt'],
    ] as const) {
      const folder = testFolder();
      await (await LibsqlLogStore.open({ folder })).close();
      const db = new Sqlite(join(folder, FILE));
      db.exec(change);
      db.close();
      expect([change, await codeOf(open({ folder }))]).toEqual([change, code]);
    }
  });

  test('whose file or folder is read-only', async () => {
    const folder = testFolder();
    const store = await LibsqlLogStore.open({ folder });
    await (await store.open('room')).append(entryOf('kept'));
    await store.close();
    chmodSync(folder, 0o755);
    chmodSync(join(folder, FILE), 0o444);
    expect(await asNobody(() => codeOf(open({ folder })))).toBe('log_unavailable');
    chmodSync(join(folder, FILE), 0o644);
    expect((await readAll(await (await open({ folder })).open('room'))).map(textOf)).toEqual(['kept']);
    const other = join(folder, 'other');
    mkdirSync(other, { mode: 0o555 });
    expect(await asNobody(() => codeOf(open({ folder: other })))).toBe('log_unavailable');
    expect(readdirSync(other)).toEqual([]);
  });
});

describe('a log that is not what was written', () => {
  test.each([
    ["UPDATE entries SET header = x'00' WHERE place % 16 = 2"],
    ["UPDATE entries SET signature = x'00' WHERE place % 16 = 2"],
    ['DELETE FROM entries WHERE place % 16 = 2'],
    ['UPDATE entries SET place = place + 10 WHERE place % 16 = 3'],
    ['DELETE FROM entries'],
    ["UPDATE logs SET id = x'00112233445566778899aabbccddeeff'"],
    ['UPDATE logs SET number = number + 1'],
  ])('%s: does not open', async (change) => {
    const folder = testFolder();
    const store = await LibsqlLogStore.open({ folder });
    const log = await store.open('room');
    for (const text of ['entry 1', 'entry 2', 'entry 3']) await log.append(entryOf(text));
    await store.close();
    const db = new Sqlite(join(folder, FILE));
    db.exec(change);
    db.close();
    expect(await codeOf(open({ folder }).then((it) => it.open('room')))).toBe('log_corrupt');
  });

  test('a payload: the log opens, and what is damaged is not read', async () => {
    const folder = testFolder();
    const store = await LibsqlLogStore.open({ folder });
    const log = await store.open('room');
    for (const text of ['entry 1', 'entry 2', 'entry 3']) await log.append(entryOf(text, 10));
    await store.close();
    const db = new Sqlite(join(folder, FILE));
    db.exec('UPDATE entries SET payload = zeroblob(10) WHERE place % 16 = 2');
    db.close();
    const again = await (await open({ folder })).open('room');
    expect((await again.read(1, 1)).map(textOf)).toEqual(['entry 1']);
    expect(await codeOf(again.read(1, 3))).toBe('log_corrupt');
  });
});

describe('two stores on one file', () => {
  test('append at different positions, and each hears of what the other one wrote', async () => {
    const folder = testFolder();
    const [one, two] = [await open({ folder }), await open({ folder })];
    expect(Buffer.from(one.secret)).toEqual(Buffer.from(two.secret));
    const first = await one.open('room');
    await first.append(entryOf('first'));
    const second = await two.open('room');
    expect([second.id, second.length]).toEqual([first.id, 1]);
    const told: string[] = [];
    first.subscribe((entry, position) => void told.push(`${position} ${textOf(entry)}`));
    // Both want position 2, time and again; one gets it.
    for (let position = 2; position <= 40; position++) {
      const both = [first, second].map((log, i) =>
        codeOf(log.append(entryOf(`${position} by ${i}`), position)),
      );
      expect((await Promise.all(both)).toSorted()).toEqual([null, 'position_taken']);
    }
    expect(await first.append(entryOf('last'))).toBe(41);
    const texts = (await readAll(first)).map(textOf);
    expect([texts.length, first.hash]).toEqual([41, hashOf(first, await readAll(first))]);
    expect(told).toEqual(texts.slice(1).map((text, i) => `${i + 2} ${text}`));
  });

  test('of which one dropped the log: the other one appends no more', async () => {
    const folder = testFolder();
    const [one, two] = [await open({ folder }), await open({ folder })];
    const first = await one.open('room');
    await first.append(entryOf('first'));
    const second = await two.open('room');
    await one.drop('room');
    expect(await codeOf(second.append(entryOf('second')))).toBe('log_unavailable');
    expect(await codeOf(first.append(entryOf('second')))).toBe('log_unavailable');
    expect(await two.rooms()).toEqual([]);
  });
});

describe('a store that was closed', () => {
  test('has nothing left beside its file, and takes nothing more', async () => {
    const folder = testFolder();
    const store = await LibsqlLogStore.open({ folder });
    const log = await store.open('room');
    const pending = log.append(entryOf('a'));
    await store.close();
    expect(await pending).toBe(1);
    expect(await codeOf(log.append(entryOf('b')))).toBe('log_unavailable');
    expect(await codeOf(store.open('room'))).toBe('log_unavailable');
    // The folder can be copied as it is.
    rmSync(join(folder, `${FILE}-wal`), { force: true });
    expect((await readAll(await (await open({ folder })).open('room'))).map(textOf)).toEqual(['a']);
  });
});
