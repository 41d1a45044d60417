/** A room whose log, people and clock are a test's: what tests of claims and drafts share. */
import { afterEach, beforeEach, expect, vi } from 'vitest';
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

/** T of these rooms, milliseconds. */
export const T = 5_000;
const INVITE = 200;
export const HASH = bytesOf(7, 32);

/** Each is made once: making one by hand takes longer than checking it. */
const kept = new Map<string, Uint8Array>();
function goodKeyPackage(participant: string, byte: number): Uint8Array {
  const made = kept.get(participant) ?? handmadeKeyPackage({ participant, seed: seedOf(byte) });
  kept.set(participant, made);
  return made;
}

/** Reads nothing. */
export class NoReader implements Reader {
  entry = (): void => undefined;
  ready = (): null => null;
  replaced = (): void => undefined;
  logUnavailable = (): void => undefined;
  message = (): void => undefined;
}

/** A room in which the letters a, b, c, … take part: each has a key of its own. */
export class SpacedRoom {
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
      this.hashes.push(nextHash(this.hashes.at(-1) ?? '', entry));
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
    return { log: this.log.id, author: this.id(name), at, on: this.hashes[at] ?? '' };
  }

  sends(name: string, header: Header, byte = this.byte(name)): Promise<boolean> {
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
    this.head = commitIdOf(this.entries.at(-1)?.header ?? new Uint8Array());
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

let room: SpacedRoom | null = null;

/** A room that is closed when its test ends, by when nothing may wait any more. */
export function spacedRoom(log?: MemoryLog): SpacedRoom {
  room = new SpacedRoom(log);
  return room;
}

/** `a` has founded and admitted `b` and `c`; they have been there for long. */
export async function trio(): Promise<SpacedRoom> {
  const room = spacedRoom();
  await room.joins('a', 'b', 'c');
  await room.founds('a');
  await room.commits('a', ['b', 'c']);
  await pass(20 * T);
  return room;
}

export const pass = (milliseconds: number): Promise<unknown> => vi.advanceTimersByTimeAsync(milliseconds);

/** The clock of each test of a file stands still but for `pass`. */
export function standStill(): void {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    room?.room.close();
    room = null;
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });
}
