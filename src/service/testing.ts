/** What tests of the service share: bare clients over real WebSockets, which join with key packages and hold no group. */
import { randomBytes } from 'node:crypto';
import { vi } from 'vitest';
import { WebSocket } from 'ws';
import { STORE_SECRET_BYTES, type DeliveryLog, type LogStore } from '../log/DeliveryLog.ts';
import {
  packEntry,
  parseServiceMessage,
  SERVICE_VERSION,
  type ClientMessage,
  type ServiceMessage,
} from '../log/messages.ts';
import { handmadeKeyPackage } from '../mls/testKeyPackage.ts';
import { digest, hex } from '../protocol/wire/bytes.ts';
import type { WireEntry } from '../protocol/wire/hashes.ts';
import { encodeHeader, type Header } from '../protocol/wire/header.ts';
import { inviteOf, type Invite } from '../protocol/wire/invite.ts';
import { encodeJoinPayload } from '../protocol/wire/payload.ts';
import { publicKeyOf, signWithSeed } from '../protocol/wire/signature.ts';
import { digestOf } from '../protocol/wire/testing.ts';

export const hexBytes = (count: number): string => randomBytes(count).toString('hex');
export const newInvite = (): Invite => inviteOf(randomBytes(32));

/** A store whose logs a test makes. */
export const storeOf = (open: (room: string) => Promise<DeliveryLog>): LogStore => ({
  secret: randomBytes(STORE_SECRET_BYTES),
  open,
  drop: () => Promise.resolve(),
  rooms: () => Promise.resolve([]),
});

type Unnamed<H> = H extends { payload: string } ? Omit<H, 'payload'> : H;

/** An entry whose header names its payload. The signature is one by the invite key, which only a join needs. */
export function entryOf(
  header: Unnamed<Header>,
  invite: Invite,
  payload: Uint8Array = new Uint8Array(),
): WireEntry {
  const named = header.kind === 'join' || header.kind === 'commit';
  const bytes = encodeHeader(named ? { ...header, payload: digestOf(payload) } : header);
  return { header: bytes, signature: signWithSeed(invite.seed, bytes), payload };
}

/** What a join is made of, besides a good key package of its author with fresh keys. */
export interface JoinOptions {
  /** Of the signature key. */
  readonly seed?: Uint8Array;
  /** In place of the good one. */
  readonly keyPackage?: Uint8Array;
  /** In place of the one with the key package. */
  readonly payload?: Uint8Array;
}

export function joinOf(
  log: string,
  invite: Invite,
  author = hexBytes(16),
  options: JoinOptions = {},
): WireEntry {
  const { seed = randomBytes(32) } = options;
  const keyPackage = options.keyPackage ?? handmadeKeyPackage({ participant: author, seed });
  const payload = options.payload ?? encodeJoinPayload({ keyPackage, sealed: new Uint8Array() });
  const signatureKey = hex(publicKeyOf(seed));
  return entryOf(
    { kind: 'join', log, author, signatureKey, keyPackage: digest(keyPackage) },
    invite,
    payload,
  );
}

type Of<T extends ServiceMessage['type']> = Extract<ServiceMessage, { type: T }>;

/** One WebSocket to a room, which keeps all that the service says. It answers no ping unless told so. */
export class Client {
  readonly id: string;
  readonly invite: Invite;
  readonly socket: WebSocket;
  readonly heard: ServiceMessage[] = [];
  answersPings = true;
  /** Null while it is open. */
  closedBy: number | null = null;

  constructor(url: string, invite: Invite, id = hexBytes(16)) {
    this.id = id;
    this.invite = invite;
    this.socket = new WebSocket(`${url.replace('http', 'ws')}/rooms/${invite.room}`);
    this.socket.on('error', () => undefined);
    this.socket.on('close', (code) => {
      this.closedBy = code;
    });
    this.socket.on('message', (data: Buffer) => {
      const message = parseServiceMessage(data.toString());
      if (message === null) throw new Error(`not a message: ${data.toString().slice(0, 100)}`);
      this.heard.push(message);
      if (message.type === 'ping' && this.answersPings) this.say({ type: 'pong' });
    });
  }

  say(message: ClientMessage): void {
    this.socket.send(JSON.stringify(message));
  }

  all<T extends ServiceMessage['type']>(type: T): readonly Of<T>[] {
    return this.heard.filter((it): it is Of<T> => it.type === type);
  }

  /** The first message of a type; waits for it. */
  async first<T extends ServiceMessage['type']>(type: T): Promise<Of<T>> {
    return vi.waitFor(() => {
      const [message] = this.all(type);
      if (message === undefined)
        throw new Error(`no ${type}: ${this.socket.url}, closed ${String(this.closedBy)}`);
      return message;
    }, 10_000);
  }

  async log(): Promise<string> {
    return (await this.first('log')).log;
  }

  /** Sends a join, and waits for nothing. */
  async asks(entry?: WireEntry, inviteKey = this.invite.key): Promise<void> {
    const log = await this.log();
    const join = entry ?? joinOf(log, this.invite, this.id);
    this.say({ type: 'join', version: SERVICE_VERSION, inviteKey, entry: packEntry(join) });
  }

  /** Joins; gives the token. */
  async joins(): Promise<string> {
    await this.asks();
    return (await this.first('joined')).token;
  }

  async resumes(token: string, from: number, participant = this.id): Promise<void> {
    await this.log();
    this.say({ type: 'resume', version: SERVICE_VERSION, participant, token, from });
  }

  async appends(entry: WireEntry): Promise<void> {
    await this.first('joined');
    this.say({ type: 'append', entry: packEntry(entry) });
  }

  /** A header that this client may draft. */
  async drafts(payload?: Uint8Array, author = this.id): Promise<WireEntry> {
    const draft = { log: await this.log(), author, at: 1, on: hexBytes(32) };
    if (payload === undefined) return entryOf({ kind: 'handover', ...draft }, this.invite);
    const body = { parent: hexBytes(32), adds: [], removes: [], authenticator: hexBytes(32) };
    return entryOf({ kind: 'commit', ...draft, ...body }, this.invite, payload);
  }

  /** The positions and kinds (bytes 2 of a header) of the entries that came, in order. */
  get entries(): readonly { position: number; kind: string }[] {
    const kinds = ['', 'join', 'leave', 'found', 'commit', 'handover', 'claim'];
    return this.all('entry').map(({ position, entry }) => ({
      position,
      kind: kinds[Buffer.from(entry.header, 'base64url')[1] ?? 0] ?? 'odd',
    }));
  }

  async closed(): Promise<number> {
    return vi.waitFor(() => {
      if (this.closedBy === null) throw new Error('still open');
      return this.closedBy;
    }, 10_000);
  }

  /** The code of the error that came, and how the connection ended. */
  async refusal(): Promise<string> {
    const { code, fatal } = await this.first('error');
    return fatal ? `${code}, closed ${String(await this.closed())}` : code;
  }
}

/** Waits for a condition. */
export const until = (what: () => boolean): Promise<void> =>
  vi.waitFor(() => {
    if (!what()) throw new Error(`not yet: ${what.toString()}`);
  }, 10_000);
