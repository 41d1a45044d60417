/** What the tests of sessions share: the other side of their connections, in one process. */
import { vi, expect } from 'vitest';
import { MemoryLog } from '../log/memory.ts';
import {
  packEntry,
  parseClientMessage,
  unpackEntry,
  type ClientMessage,
  type ServiceMessage,
} from '../log/messages.ts';
import type { MlsGroup } from '../mls/MlsGroup.ts';
import { loadMlsInNode } from '../mls/node.ts';
import { createMlsGroup } from '../mls/wasm.ts';
import { decodeHeader, encodeHeader } from '../protocol/wire/header.ts';
import type { WireEntry } from '../protocol/wire/hashes.ts';
import { inviteOf } from '../protocol/wire/invite.ts';
import { Participant } from './Participant.ts';
import { stateOf } from './recording.ts';
import { Session, type SessionEvent, type SessionOptions, type Socket } from './Session.ts';
import { NOW } from './testing.ts';

export const TOKEN = '0e'.repeat(16);
const invite = inviteOf(new Uint8Array(32).fill(3));

function given<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error('there is none');
  return value;
}

/** One connection, as the session has it. Sending before it is open throws, as in a browser. */
class Wire implements Socket {
  onmessage: Socket['onmessage'] = null;
  onclose: Socket['onclose'] = null;
  readonly said: ClientMessage[] = [];
  closedWith: number | null = null;
  open = false;
  readonly #room: TestRoom;

  constructor(room: TestRoom) {
    this.#room = room;
  }

  send(text: string): void {
    if (!this.open) throw new Error('InvalidStateError: still in CONNECTING state');
    if (this.closedWith !== null) return;
    const message = parseClientMessage(text);
    if (message === null) throw new Error('the session said what is no message');
    this.said.push(message);
    this.#room.hears(this, message);
  }

  close(code = 1005): void {
    this.closedWith ??= code;
  }

  tells(message: ServiceMessage): void {
    this.tellsText(JSON.stringify(message));
  }

  tellsText(text: unknown): void {
    this.onmessage?.({ data: text });
  }

  /** The connection goes without a word. */
  lost(): void {
    this.closedWith ??= 1006;
    this.onclose?.({ code: 1006, reason: '' });
  }

  get types(): readonly string[] {
    return this.said.map(({ type }) => type);
  }
}

/** The other side of the connections of one session: a log in memory, and what a test makes of it. */
export class TestRoom {
  log = new MemoryLog();
  readonly entries: WireEntry[] = [];
  readonly wires: Wire[] = [];
  readonly events: SessionEvent[] = [];
  readonly session: Session;
  /** Whether connections open by themselves. */
  opens = true;
  /** Entries from this position on are not told. */
  silentFrom = Infinity;
  takesAppends = true;
  /** What its log has, it tells also where it takes no `join`. */
  takesJoins = true;

  /** @param options of the session, where a test needs others. */
  constructor(options: Partial<SessionOptions> = {}) {
    this.log.subscribe((entry) => void this.entries.push(entry));
    this.session = new Session({
      invite,
      name: 'Ada',
      connect: () => {
        const wire = new Wire(this);
        this.wires.push(wire);
        if (this.opens) queueMicrotask(() => this.opened(wire));
        return wire;
      },
      createMls: (participant) => {
        loadMlsInNode();
        return createMlsGroup({ participant, now: NOW });
      },
      onEvent: (event) => void this.events.push(event),
      ...options,
    });
  }

  get wire(): Wire {
    return given(this.wires.at(-1));
  }

  opened(wire: Wire): void {
    wire.open = true;
    wire.tells({ type: 'log', version: 1, log: this.log.id, length: this.log.length });
  }

  hears(wire: Wire, message: ClientMessage): void {
    if (message.type === 'join') {
      if (this.takesJoins) wire.tells({ type: 'joined', token: TOKEN });
      for (let position = 1; position <= this.entries.length; position++) this.tellEntry(position, wire);
      if (this.takesJoins) this.append(given(unpackEntry(message.entry)));
    } else if (message.type === 'resume') {
      wire.tells({ type: 'joined', token: TOKEN });
      for (let at = message.from; at <= this.entries.length; at++) this.tellEntry(at, wire);
    } else if (message.type === 'append' && this.takesAppends) this.append(given(unpackEntry(message.entry)));
  }

  append(entry: WireEntry): void {
    const position = this.entries.length + 1;
    void this.log.append(entry);
    if (position < this.silentFrom) this.tellEntry(position);
  }

  tellEntry(position: number, wire: Wire = this.wire): void {
    wire.tells({ type: 'entry', position, entry: packEntry(given(this.entries[position - 1])) });
  }

  /** The service begins with another log. */
  losesItsLog(): void {
    this.entries.length = 0;
    this.log = new MemoryLog();
    this.log.subscribe((entry) => void this.entries.push(entry));
  }

  /** The service says that the session's participant has left. */
  declaresGone(): void {
    const author = given(this.session.participant).id;
    const header = encodeHeader({ kind: 'leave', log: this.log.id, author });
    this.append({ header, signature: new Uint8Array(), payload: new Uint8Array() });
  }

  /** A participant that is not on these connections. `core` stands between it and its MLS group. */
  somebodyElse(byte = 'ab', core: (mls: MlsGroup) => MlsGroup = (mls) => mls): Participant {
    return new Participant({
      invite,
      log: this.log.id,
      mls: core(createMlsGroup({ participant: byte.repeat(16), now: NOW })),
      sealedName: new Uint8Array(),
      send: (entry) => void this.log.append(entry),
      sendLeave: () => undefined,
    });
  }

  /** Somebody else has joined and founded before. It reads and does nothing by itself. */
  foundedBySomebodyElse(core?: (mls: MlsGroup) => MlsGroup): Participant {
    const other = this.somebodyElse('ab', core);
    void this.log.append(other.join);
    other.read(other.join);
    other.act();
    return other;
  }

  /** `other` reads all there is, and does its duty; the session hears of what comes of it. */
  actsFor(other: Participant): void {
    const readOn = (): void => {
      for (let at = other.view.position; at < this.entries.length; at++) other.read(given(this.entries[at]));
    };
    readOn();
    const told = this.entries.length;
    other.act();
    readOn();
    for (let at = told + 1; at <= this.entries.length; at++) this.tellEntry(at);
  }

  get kinds(): readonly string[] {
    return this.entries.map(({ header }) => decodeHeader(header).kind);
  }

  get state(): string {
    const { participant } = this.session;
    return participant === null ? 'none' : stateOf(participant.snapshot);
  }

  get codes(): readonly string[] {
    return this.events.flatMap((it) => (it.type === 'error' ? [it.code] : []));
  }

  get participants(): number {
    return this.events.filter(({ type }) => type === 'participant').length;
  }

  async reaches(state: string): Promise<void> {
    await vi.waitFor(() => expect(this.state).toBe(state), 10_000);
  }

  async connections(count: number): Promise<void> {
    await vi.waitFor(() => expect(this.wires.length).toBe(count), 10_000);
  }
}
