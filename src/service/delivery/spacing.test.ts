/** Rule Takeover, the service's part: how long a claim is held back. The clock is the test's. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { MemoryLog } from '../../log/memory.ts';
import { handmadeKeyPackage } from '../../mls/testKeyPackage.ts';
import { unhex } from '../../protocol/wire/bytes.ts';
import { commitIdOf, originOf, nextHash, type WireEntry } from '../../protocol/wire/hashes.ts';
import { decodeHeader, type Header } from '../../protocol/wire/header.ts';
import { roomOf } from '../../protocol/wire/invite.ts';
import { bytesOf, joinOf, keyOf, seedOf, signed } from '../../protocol/wire/testing.ts';
import { payloadDigest } from '../../protocol/wire/payload.ts';
import { SERVICE_LIMITS } from './limits.ts';
import { Room, type Reader } from './Room.ts';

const T = 5_000;
const INVITE = 200;
const HASH = bytesOf(7, 32);

/** Each is made once: making one by hand takes longer than checking it. */
const kept = new Map<string, Uint8Array>();
function goodKeyPackage(participant: string, byte: number): Uint8Array {
  const made = kept.get(participant) ?? handmadeKeyPackage({ participant, seed: seedOf(byte) });
  kept.set(participant, made);
  return made;
}

/** Reads nothing. */
class NoReader implements Reader {
  entry = (): void => undefined;
  ready = (): null => null;
  replaced = (): void => undefined;
  logUnavailable = (): void => undefined;
}

/** A room in which the letters a, b, c, … take part: each has a key of its own. */
class SpacedRoom {
  readonly log: MemoryLog;
  readonly room: Room;
  readonly entries: WireEntry[] = [];
  readonly hashes: string[];
  readonly readers = new Map<string, NoReader>();
  readonly tokens = new Map<string, string>();
  head = '';

  constructor(log = new MemoryLog()) {
    this.log = log;
    this.hashes = [originOf(log.id)];
    log.subscribe((entry) => {
      this.entries.push(entry);
      this.hashes.push(nextHash(this.hashes.at(-1)!, entry));
    });
    this.room = new Room(roomOf(unhex(keyOf(INVITE))), log, { ...SERVICE_LIMITS, silenceMs: T });
  }

  byte = (name: string): number => name.charCodeAt(0);
  id = (name: string): string => bytesOf(this.byte(name), 16);

  joinOf(name: string, keyPackage = goodKeyPackage(this.id(name), this.byte(name))): WireEntry {
    return joinOf(this.log.id, this.id(name), this.byte(name), INVITE, { keyPackage });
  }

  async joins(...names: readonly string[]): Promise<void> {
    for (const name of names) {
      const reader = new NoReader();
      this.readers.set(name, reader);
      const entry = this.joinOf(name);
      this.tokens.set(name, (await this.room.join(entry, keyOf(INVITE), reader)).token);
    }
  }

  drafts(name: string, at = this.log.length) {
    return { log: this.log.id, author: this.id(name), at, on: this.hashes[at]! };
  }

  sends(name: string, header: Header, byte = this.byte(name)): Promise<void> {
    return this.room.append(this.id(name), signed(header, byte));
  }

  async founds(name: string): Promise<void> {
    await this.moves(name, { kind: 'found', ...this.drafts(name), authenticator: HASH });
  }

  async commits(name: string, adds: readonly string[] = [], removes: readonly string[] = []): Promise<void> {
    await this.moves(name, {
      kind: 'commit',
      ...this.drafts(name),
      ...{ parent: this.head, authenticator: HASH, payload: payloadDigest(new Uint8Array()) },
      ...{ adds: adds.map(this.id), removes: removes.map(this.id) },
    });
  }

  async moves(name: string, header: Header): Promise<void> {
    await this.sends(name, header);
    this.head = commitIdOf(this.entries.at(-1)!.header);
  }

  /** Sends a claim; the promise that it is appended, or dropped, is nobody's. */
  claims(name: string, accused: string, at?: number, byte?: number): void {
    const header = { kind: 'claim' as const, ...this.drafts(name, at), accused: this.id(accused) };
    void this.sends(name, header, byte);
  }

  /** Who appended what behind the first `from` entries. */
  since(from: number): string[] {
    return this.entries.slice(from).map(({ header }) => {
      const { kind, author } = decodeHeader(header);
      return `${String.fromCharCode(parseInt(author.slice(0, 2), 16))} ${kind}`;
    });
  }

  get length(): number {
    return this.log.length;
  }
}

