/** A log that takes its time, as one on a disk does: no reader misses an entry, or reads one out of order. */
import { expect, test } from 'vitest';
import { MemoryLog } from '../../log/memory.ts';
import { handmadeKeyPackage } from '../../mls/testKeyPackage.ts';
import type { WireEntry } from '../../protocol/wire/hashes.ts';
import { entryOf, hexBytes, joinOf, newInvite } from '../testing.ts';
import { SERVICE_LIMITS } from './limits.ts';
import { Room, type Reader } from './Room.ts';

const invite = newInvite();

/** Two who join, in each room anew; their key packages are made once. */
const GUESTS = [hexBytes(16), hexBytes(16)].map((participant, i) => {
  const seed = new Uint8Array(32).fill(i + 1);
  return { participant, seed, keyPackage: handmadeKeyPackage({ participant, seed }) };
});
function joinBy(log: MemoryLog, number: 0 | 1): WireEntry {
  const { participant, ...options } = GUESTS[number]!;
  return joinOf(log.id, invite, participant, options);
}

/** Acknowledges, and answers a read, some turns later; in order. */
class SlowLog extends MemoryLog {
  #last: Promise<unknown> = Promise.resolve();
  readonly #turns: number;

  constructor(turns: number) {
    super();
    this.#turns = turns;
  }

  async #wait(): Promise<void> {
    for (let i = 0; i < this.#turns; i++) await Promise.resolve();
  }

  override append(entry: WireEntry): Promise<number> {
    const result = this.#last.then(() => this.#wait()).then(() => super.append(entry));
    this.#last = result;
    return result;
  }

  override async read(from: number, limit: number): Promise<readonly WireEntry[]> {
    const entries = await super.read(from, limit);
    await this.#wait();
    return entries;
  }
}

class Reading implements Reader {
  readonly positions: number[] = [];
  readonly kinds: number[] = [];
  entry(entry: WireEntry, position: number): void {
    this.positions.push(position);
    this.kinds.push(entry.header[1] ?? 0);
  }
  ready(): null {
    return null;
  }
  message(): void {
    // It listens for entries.
  }

  logUnavailable(): void {
    throw new Error('this log takes everything');
  }

  replaced(): void {
    this.kinds.push(-1);
  }
}

const handoverOf = (log: MemoryLog, author: string): WireEntry =>
  entryOf({ kind: 'handover', log: log.id, author, at: 0, on: hexBytes(32) }, invite);
const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);

test.each([0, 1, 2, 3, 5, 8])('who comes while others append (%d turns)', async (turns) => {
  for (let late = 0; late < 24; late++) {
    const log = new SlowLog(turns);
    const room = new Room(invite.room, log, SERVICE_LIMITS);
    const { participant } = await room.join(joinBy(log, 0), invite.key, new Reading());
    const reading = new Reading();
    const joins = room.join(joinBy(log, 1), invite.key, reading);
    const appends: Promise<boolean>[] = [];
    for (let i = 0; i < late; i++) {
      await Promise.resolve();
      if (i % 3 === 0) appends.push(room.append(participant, handoverOf(log, participant)));
    }
    const { token, participant: second } = await joins;
    await Promise.all(appends);
    expect(reading.positions).toEqual(upTo(log.length));

    // The same on the way back.
    const back = new Reading();
    const resumes = room.resume(second, token, 1, back);
    const more = [0, 1, 2].map(() => room.append(participant, handoverOf(log, participant)));
    await Promise.all([resumes, ...more]);
    expect(back.positions).toEqual(upTo(log.length));
    room.close();
  }
});

test('who leaves reads everything up to its leave, and what it sends after it counts for nothing', async () => {
  const log = new SlowLog(6);
  const room = new Room(invite.room, log, SERVICE_LIMITS);
  const [a, b] = [new Reading(), new Reading()];
  const first = await room.join(joinBy(log, 0), invite.key, a);
  const second = await room.join(joinBy(log, 1), invite.key, b);
  const append = room.append(second.participant, handoverOf(log, second.participant));
  const leave = room.leave(first.participant);
  const later = room.append(second.participant, handoverOf(log, second.participant));
  await expect(room.append(first.participant, handoverOf(log, first.participant))).rejects.toMatchObject({
    code: 'closed',
  });
  await expect(room.resume(first.participant, first.token, 1, new Reading())).rejects.toMatchObject({
    code: 'unknown_participant',
  });
  await room.leave(first.participant);
  await Promise.all([append, leave, later]);
  expect(b.kinds).toEqual([1, 1, 5, 2, 5]);
  expect(b.positions).toEqual(upTo(5));
  expect(a.positions.slice(0, 4)).toEqual(upTo(4));
  expect(a.kinds[3]).toBe(2);
  expect(room.size).toBe(1);
});
