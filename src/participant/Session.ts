import {
  fromBase64url,
  packEntry,
  parseServiceMessage,
  SERVICE_VERSION,
  toBase64url,
  unpackEntry,
} from '../log/messages.ts';
import type { ClientMessage, ServiceMessage } from '../log/messages.ts';
import { MlsError, type MlsGroup } from '../mls/MlsGroup.ts';
import type { LogId, ParticipantId } from '../protocol/ids.ts';
import { PARTICIPANT_ID_BYTES } from '../protocol/ids.ts';
import { hex } from '../protocol/wire/bytes.ts';
import type { WireEntry } from '../protocol/wire/hashes.ts';
import { ServiceFault } from '../protocol/wire/verify.ts';
import { sealIntroduction } from './introduction.ts';
import { newPersonKey, type PersonKey } from './person.ts';
import { flawText } from '../protocol/wire/keyPackage.ts';
import { isCoreLost, Participant, type JoinRefusal, type Step } from './Participant.ts';
import type { SessionErrorCode, SessionEvent, SessionOptions, Socket } from './SessionOptions.ts';
import {
  ANEW,
  ATTEMPTS,
  CLOSE_AND_RESUME,
  FINAL,
  JOIN_RETRIES,
  LOG_RETRY_MS,
  RESENDS,
  RETRY_MS,
  SETTLED_STEPS,
} from './retries.ts';
import { Delay } from './timers/Delay.ts';
import { Timers } from './timers/Timers.ts';

export type { SessionErrorCode, SessionEvent, SessionOptions, Socket };

/**
 * Keeps a person in a call: connects, joins, hands entries to the participant, resumes after a lost connection, and
 * joins anew as a fresh participant where the last one was declared gone or is dead (rule Fresh).
 */
