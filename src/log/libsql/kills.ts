/** Kills a process that appends, again and again, and looks at what it has left. Shared by both tiers of the kill test. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readAll } from '../contract.ts';
import { nextHash, originOf, type WireEntry } from '../../protocol/wire/hashes.ts';
import { killedEntry } from './killing.ts';
import { LibsqlLogStore } from './LibsqlLogStore.ts';

const script = fileURLToPath(new URL('./appendForEver.ts', import.meta.url));
const ROOMS = 4;

/** What came of some kills. */
export interface Kills {
  kills: number;
  /** Entries and drops that were acknowledged by the processes that were killed. */
  acknowledged: number;
  dropped: number;
  /** Entries that were there afterwards in logs that were not dropped. */
  found: number;
  /** Of them, written and not acknowledged: the process was killed between the two. */
  unacknowledged: number;
}

/** A line that a kill cut short ends without a line break, and tells nothing. */
const linesOf = (file: string): string[] => readFileSync(file, 'utf8').split('\n').slice(0, -1);

/** Kills a process some time after it has told of so many entries. Gives the last position of each room that it told. */
async function appendUntilKilled(folder: string, run: string, entries: number): Promise<Map<string, number>> {
  const told = join(folder, 'told.txt');
  const args = ['--import', 'tsx', script, folder, told, run, String(ROOMS)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  await once(child.stdout, 'data');
  while (child.exitCode === null && linesOf(told).length < entries) await sleep(Math.random() * 20);
  child.kill('SIGKILL');
  const [, signal] = (await exited) as [number | null, string | null];
  if (signal !== 'SIGKILL') throw new Error('the process ended by itself');
  const acknowledged = new Map<string, number>();
  const count = (what: string): unknown => acknowledged.set(what, (acknowledged.get(what) ?? 0) + 1);
  for (const line of linesOf(told)) {
    const [, room, what] = /^(.*) (\d+|dropped)$/.exec(line) ?? [];
    if (room === undefined) throw new Error(`not a line: ${line}`);
    acknowledged.set(room, what === 'dropped' ? 0 : Number(what));
    count('all');
    if (what === 'dropped') count('dropped');
  }
  return acknowledged;
}

const same = (a: WireEntry | undefined, b: WireEntry): boolean =>
  a !== undefined &&
  Buffer.compare(a.header, b.header) === 0 &&
  Buffer.compare(a.signature, b.signature) === 0 &&
  Buffer.compare(a.payload, b.payload) === 0;

/** Opens the log of a room and checks every entry of it. Gives how many there are. */
export async function checkedLength(store: LibsqlLogStore, room: string): Promise<number> {
  const log = await store.open(room);
  const entries = await readAll(log);
  const wrong = entries.findIndex((entry, i) => !same(entry, killedEntry(room, i + 1)));
  if (wrong !== -1) throw new Error(`${room}: entry ${wrong + 1} of ${log.length} is not what was written`);
  if (log.hash !== entries.reduce(nextHash, originOf(log.id))) throw new Error(`${room}: another hash`);
  return log.length;
}

/**
 * Kills `count` processes one after the other, all on the same folder, each after `entries` of its own and a while.
 *
 * @throws where something that was acknowledged is lost, or something is not whole.
 */
export async function killAgainAndAgain(
  folder: string,
  count: number,
  entries: () => number,
): Promise<Kills> {
  const seen: Kills = { kills: 0, acknowledged: 0, dropped: 0, found: 0, unacknowledged: 0 };
  for (let run = 0; run < count; run++) {
    // Old rooms go on in some runs: they are restored and appended to.
    const name = `run ${run - (run % 3)}`;
    const acknowledged = await appendUntilKilled(folder, name, entries());
    seen.kills++;
    seen.acknowledged += acknowledged.get('all') ?? 0;
    seen.dropped += acknowledged.get('dropped') ?? 0;
    const store = await LibsqlLogStore.open({ folder });
    for (const room of await store.rooms()) {
      const length = await checkedLength(store, room);
      seen.found += length;
      const told = acknowledged.get(room);
      if (told === undefined) continue;
      // A log that ends may have been dropped without a word, and begun anew.
      if (length < told && !room.endsWith('ends'))
        throw new Error(`${room}: ${told} entries were acknowledged, ${length} are there`);
      seen.unacknowledged += Math.max(0, length - told);
    }
    const rooms = new Set(await store.rooms());
    for (const [room, told] of acknowledged)
      if (room.includes('room') && told > 0 && !rooms.has(room) && !room.endsWith('ends'))
        throw new Error(`${room}: ${told} entries were acknowledged, and the room is gone`);
    // What is checked once is done with: the next three runs have rooms of their own.
    if (run % 3 === 2) for (const room of rooms) await store.drop(room);
    await store.close();
  }
  return seen;
}
