/** What is left of files that were cut or changed: what was acknowledged up to there, or a typed error; else these throw. */
import { bytesOf, cutsOf, openDamaged, randomFrom, write, type Lengths, type Opened } from './damage.ts';

const WAL_HEAD = 32;
const WAL_FRAME = 24 + 4_096;
const PAGE = 4_096;
const ENTRIES = 60;
/** Enough for the write-ahead log to be carried over into the file, and begun anew. */
const MANY_ENTRIES = 400;

/** How much a check saw: files opened, and what came of them. */
export interface Seen {
  readonly seed: number;
  readonly opened: number;
  readonly outcomes: Readonly<Record<string, number>>;
  /** Acknowledged entries that had to be there, over all files. */
  readonly entries: number;
}

class Tally {
  readonly seed = Math.floor(Math.random() * 2 ** 31);
  readonly random = randomFrom(this.seed);
  readonly outcomes: Record<string, number> = {};
  opened = 0;
  entries = 0;

  count(outcome: string): void {
    this.opened++;
    this.outcomes[outcome] = (this.outcomes[outcome] ?? 0) + 1;
  }

  fail(where: string, opened: Opened): never {
    throw new Error(`seed ${this.seed}, ${where}: ${JSON.stringify(opened)}`);
  }

  get seen(): Seen {
    const { seed, opened, outcomes, entries } = this;
    return { seed, opened, outcomes, entries };
  }
}

const isWhole = ({ lengths, codes }: Opened, all: Lengths): boolean =>
  codes.length === 0 && JSON.stringify(lengths) === JSON.stringify(all);

/** Cuts the write-ahead log of a running store around every border of `every` frames, and at `more` other bytes. */
export async function cutWriteAheadLog(folder: string, every: number, more: number): Promise<Seen> {
  const tally: Tally = new Tally();
  const written = await write(folder, ENTRIES, false);
  const cuts = cutsOf(bytesOf(written, 'wal'), WAL_HEAD, every * WAL_FRAME, more, tally.random);
  for (const cut of cuts) {
    const opened = await openDamaged(written, 'wal', (bytes) => bytes.subarray(0, cut));
    const { lengths, codes } = opened;
    if (typeof lengths === 'string' || codes.length > 0) tally.fail(`cut at ${cut}`, opened);
    const acknowledged: Lengths = written.moments.findLast(({ walBytes }) => walBytes <= cut)?.lengths ?? {};
    for (const [room, length] of Object.entries(acknowledged)) {
      tally.entries += length;
      if ((lengths[room] ?? 0) < length) tally.fail(`cut at ${cut}, ${length} in ${room}`, opened);
    }
    tally.count('prefix');
  }
  return tally.seen;
}

/** Cuts the file around every border of `every` pages, and at `more` other bytes. `closed`: of a store that was closed. */
export async function cutFile(folder: string, closed: boolean, every: number, more: number): Promise<Seen> {
  const tally: Tally = new Tally();
  const written = await write(folder, closed ? ENTRIES : MANY_ENTRIES, closed);
  const all = written.moments.at(-1)?.lengths ?? {};
  for (const cut of cutsOf(bytesOf(written, 'file'), PAGE, every * PAGE, more, tally.random)) {
    const opened = await openDamaged(written, 'file', (bytes) => bytes.subarray(0, cut));
    if (typeof opened.lengths === 'string') tally.count(opened.lengths);
    else if (isWhole(opened, all)) tally.count('whole');
    else if (opened.codes.length > 0) tally.count('some rooms');
    else tally.fail(`cut at ${cut}`, opened);
  }
  return tally.seen;
}

/** Changes one byte of the file of a store that was closed, `tries` times. */
export async function changeBytes(folder: string, tries: number): Promise<Seen> {
  const tally: Tally = new Tally();
  const written = await write(folder, ENTRIES, true);
  const all = written.moments.at(-1)?.lengths ?? {};
  for (let i = 0; i < tries; i++) {
    const at = Math.floor(tally.random() * bytesOf(written, 'file'));
    const by = 1 + Math.floor(tally.random() * 255);
    const opened = await openDamaged(written, 'file', (bytes) => {
      bytes.writeUInt8(bytes.readUInt8(at) ^ by, at);
      return bytes;
    });
    const { lengths, codes } = opened;
    if (typeof lengths === 'string') {
      tally.count(lengths);
      continue;
    }
    // A room that does not open says so; each of the others is whole.
    for (const [room, length] of Object.entries(lengths))
      if (length !== all[room]) tally.fail(`byte ${at} changed by ${by}`, opened);
    tally.count(codes.length === 0 ? 'whole' : `${codes.length} ${codes[0] ?? ''}`);
  }
  return tally.seen;
}
