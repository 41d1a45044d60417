import type { WebSocket } from 'ws';
import type { Forwarder, ForwarderConnection } from '../forwarder/Forwarder.ts';
import { LogError } from '../../log/DeliveryLog.ts';
import type { ParticipantId } from '../../protocol/ids.ts';
import type { WireEntry } from '../../protocol/wire/hashes.ts';
import type { KeyPackageFlaw } from '../../protocol/wire/keyPackage.ts';
import { Refused } from './admission.ts';
import { toldOf } from './logFaults.ts';
import { faultOf, type ServiceLog } from '../logging/ServiceLog.ts';
import type { ServiceLimits } from './limits.ts';
import {
  packEntry,
  parseClientMessage,
  SERVICE_VERSION,
  unpackEntry,
  type ClientMessage,
  type ServiceErrorCode,
  type ServiceMessage,
} from '../../log/messages.ts';
import { TokenBucket } from '../TokenBucket.ts';
import type { Reader, Room } from './Room.ts';

/** What a connection tells the server it belongs to. */
export interface ConnectionHost {
  readonly limits: ServiceLimits;
  readonly forwarder: Forwarder;
  /** Counts what was refused, by code. No ids, names or keys. */
  refused(code: ServiceErrorCode): void;
  closed(): void;
  /** Whether the address of this connection may make one more `join`. */
  mayJoin(): boolean;
  /** Counts what goes in and out, in bytes. */
  readonly bytes: { in: number; out: number };
  /** Counts an entry that was handed on. */
  delivered(): void;
  /** Counts a draft that was not appended: it was overtaken, or its connection lost. */
  dropped(): void;
  readonly log: ServiceLog;
}

/** Close codes of RFC 6455 that say that the other side went on purpose: a closed tab, a `leave`. */
const ON_PURPOSE = new Set([1000, 1001]);

/** After these the connection stays. */
const STAYS: ReadonlySet<ServiceErrorCode> = new Set(['entry_refused', 'relay_too_long', 'relay_too_fast']);

/** One WebSocket of one participant. Messages are taken one after the other. */
export class Connection implements Reader {
  readonly #socket: WebSocket;
  readonly #room: Room;
  readonly #host: ConnectionHost;
  readonly #timer: NodeJS.Timeout;
  #hello: NodeJS.Timeout;
  #participant: ParticipantId | null = null;
  #rtc: ForwarderConnection | null = null;
  #unanswered = 0;
  readonly #messages: TokenBucket;
  readonly #relays: TokenBucket;
  #queue: Promise<void> = Promise.resolve();
  #queued = 0;

