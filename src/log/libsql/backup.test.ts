/** The backup that `LibsqlLogStore` names, taken while entries come in: what it holds is a log, up to some entry. */
import Sqlite from 'libsql';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { entryOf, hashOf, readAll, textOf } from '../contract.ts';
import { FILE } from './Database.ts';
import { LibsqlLogStore } from './LibsqlLogStore.ts';
import { testFolder } from './testing.ts';

async function open(folder: string): Promise<LibsqlLogStore> {
  const store = await LibsqlLogStore.open({ folder });
  onTestFinished(() => store.close());
  return store;
}

/** What the manual has operators say to SQLite, from outside. */
function backUp(folder: string, copy: string): void {
  mkdirSync(copy);
  const outside = new Sqlite(join(folder, FILE));
  try {
    outside.exec(`VACUUM INTO '${join(copy, FILE).replaceAll("'", "''")}'`);
  } finally {
    outside.close();
  }
}

const ENTRIES = 400;
const COPIES = 4;

test('a copy that is made while the service writes holds what was acknowledged before it, and a whole log', async () => {
  const folder = testFolder();
  const store = await open(folder);
  const log = await store.open('room');
  let acknowledged = 0;
  const writes = Array.from({ length: ENTRIES }, async (_, i) => {
    await new Promise((resolve) => setTimeout(resolve, i));
    await log.append(entryOf(`entry ${i}`, 2_000));
    acknowledged++;
  });
  const copies: { readonly folder: string; readonly before: number }[] = [];
  for (let number = 0; number < COPIES; number++) {
    await new Promise((resolve) => setTimeout(resolve, ENTRIES / (COPIES + 1)));
    const copy = { folder: join(folder, `copy ${number}`), before: acknowledged };
    backUp(folder, copy.folder);
    copies.push(copy);
  }
  await Promise.all(writes);
  const all = (await readAll(log)).map(textOf);
  expect(all.length).toBe(ENTRIES);
  const held: number[] = [];
  for (const { folder: copy, before } of copies) {
    const kept = await open(copy);
    expect(kept.secret).toEqual(store.secret);
    const again = await kept.open('room');
    const entries = await readAll(again);
    expect(entries.map(textOf)).toEqual(all.slice(0, entries.length));
    expect([again.id, again.hash]).toEqual([log.id, hashOf(again, entries)]);
    expect(entries.length).toBeGreaterThanOrEqual(before);
    held.push(entries.length);
  }
  console.log(`${COPIES} copies while ${ENTRIES} entries were written; they hold ${held.join(', ')}`);
  // At least one was made in the middle.
  expect(held.some((count) => count > 0 && count < ENTRIES)).toBe(true);
});