const pass = (milliseconds: number): Promise<unknown> => vi.advanceTimersByTimeAsync(milliseconds);
let room: SpacedRoom;
/** `a` has founded and admitted `b` and `c`; they have been there for long. */
async function trio(): Promise<SpacedRoom> {
  room = new SpacedRoom();
  await room.joins('a', 'b', 'c');
  await room.founds('a');
  await room.commits('a', ['b', 'c']);
  await pass(20 * T);
  return room;
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  room.room.close();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('a claim that comes early', () => {
  test('is appended at T since the duty began, and not before', async () => {
    const room = await trio();
    await room.joins('d');
    const from = room.length;
    room.claims('b', 'a');
    await pass(T - 10);
    expect([room.since(from), room.room.holds(room.id('b'))]).toEqual([[], true]);
    await pass(20);
    expect([room.since(from), room.room.holds(room.id('b'))]).toEqual([['b claim'], false]);
  });

  test('is appended at T since the term began', async () => {
    const room = await trio();
    await room.joins('d');
    await pass(3 * T);
    await room.room.leave(room.id('a'));
    const from = room.length;
    room.claims('c', 'b');
    await pass(T - 10);
    expect(room.since(from)).toEqual([]);
    await pass(20);
    expect(room.since(from)).toEqual(['c claim']);
  });

  // "doubled for each claim of the epoch"
  test('waits for T doubled after a claim of the epoch, and T again after a commit', async () => {
    const room = await trio();
    await room.joins('d');
    await pass(T);
    const from = room.length;
    room.claims('b', 'a');
    await pass(0);
    room.claims('c', 'b');
    await pass(2 * T - 10);
    expect(room.since(from)).toEqual(['b claim']);
    await pass(20);
    room.claims('a', 'c');
    await pass(4 * T - 20);
    expect(room.since(from)).toEqual(['b claim', 'c claim']);
    await pass(20);
    expect(room.since(from)).toEqual(['b claim', 'c claim', 'a claim']);
    await room.commits('a', ['d']);
    await room.joins('e');
    room.claims('b', 'a');
    await pass(T + 10);
    expect(room.since(from).slice(3)).toEqual(['a commit', 'e join', 'b claim']);
  });

  // "with one live member left, a waiting participant may claim"
  test('is one of who waits, where only one member is live', async () => {
    room = new SpacedRoom();
    await room.joins('a');
    await room.founds('a');
    await room.joins('b');
    room.claims('b', 'a');
    await pass(T - 10);
    expect(room.since(3)).toEqual([]);
    await pass(20);
    expect(room.since(3)).toEqual(['b claim']);
  });

  test('goes at once as soon as it counts for nothing: its author may have more to say', async () => {
    const room = await trio();
    await room.joins('d');
    const from = room.length;
    room.claims('b', 'a');
    await room.commits('a', ['d']);
    await pass(0);
    expect(room.since(from)).toEqual(['a commit', 'b claim']);
    await room.joins('e');
    room.claims('c', 'a');
    await room.room.leave(room.id('e'));
    await pass(0);
    expect(room.since(from).slice(2)).toEqual(['e join', 'e leave', 'c claim']);
  });

  test('of somebody who says that the duty began long ago is judged by the clock of the service', async () => {
    const room = await trio();
    const at = room.length;
    await room.joins('d');
    room.claims('b', 'a', at);
    await pass(T - 10);
    expect(room.length).toBe(at + 1);
    await pass(20);
    expect(room.length).toBe(at + 2);
  });
});

describe('a claim that is held back', () => {
  test('delays what follows it from its author, in order, and nobody else', async () => {
    const room = await trio();
    await room.joins('d');
    const from = room.length;
    room.claims('b', 'a');
    void room.sends('b', { kind: 'handover', ...room.drafts('b') });
    await room.sends('c', { kind: 'handover', ...room.drafts('c') });
    await room.joins('e');
    expect(room.since(from)).toEqual(['c handover', 'e join']);
    await pass(T);
    expect(room.since(from).slice(2)).toEqual(['b claim', 'b handover']);
  });

  test('is dropped with its author: a leave waits for nothing', async () => {
    const room = await trio();
    await room.joins('d');
    const from = room.length;
    room.claims('b', 'a');
    await room.room.leave(room.id('b'));
    await pass(10 * T);
    expect(room.since(from)).toEqual(['b leave']);
  });

  test('is dropped with its connection, and may come again on the next', async () => {
    const room = await trio();
    await room.joins('d');
    const from = room.length;
    room.claims('b', 'a');
    const reader = room.readers.get('b')!;
    room.room.lost(room.id('b'), reader);
    expect(room.room.holds(room.id('b'))).toBe(false);
    await room.room.resume(room.id('b'), room.tokens.get('b')!, room.length + 1, reader);
    room.claims('b', 'a');
    const other = new NoReader();
    await room.room.resume(room.id('b'), room.tokens.get('b')!, room.length + 1, other);
    await pass(T + 10);
    expect(room.since(from)).toEqual([]);
    room.claims('b', 'a');
    await pass(0);
    expect(room.since(from)).toEqual(['b claim']);
  });

  test('has a limit on what waits behind it', async () => {
    const room = await trio();
    await room.joins('d');
    room.claims('b', 'a');
    const handover = { kind: 'handover' as const, ...room.drafts('b') };
    for (let i = 0; i < SERVICE_LIMITS.heldEntries; i++) void room.sends('b', handover);
    await expect(room.sends('b', handover)).rejects.toMatchObject({ code: 'outbox_full' });
    const from = room.length;
    await pass(T);
    expect(room.since(from).length).toBe(1 + SERVICE_LIMITS.heldEntries);
    await room.sends('b', handover);
  });
});

describe('what is not held back', () => {
  test('a claim without a duty, against another, or forged: it counts for nothing anyway', async () => {
    const room = await trio();
    room.claims('b', 'a');
    await pass(0);
    await room.joins('d');
    const from = room.length;
    room.claims('b', 'c');
    await pass(0);
    room.claims('a', 'a');
    await pass(0);
    room.claims('d', 'a');
    await pass(0);
    room.claims('b', 'a', room.length, room.byte('x'));
    await pass(0);
    room.claims('c', 'a', 2);
    await pass(0);
    expect(room.since(from)).toEqual(['b claim', 'a claim', 'd claim', 'b claim', 'c claim']);
  });

  test('anything but a claim', async () => {
    const room = await trio();
    await room.joins('d');
    const from = room.length;
    await room.sends('b', { kind: 'handover', ...room.drafts('b') });
    await room.commits('b', ['d']);
    await room.commits('a', ['d']);
    expect(room.since(from)).toEqual(['b handover', 'b commit', 'a commit']);
  });
});

// A join that counts for nothing, as an older service may have taken it into the log, is nobody's duty.
test('a join that participants refuse is none for the service either: it follows the commits', async () => {
  const room = await trio();
  await room.log.append(room.joinOf('x', new Uint8Array(300)));
  await room.joins('d');
  await room.commits('a', ['d']);
  await pass(10 * T);
  // Nobody waits any more, so a claim counts for nothing and is not held back.
  const from = room.length;
  room.claims('b', 'a');
  await pass(0);
  expect(room.since(from)).toEqual(['b claim']);
  await room.joins('e');
  room.claims('d', 'a');
  await pass(T - 10);
  expect([room.since(from + 1), room.room.holds(room.id('d'))]).toEqual([['e join'], true]);
  await pass(20);
  expect(room.since(from + 2)).toEqual(['d claim']);
});

// Justified: a commit that leaves out who waits is none, and its author has still not done its duty.
test('a commit that is not justified ends no turn', async () => {
  const room = await trio();
  await room.joins('d', 'e');
  await pass(T + 10);
  await room.commits('a', ['e']);
  const from = room.length;
  room.claims('b', 'a');
  await pass(0);
  expect(room.since(from)).toEqual(['b claim']);
});

// "a restart of the service counts anew"
test('a log that was there before is read first, and T counts from then on', async () => {
  const before = new SpacedRoom();
  await before.joins('a');
  await before.founds('a');
  await before.joins('b');
  before.room.close();
  await pass(10 * T);
  room = new SpacedRoom(before.log);
  room.entries.push(...before.entries);
  room.hashes.splice(0, 1, ...before.hashes);
  await room.joins('c');
  room.claims('c', 'a');
  await pass(T - 10);
  expect(room.since(3)).toEqual(['c join']);
  await pass(20);
  expect(room.since(3)).toEqual(['c join', 'c claim']);
});

test('a log that cannot be read is tried again by whoever comes next', async () => {
  room = new SpacedRoom();
  await room.joins('a');
  const log = room.log;
  room.room.close();
  room = new SpacedRoom(log);
  const read = vi.spyOn(log, 'read').mockRejectedValueOnce(new Error('disk'));
  await expect(room.joins('b')).rejects.toThrow('disk');
  read.mockResolvedValueOnce([]);
  await expect(room.joins('b')).rejects.toThrow('the log has no entry 1');
  await room.joins('b');
  expect(log.length).toBe(2);
});