export class Session {
  participant: Participant | null = null;
  readonly #options: SessionOptions;
  readonly #person: PersonKey;
  #socket: Socket | null = null;
  /** The service has spoken on this socket, so it can be sent on. */
  #open = false;
  #token: string | null = null;
  #log: LogId | null = null;
  #caughtUpAt = 0;
  #inFlight: WireEntry | null = null;
  #resend = false;
  #reading: WireEntry | null = null;
  #retries = 0;
  #attempts = 0;
  #steps = 0;
  #closed = false;
  readonly #reconnect = new Delay();
  /** What is in flight goes out again: the log of the service could not take it. */
  readonly #logRetry = new Delay();
  #timers: Timers | null = null;
  /** How often the service has refused what is in flight. */
  #refusals = 0;
  /** Joins in a row that counted for nothing. */
  #refusedJoins = 0;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#person = options.person ?? newPersonKey();
    this.#connect();
  }

  /** Leaves the call for good. */
  leave(): void {
    if (this.#closed) return;
    this.participant?.leave();
    this.#close('closed');
  }

  /** Its user compares codes with others, or does not any more: the role is not handed over meanwhile. */
  comparing(on: boolean): void {
    this.#timers?.comparing(on);
  }

  /** Says something to everybody else in the room, beside the log. False, and nothing is said, where there is no connection. */
  message(data: Uint8Array): boolean {
    if (!this.#open || this.participant === null || this.#token === null) return false;
    this.#send({ type: 'message', data: toBase64url(data) });
    return true;
  }

  /** Sends a message to the forwarding server. */
  sendRtc(message: unknown): void {
    this.#send({ type: 'rtc', message });
  }

  #connect(): void {
    this.#options.onEvent({ type: 'connection', state: 'connecting' });
    const socket = this.#options.connect();
    this.#socket = socket;
    this.#open = false;
    // What failed is told by `close`, which follows; without a listener, `ws` throws it.
    socket.onerror = () => undefined;
    socket.onmessage = ({ data }) => {
      if (this.#socket === socket) this.#receive(data);
    };
    socket.onclose = () => {
      if (this.#socket === socket) this.#lost();
    };
  }

  #close(state: 'closed'): void {
    this.#closed = true;
    this.#timers?.stop();
    this.participant?.abandon();
    this.#reconnect.stop();
    this.#logRetry.stop();
    this.#socket?.close(1000);
    this.#options.onEvent({ type: 'connection', state });
  }

  #lost(): void {
    if (this.#closed) return;
    this.#socket = null;
    this.#open = false;
    this.#logRetry.stop();
    this.#options.onEvent({ type: 'connection', state: 'lost' });
    const wait = RETRY_MS[Math.min(this.#retries++, RETRY_MS.length - 1)];
    this.#reconnect.start(wait ?? 0, () => this.#connect());
  }

  #send(message: ClientMessage): void {
    if (this.#open) this.#socket?.send(JSON.stringify(message));
  }

  #receive(data: unknown): void {
    const message = typeof data === 'string' ? parseServiceMessage(data) : null;
    if (message === null) return this.#badService('a message that is none');
    this.#take(message);
    this.#timers?.heard();
  }

  /** The service said what it never says: this connection is worth nothing more. */
  #badService(message: string): void {
    this.#options.onEvent({ type: 'error', code: 'bad_service', message });
    this.#socket?.close(CLOSE_AND_RESUME);
    this.#lost();
  }

  #take(message: ServiceMessage): void {
    switch (message.type) {
      case 'log':
        return this.#enter(message.log, message.length);
      case 'joined':
        this.#token = message.token;
        this.#options.onEvent({ type: 'connection', state: 'open' });
        return;
      case 'entry': {
        const wire = unpackEntry(message.entry);
        if (wire === null) return this.#badService('an entry that is none');
        return this.#read(message.position, wire);
      }
      case 'message':
        return this.#options.onEvent({
          type: 'message',
          from: message.from,
          data: fromBase64url(message.data),
        });
      case 'ping':
        return this.#send({ type: 'pong' });
      case 'rtc':
        return this.#options.onEvent({ type: 'rtc', message: message.message });
      case 'error':
        return this.#refused(message);
    }
  }

  #refused({ code, message, flaw }: Extract<ServiceMessage, { type: 'error' }>): void {
    this.#options.onEvent({ type: 'error', code, message, ...(flaw && { flaw }) });
    if (code === 'entry_refused') return this.#draftRefused();
    if (code === 'log_unavailable') return this.#retryWithLog();
    if (code === 'bad_key_package') return this.#joinRefused(message);
    if (ANEW.includes(code)) this.#drop();
    if (FINAL.includes(code)) this.#close('closed');
  }

  /** The call goes on as it is; a connection that was closed for it is made again, as every one that is lost. */
  #retryWithLog(): void {
    this.#logRetry.start(LOG_RETRY_MS, () => {
      if (this.#inFlight !== null) this.#send({ type: 'append', entry: packEntry(this.#inFlight) });
    });
  }

  /** What was refused twice is refused for good: its author cannot go on, and would wait for it for ever. */
  #draftRefused(): void {
    if (this.#inFlight === null || this.#refusals++ >= RESENDS) return this.#rejoin();
    this.#send({ type: 'append', entry: packEntry(this.#inFlight) });
  }

  /** A fresh participant, with an id and keys of its own, joins in the place of one whose `join` is no good; not for ever. */
  #joinRefused(why: string): void {
    if (this.#refusedJoins++ < JOIN_RETRIES) return this.#rejoin();
    this.#giveUp(`${String(this.#refusedJoins)} joins in a row were refused, the last one because: ${why}`);
  }

  /** Its `join` stands in the log and counts for nothing. */
  #joinCountsForNothing({ rule, flaw }: JoinRefusal): void {
    const why = flaw === null ? `the join counts for nothing (${rule})` : flawText(flaw);
    this.#options.onEvent({ type: 'error', code: 'join_refused', message: why, ...(flaw && { flaw }) });
    this.#joinRefused(why);
  }

  #giveUp(message: string): void {
    this.#options.onEvent({ type: 'error', code: 'gave_up', message });
    this.#close('closed');
  }

  /** Lets the participant go: the next connection begins with a new one. */
  #drop(): void {
    this.#timers?.stop();
    this.#timers = null;
    this.participant?.abandon();
    this.participant = null;
  }

  #enter(log: LogId, length: number): void {
    this.#open = true;
    this.#caughtUpAt = length;
    const { participant } = this;
    const resumes = participant !== null && this.#log === log && this.#token !== null && !participant.ended;
    if (resumes) {
      const from = participant.view.position + 1;
      this.#send({
        type: 'resume',
        version: SERVICE_VERSION,
        participant: participant.id,
        token: this.#token ?? '',
        from,
      });
      this.#resend = true;
      this.#afterReading(participant);
      return;
    }
    this.#drop();
    this.#log = log;
    void this.#joinAnew(log);
  }

  async #joinAnew(log: LogId): Promise<void> {
    if (++this.#attempts > ATTEMPTS) {
      return this.#giveUp(`${String(ATTEMPTS)} attempts to join failed`);
    }
    const { invite } = this.#options;
    const id = hex(crypto.getRandomValues(new Uint8Array(PARTICIPANT_ID_BYTES)));
    const socket = this.#socket;
    const mls = this.#createMls(id);
    if (mls === null) return;
    const sealedName = await sealIntroduction(this.#options, this.#person, mls, log);
    if (this.#isStale(socket)) return mls.close();
    const participant = new Participant({
      invite,
      log,
      mls,
      sealedName,
      send: (entry) => {
        this.#inFlight = entry;
        this.#refusals = 0;
        this.#send({ type: 'append', entry: packEntry(entry) });
      },
      sendLeave: () => this.#send({ type: 'leave' }),
    });
    this.participant = participant;
    this.#token = null;
    this.#inFlight = null;
    this.#resend = false;
    this.#steps = 0;
    participant.subscribe((step) => this.#stepped(participant, step));
    this.#timers = this.#startTimers(participant);
    this.#options.onEvent({ type: 'participant', participant, attempt: this.#attempts });
    this.#send({
      type: 'join',
      version: SERVICE_VERSION,
      inviteKey: invite.key,
      entry: packEntry(participant.join),
    });
  }

  /** Null where there is none: that was told, and the session has closed, or tries again. */
  #createMls(id: ParticipantId): MlsGroup | null {
    try {
      return this.#options.createMls(id);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (isCoreLost(error)) {
        this.#coreLost(message);
        this.#rejoin();
        return null;
      }
      const isClock = error instanceof MlsError && error.code === 'bad_clock';
      const [code, why] = isClock ? ([error.code, error.reason] as const) : (['no_core', message] as const);
      this.#options.onEvent({ type: 'error', code, message: why });
      this.#close('closed');
      return null;
    }
  }

  #stepped(participant: Participant, step: Step): void {
    this.#options.onEvent({ type: 'step', participant, step, wire: this.#reading });
    if (participant.ended && participant === this.participant) this.#ended(step);
    if (step.placed === null || !step.otherLog) return;
    const { position, entry } = step.placed;
    this.#options.onEvent({ type: 'split', participant, author: entry.author, position });
  }

  /** It is told why; a fresh participant joins once this step is over, whatever brought it about. */
  #ended({ cause, placed }: Step): void {
    const { participant } = this;
    const reason = cause instanceof Error ? cause.message : '';
    if (isCoreLost(cause)) this.#coreLost(reason);
    else if (cause !== null && placed?.entry.kind === 'commit' && participant !== null) {
      const { author } = placed.entry;
      this.#options.onEvent({ type: 'badCommit', participant, author, position: placed.position, reason });
    }
    queueMicrotask(() => {
      if (participant === this.participant) this.#rejoin();
    });
  }

  #coreLost(why: string): void {
    this.#options.onEvent({ type: 'error', code: 'core_lost', message: why });
  }

  #startTimers(participant: Participant): Timers {
    const { periods, clock, onEvent } = this.#options;
    return new Timers({
      participant,
      isReady: () => this.#open && participant.view.position >= this.#caughtUpAt,
      onNotice: onEvent,
      ...(periods && { periods }),
      ...(clock && { clock }),
    });
  }

  /** Whether the session has moved on from this socket, while something was awaited. */
  #isStale(socket: Socket | null): boolean {
    return this.#closed || this.#socket !== socket;
  }

  #read(position: number, wire: WireEntry): void {
    const { participant } = this;
    // Entries of the log that a participant that has ended was reading may still be on their way.
    if (participant === null || participant.ended || position <= participant.view.position) return;
    if (position !== participant.view.position + 1) return this.#badService('an entry out of order');
    this.#reading = wire;
    try {
      participant.read(wire);
    } catch (error) {
      if (error instanceof ServiceFault) return this.#badService(error.message);
      this.#coreLost(error instanceof Error ? error.message : 'the participant cannot go on');
      return this.#rejoin();
    } finally {
      this.#reading = null;
    }
    if (participant.joinRefusal !== null) return this.#joinCountsForNothing(participant.joinRefusal);
    if (participant.view.joined[participant.id] !== undefined) this.#refusedJoins = this.#retries = 0;
    if (++this.#steps === SETTLED_STEPS) this.#attempts = 0;
    this.#afterReading(participant);
  }

  /** Once the log is caught up with: what was in flight when the connection was lost goes out again (`Resend`); then duties. */
  #afterReading(participant: Participant): void {
    if (participant.ended) return this.#rejoin();
    if (participant.snapshot.context.pending === null) this.#inFlight = null;
    if (participant.view.position < this.#caughtUpAt) return;
    // Appended twice it counts once: the second one is not current any more.
    if (this.#resend && this.#inFlight !== null)
      this.#send({ type: 'append', entry: packEntry(this.#inFlight) });
    this.#resend = false;
    this.#timers?.run();
    participant.act();
    if (participant.snapshot.status === 'done') this.#rejoin();
  }

  /** The last participant was declared gone or cannot follow: a new one joins, on a new connection. */
  #rejoin(): void {
    if (this.#closed) return;
    this.#drop();
    this.#socket?.close(1000);
    this.#lost();
  }
}
