import type { Participant, Step } from '../../participant/Participant.ts';
import { recordParticipant, stateOf } from '../../participant/recording.ts';
import { Session, type SessionEvent, type SessionOptions, type Socket } from '../../participant/Session.ts';
import type { ParticipantId } from '../../protocol/ids.ts';
import type { Invite } from '../../protocol/wire/invite.ts';
import type { RecordLine } from '../../trace/record.ts';
import { BotSocket } from './BotSocket.ts';
import type { CallWatch } from './CallWatch.ts';
import { laneClock } from './laneClock.ts';
import type { Part } from './plan.ts';
import type { Lane } from './Turns.ts';

/** What one bot is made of. */
export interface BotOptions extends Pick<SessionOptions, 'createMls'> {
  readonly name: string;
  readonly invite: Invite;
  /** The WebSocket of the room: `ws://host/rooms/…`. */
  readonly url: string;
  /** Null for one that stays. */
  readonly part: Part | null;
  readonly watch: CallWatch;
  /** Its share of the thread. */
  readonly lane: Lane;
  readonly periods?: SessionOptions['periods'];
  /** Gets a line for each step of its participants. */
  readonly record?: (line: RecordLine) => void;
}

/** What went wrong, for people and for programs. */
export interface Trouble {
  readonly code: string;
  readonly message: string;
}

/** A socket of somebody who connects to nothing any more. */
const NOWHERE: Socket = { send: () => undefined, close: () => undefined, onmessage: null, onclose: null };

/** A session of production over a WebSocket, without a page: joins when it is made, and keeps itself in the call. */
export class Bot {
  readonly name: string;
  readonly part: Part | null;
  readonly session: Session;
  /** Milliseconds of `performance.now`. */
  readonly connectedAt = performance.now();
  /** When it was a member for the first time. */
  memberAt: number | null = null;
  /** Of WebSocket messages, before they are decoded. */
  bytesReceived = 0;
  /** Participants that it has been: more than one where it had to join anew. */
  readonly ids: ParticipantId[] = [];
  readonly troubles: Trouble[] = [];
  /** Of the epoch that it is in, hex; null outside. */
  authenticator: string | null = null;
  /** It has left or crashed by its part, or left at the end. */
  gone = false;
  /** Its session is over, and not because it went. */
  gaveUp = false;
  readonly #options: BotOptions;
  #head: string | null = null;
  #socket: BotSocket | null = null;

  constructor(options: BotOptions) {
    this.#options = options;
    this.name = options.name;
    this.part = options.part;
    const { invite, name, createMls, periods, lane } = options;
    this.session = new Session({
      ...{ invite, name, createMls, clock: laneClock(lane) },
      ...(periods && { periods }),
      connect: () => this.#connect(),
      onEvent: (event) => this.#follow(event),
    });
  }

  get participant(): Participant | null {
    return this.session.participant;
  }

  /** The machine's state node. */
  get state(): string {
    return this.participant === null ? 'none' : stateOf(this.participant.snapshot);
  }

  /** Goes for good and says so. */
  leave(): void {
    this.gone = true;
    this.session.leave();
  }

  /** Is gone from one moment to the next: writes no more lines, and the service hears no word. */
  crash(): void {
    this.gone = true;
    this.#socket?.terminate();
    this.session.leave();
  }

  #connect(): Socket {
    if (this.gone) return NOWHERE;
    this.#socket = new BotSocket(
      this.#options.url,
      this.#options.lane,
      (bytes) => (this.bytesReceived += bytes),
      (message) => this.#suffers('connection', message),
    );
    return this.#socket;
  }

  #suffers(code: string, message: string): void {
    this.troubles.push({ code, message });
  }

  #follow(event: SessionEvent): void {
    switch (event.type) {
      case 'participant':
        this.ids.push(event.participant.id);
        this.authenticator = this.#head = null;
        return this.#record(event.participant);
      case 'step':
        return this.#stepped(event.participant, event.step);
      case 'error':
        return this.#suffers(event.code, event.message);
      case 'badCommit':
        return this.#suffers('bad_commit', event.reason);
      case 'split':
        return this.#suffers('split', `the entry at ${event.position} is of another log`);
      case 'connection':
        if (event.state !== 'closed' || this.gone) return;
        this.gaveUp = true;
        this.authenticator = null;
        return;
      case 'comparing':
      case 'maybeCutOff':
      case 'message':
      case 'rtc':
        return;
    }
  }

  #record(participant: Participant): void {
    const { record } = this.#options;
    if (record === undefined) return;
    recordParticipant(participant, (line) => {
      // What a tab that is gone would have done next, nobody sees.
      if (!this.gone || this.part?.going !== 'crashes') record(line);
    });
  }

  #stepped(participant: Participant, step: Step): void {
    const { watch } = this.#options;
    watch.reads(step);
    this.#look(participant, step);
    if (!this.gone && this.part !== null && this.#isTime(participant, this.part)) {
      // Behind this step, whatever brought it about.
      const go = this.part.going === 'leaves' ? () => this.leave() : () => this.crash();
      queueMicrotask(() => {
        if (!this.gone) go();
      });
    }
  }

  /** At the epoch that it is in: when that is another one, and after whatever it drafts, which must not change it. */
  #look(participant: Participant, { event }: Step): void {
    const head = participant.hasKeys ? (participant.view.history.at(-1) ?? null) : null;
    if (head === null) this.authenticator = null;
    else if (head !== this.#head || event !== 'read') {
      this.authenticator = this.#options.watch.isIn(head, participant);
      this.memberAt ??= performance.now();
    }
    this.#head = head;
  }

  #isTime(participant: Participant, { moment }: Part): boolean {
    if (participant.ended) return false;
    return (
      participant.hasKeys || (moment === 'waiting' && participant.view.joined[participant.id] !== undefined)
    );
  }
}