  constructor(socket: WebSocket, room: Room, host: ConnectionHost) {
    this.#socket = socket;
    this.#room = room;
    this.#host = host;
    const { messageBurst, messagesPerSecond, relayBurst, relaysPerSecond } = host.limits;
    const now = performance.now();
    this.#messages = new TokenBucket(messageBurst, messagesPerSecond, now);
    this.#relays = new TokenBucket(relayBurst, relaysPerSecond, now);
    this.#timer = setInterval(() => this.#ping(), host.limits.pingMs);
    this.#hello = setTimeout(() => this.#fail('message_order', 'nothing was said'), host.limits.helloMs);
    socket.on('message', (data, isBinary) =>
      this.#message(isBinary ? '' : (data as Buffer).toString('utf8')),
    );
    // What WebSocket answers by itself costs as much as a message.
    socket.on('ping', () => {
      if (!this.#messages.take(performance.now())) this.#fail('too_many_messages', 'slower, please');
    });
    socket.on('close', (code) => this.#closed(code));
    socket.on('error', (error) => {
      // What is no WebSocket frame, or is too long, and not a connection that has gone.
      if ('code' in error && String(error.code).startsWith('WS_ERR_')) host.refused('malformed_message');
      socket.terminate();
    });
    this.#send({ type: 'log', version: SERVICE_VERSION, log: room.log.id, length: room.log.length });
  }

  entry(entry: WireEntry, position: number): void {
    this.#host.delivered();
    this.#send({ type: 'entry', position, entry: packEntry(entry) });
  }

  message(from: ParticipantId, data: string): void {
    this.#send({ type: 'message', from, data });
  }

  ready(): Promise<void> | null {
    if (this.#socket.bufferedAmount <= this.#host.limits.queueBytes / 2) return null;
    // A ping frame goes out behind all that waits; on a socket that has gone, the callback is called as well.
    return new Promise((resolve) => this.#socket.ping(undefined, undefined, () => resolve()));
  }

  replaced(): void {
    this.#participant = null;
    this.#fail('replaced', 'this participant is on another connection');
  }

  logUnavailable(): void {
    this.#tell(toldOf(new LogError('log_unavailable', '')));
  }

  /** The connection stays. */
  #tell({ code, message }: Refused): void {
    this.#host.refused(code);
    this.#send({ type: 'error', code, message, fatal: false });
  }

  #send(message: ServiceMessage): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    const text = JSON.stringify(message);
    this.#host.bytes.out += text.length;
    this.#host.log('trace', 'sent', { type: message.type, bytes: text.length });
    this.#socket.send(text);
    if (this.#socket.bufferedAmount > this.#host.limits.queueBytes) {
      this.#host.refused('queue_full');
      this.#socket.terminate();
    }
  }

  #fail(code: ServiceErrorCode, message: string, flaw: KeyPackageFlaw | null = null): void {
    this.#host.refused(code);
    this.#send({ type: 'error', code, message, fatal: true, ...(flaw && { flaw }) });
    this.#socket.close(1008, code);
  }

  #ping(): void {
    if (++this.#unanswered > 2) this.#socket.terminate();
    else this.#send({ type: 'ping' });
  }

  #message(text: string): void {
    this.#host.bytes.in += text.length;
    // What comes after a fatal error was sent before it was heard of.
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (!this.#messages.take(performance.now()) || this.#queued >= this.#host.limits.messageBurst) {
      this.#fail('too_many_messages', 'slower, please');
      return;
    }
    const message = parseClientMessage(text);
    if (message === null) {
      this.#fail('malformed_message', 'not a message of this service');
      return;
    }
    this.#host.log('trace', 'received', { type: message.type, bytes: text.length });
    this.#unanswered = 0;
    this.#queued++;
    this.#queue = this.#queue
      .then(() => this.#take(message))
      .catch((error: unknown) => this.#refuse(error))
      .finally(() => this.#queued--);
  }

  async #take(message: ClientMessage): Promise<void> {
    if (message.type === 'pong') return;
    if (message.type === 'join' || message.type === 'resume') return this.#enter(message);
    if (this.#participant === null) throw new Refused('message_order', 'join comes first');
    switch (message.type) {
      case 'append':
        return this.#append(this.#participant, this.#unpack(message.entry));
      case 'message':
        return this.#relay(this.#participant, message.data);
      case 'leave':
        await this.#room.leave(this.#participant);
        this.#socket.close(1000, 'left');
        return;
      case 'rtc':
        (this.#rtc ?? this.#openRtc(this.#participant)).receive(message.message);
    }
  }

  /** A claim that is held back delays what is appended after it, and nothing else that this connection says. */
  #append(participant: ParticipantId, entry: WireEntry): Promise<void> {
    const appended = this.#room.append(participant, entry).then((isAppended) => {
      if (!isAppended) this.#host.dropped();
    });
    if (!this.#room.holds(participant)) return appended;
    appended.catch((error: unknown) => this.#refuse(error));
    return Promise.resolve();
  }

  /** @throws Refused */
  #relay(participant: ParticipantId, data: string): void {
    const bytes = Math.floor((data.length * 3) / 4);
    const { relayBytes } = this.#host.limits;
    if (bytes > relayBytes)
      throw new Refused(
        'relay_too_long',
        `a message of ${String(bytes)} bytes, at most ${String(relayBytes)}`,
      );
    if (!this.#relays.take(performance.now()))
      throw new Refused('relay_too_fast', 'this message was not passed on: slower, please');
    this.#room.relay(participant, data);
  }

  /** After a fatal error the page may begin anew on the same WebSocket. */
  #openRtc(participant: ParticipantId): ForwarderConnection {
    const state = { open: true };
    const connection = this.#host.forwarder.join(this.#room.id, participant, (message) => {
      if (message.type === 'error' && message.fatal) {
        state.open = false;
        this.#rtc = null;
      }
      this.#send({ type: 'rtc', message });
    });
    this.#rtc = state.open ? connection : null;
    return connection;
  }

  async #enter(message: Extract<ClientMessage, { type: 'join' | 'resume' }>): Promise<void> {
    if (this.#participant !== null) throw new Refused('message_order', 'joined already');
    if (message.type === 'join') {
      if (!this.#host.mayJoin()) throw new Refused('too_many_joins', 'too many joins from this address');
      const joined = await this.#room.join(this.#unpack(message.entry), message.inviteKey, this);
      this.#participant = joined.participant;
      this.#send({ type: 'joined', token: joined.token });
    } else {
      const token = await this.#room.resume(message.participant, message.token, message.from, this);
      this.#participant = message.participant;
      this.#send({ type: 'joined', token });
    }
    clearTimeout(this.#hello);
    if (this.#socket.readyState !== this.#socket.OPEN) this.#room.lost(this.#participant, this);
  }

  #unpack(packed: Parameters<typeof unpackEntry>[0]): WireEntry {
    const entry = unpackEntry(packed);
    if (entry === null) throw new Refused('malformed_message', 'not base64url');
    return entry;
  }

  /** A refused entry or message is told and the connection stays; what cannot be told apart from an attack ends it. */
  #refuse(error: unknown): void {
    if (error instanceof LogError) return this.#refuseFor(error);
    if (!(error instanceof Refused)) {
      this.#host.log('error', 'service_failed', faultOf(error));
      return this.#fail('closed', 'the service failed');
    }
    if (!STAYS.has(error.code)) return this.#fail(error.code, error.message, error.flaw);
    this.#tell(error);
  }

  /** The log refuses. Who is in the call stays in it where that may pass; who is not yet, comes again. */
  #refuseFor(error: LogError): void {
    this.#host.log('error', 'log_failed', faultOf(error));
    const told = toldOf(error);
    const stays = this.#participant !== null && told.code === 'log_unavailable';
    if (stays || told.code === 'entry_refused') this.#tell(told);
    else this.#fail(told.code, told.message);
  }

  #closed(code: number): void {
    clearInterval(this.#timer);
    clearTimeout(this.#hello);
    this.#rtc?.close();
    this.#rtc = null;
    const participant = this.#participant;
    if (participant !== null) {
      if (ON_PURPOSE.has(code)) void this.#room.leave(participant);
      else this.#room.lost(participant, this);
    }
    this.#host.closed();
  }
}
