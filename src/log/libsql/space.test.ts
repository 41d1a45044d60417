/** Rooms that have ended give their space back. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { entryOf, readAll, textOf } from '../contract.ts';
import { FILE } from './Database.ts';
import { LibsqlLogStore } from './LibsqlLogStore.ts';
import { testFolder } from './testing.ts';

const ROOMS = 1_000;
const ENTRIES = 10;
/** A commit with a Welcome for some, bytes. */
const PAYLOAD = 3_000;
const MB = 1 << 20;

test('a thousand rooms that have ended leave hardly anything', { timeout: 120_000 }, async () => {
  const folder = testFolder();
  const store = await LibsqlLogStore.open({ folder });
  onTestFinished(() => store.close());
  const bytes = (): number =>
    ['', '-wal'].reduce((sum, end) => sum + statSync(join(folder, FILE + end)).size, 0);
  const stays = await store.open('stays');
  const names = Array.from({ length: ROOMS }, (_, i) => `room ${i}`);
  await Promise.all(
    names.map(async (room) => {
      const log = await store.open(room);
      await Promise.all(Array.from({ length: ENTRIES }, (_, i) => log.append(entryOf(`${i}`, PAYLOAD))));
    }),
  );
  await stays.append(entryOf('stays'));
  const full = bytes();
  let appended = 0;
  const ending = { done: false };
  // Others append meanwhile, and their appends do not wait until all is swept.
  const meanwhile = (async () => {
    for (; !ending.done; appended++) await stays.append(entryOf(`${appended}`));
  })();
  await Promise.all(names.map((room) => store.drop(room)));
  ending.done = true;
  await meanwhile;
  const left = bytes();
  const file = statSync(join(folder, FILE)).size;
  console.log(
    `${ROOMS} rooms: ${full} bytes; ended: ${left} (file ${file}); ${appended} entries were appended meanwhile`,
  );
  expect(full).toBeGreaterThan(ROOMS * ENTRIES * PAYLOAD);
  expect(left).toBeLessThan(16 * MB);
  expect(file).toBeLessThan(4 * MB);
  expect(appended).toBeGreaterThan(20);
  expect(await store.rooms()).toEqual(['stays']);
  expect((await readAll(stays)).slice(0, 2).map(textOf)).toEqual(['stays', '0']);
});
