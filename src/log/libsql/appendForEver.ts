/**
 * What the kill test kills: appends to several logs without an end, ends one now and then, and writes `room position` into
 * a file for each entry that was acknowledged, and `room dropped` for each log that was. Only that test runs it.
 */
import { openSync, writeSync } from 'node:fs';
import { killedEntry } from './killing.ts';
import { LibsqlLogStore } from './LibsqlLogStore.ts';

const [folder = '', told = '', run = '', rooms = '1'] = process.argv.slice(2);
const store = await LibsqlLogStore.open({ folder });
// A file, and not a pipe: what is written is there, however slow the reader is.
const file = openSync(told, 'w');
const say = (line: string): void => void writeSync(file, `${line}\n`);

async function appendTo(room: string): Promise<never> {
  for (;;) {
    const log = await store.open(room);
    const first = log.length + 1;
    // One after the other, and some at once.
    const count = 1 + (first % 5);
    const appends = Array.from({ length: count }, (_, i) => {
      const position = first + i;
      return log.append(killedEntry(room, position), position).then(() => say(`${room} ${position}`));
    });
    await Promise.all(appends);
    if (!room.endsWith('ends') || log.length < 60) continue;
    await store.drop(room);
    say(`${room} dropped`);
  }
}

console.log('ready');
await Promise.all(
  Array.from({ length: Number(rooms) }, (_, i) => appendTo(`${run} room ${i}${i === 0 ? ' ends' : ''}`)),
);
