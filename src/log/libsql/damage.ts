/** Cuts and changes copies of a store's files, and looks at what opens. Shared by both tiers of the tests of damage. */
import { copyFileSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LogError } from '../DeliveryLog.ts';
import { FILE } from './Database.ts';
import { killedEntry } from './killing.ts';
import { checkedLength } from './kills.ts';
import { LibsqlLogStore } from './LibsqlLogStore.ts';

const WAL = `${FILE}-wal`;
const ROOMS = ['room 1', 'room 2', 'room 3'];

/** How many entries of each room were acknowledged. */
export type Lengths = Readonly<Record<string, number>>;

/** Files as they were while, or after, entries were appended. */
export interface Written {
  readonly folder: string;
  /** What was acknowledged when the write-ahead log had so many bytes, in order. */
  readonly moments: readonly { readonly walBytes: number; readonly lengths: Lengths }[];
}

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

/** Appends `count` entries to some rooms. `closed`: the files are those of a store that was closed, else of one that runs. */
export async function write(folder: string, count: number, closed: boolean): Promise<Written> {
  const [live, kept] = [join(folder, 'live'), join(folder, 'kept')];
  for (const it of [live, kept]) mkdirSync(it);
  const store = await LibsqlLogStore.open({ folder: live });
  const lengths: Record<string, number> = {};
  const moments = [{ walBytes: sizeOf(join(live, WAL)), lengths: { ...lengths } }];
  for (let i = 0; i < count; i++) {
    const room = ROOMS[i % ROOMS.length] ?? '';
    const log = await store.open(room);
    lengths[room] = await log.append(killedEntry(room, log.length + 1));
    moments.push({ walBytes: sizeOf(join(live, WAL)), lengths: { ...lengths } });
  }
  if (closed) await store.close();
  for (const name of [FILE, WAL])
    if (sizeOf(join(live, name)) > 0) copyFileSync(join(live, name), join(kept, name));
  if (!closed) await store.close();
  return { folder: kept, moments };
}

/** What came of opening files that were damaged. */
export interface Opened {
  /** All rooms as long as they are, or the code of the error with which the store did not open. */
  readonly lengths: Lengths | string;
  /** Codes of the rooms that did not open or read. */
  readonly codes: readonly string[];
}

/** @throws where an entry is not as it was written, or an error has no code. */
async function openAll(folder: string): Promise<Opened> {
  const codeOf = (error: unknown): string => {
    if (error instanceof LogError) return error.code;
    throw error;
  };
  let store: LibsqlLogStore;
  try {
    store = await LibsqlLogStore.open({ folder });
  } catch (error) {
    return { lengths: codeOf(error), codes: [] };
  }
  const lengths: Record<string, number> = {};
  const codes: string[] = [];
  for (const room of ROOMS) {
    try {
      lengths[room] = await checkedLength(store, room);
    } catch (error) {
      codes.push(codeOf(error));
    }
  }
  await store.close();
  return { lengths, codes };
}

/** Opens copies in which one file was changed. */
export async function openDamaged(
  { folder }: Written,
  name: 'file' | 'wal',
  change: (bytes: Buffer) => Buffer,
): Promise<Opened> {
  const copy = join(folder, '..', 'copy');
  rmSync(copy, { recursive: true, force: true });
  mkdirSync(copy);
  for (const it of [FILE, WAL]) {
    if (sizeOf(join(folder, it)) === 0) continue;
    const bytes = readFileSync(join(folder, it));
    writeFileSync(join(copy, it), it === (name === 'wal' ? WAL : FILE) ? change(bytes) : bytes);
  }
  return openAll(copy);
}

export const bytesOf = ({ folder }: Written, name: 'file' | 'wal'): number =>
  sizeOf(join(folder, name === 'wal' ? WAL : FILE));

/** Where a file of pages (of `page` bytes, behind `head` bytes) may be cut: around each border, and `more` others. */
export function cutsOf(
  bytes: number,
  head: number,
  page: number,
  more: number,
  random: () => number,
): number[] {
  const cuts = new Set([0, 1, head - 1, 15, 16, 99, 100]);
  for (let border = head; border <= bytes; border += page)
    for (const cut of [border - 1, border, border + 1, border + 24]) cuts.add(cut);
  for (let i = 0; i < more; i++) cuts.add(Math.floor(random() * bytes));
  return [...cuts].filter((cut) => cut >= 0 && cut < bytes).sort((a, b) => a - b);
}

/** A generator of numbers in [0, 1) that a seed repeats (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
