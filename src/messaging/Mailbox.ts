import type { ParticipantId } from '../protocol/ids.ts';
import { MessageError, type MessageRefusal } from './errors.ts';
import { MESSAGE_LIMITS } from './limits.ts';
import { MessageEpoch, type MessageEpochInput, type Sign, type Verify } from './MessageEpoch.ts';
import { decodeSealed, type SealedMessage } from './sealed.ts';

/** A message that is authentic: a member of its epoch said it, and nobody else can have. */
export interface OpenedMessage {
  readonly sender: ParticipantId;
  readonly content: Uint8Array;
}

export interface MailboxOptions {
  /** Hands bytes to the service; false where there is no connection. */
  readonly send: (sealed: Uint8Array) => boolean;
  readonly verify: Verify;
  readonly opened: (message: OpenedMessage) => void;
  readonly refused?: (code: MessageRefusal, from: ParticipantId) => void;
  readonly clock: {
    /** Milliseconds. */
    readonly now: () => number;
    readonly after: (milliseconds: number, what: () => void) => () => void;
  };
}

interface Waiting {
  readonly message: SealedMessage;
  readonly until: number;
}

/**
 * Seals what the own participant says and opens what others say, in order. Without keys nothing goes out. What cannot be
 * opened, or was not signed by its sender, is dropped with a code and changes nothing.
 */
export class Mailbox {
  readonly #options: MailboxOptions;
  /** Newest first; the first is the current one where it is not retired. */
  #epochs: MessageEpoch[] = [];
  #sign: Sign | null = null;
  #waiting: Waiting[] = [];
  #incoming: Promise<void> = Promise.resolve();
  #queued = 0;
  #outgoing: Promise<void> = Promise.resolve();
  #credit: number = MESSAGE_LIMITS.burst;
  #creditAt: number;
  #stopTimer: (() => void) | null = null;

  constructor(options: MailboxOptions) {
    this.#options = options;
    this.#creditAt = options.clock.now();
  }

  /** Epochs whose keys are held, and messages that wait for one. */
  get held(): { readonly epochs: number; readonly waiting: number } {
    return { epochs: this.#epochs.length, waiting: this.#waiting.length };
  }

  get #current(): MessageEpoch | null {
    const [newest] = this.#epochs;
    return newest?.retiredAt === null ? newest : null;
  }

  /** The group is in this epoch from here on. The one before still opens messages for a while. */
  setEpoch(input: MessageEpochInput, sign: Sign): void {
    this.#sign = sign;
    if (this.#current?.isThatOf(input) === true) return;
    this.#retire();
    this.#epochs = [new MessageEpoch(input), ...this.#epochs].slice(0, MESSAGE_LIMITS.epochs);
    this.#receive(() => this.#openWaiting());
  }

  /** There are no keys any more: those that were held are dropped at once. */
  clear(): void {
    this.#epochs = [];
    this.#sign = null;
    this.#prune();
  }

  /** Ends it. */
  close(): void {
    this.clear();
    this.#waiting = [];
    this.#stopTimer?.();
    this.#stopTimer = null;
  }

  /** Says something to all members. Rejects with a MessageError: then nobody got anything of it. */
  say(content: Uint8Array): Promise<void> {
    const said = this.#outgoing.then(() => this.#say(content));
    this.#outgoing = said.catch(() => undefined);
    return said;
  }

  /** The service says that `from` said this. */
  receive(from: ParticipantId, bytes: Uint8Array): void {
    const message = decodeSealed(bytes);
    if (message === null) return this.#refuse('malformed', from);
    if (message.sender !== from) return this.#refuse('wrong_sender', from);
    if (this.#queued >= MESSAGE_LIMITS.queued) return this.#refuse('too_many', from);
    this.#queued += 1;
    this.#receive(async () => {
      this.#queued -= 1;
      await this.#openWaiting();
      await this.#open(message);
    });
  }

  /** One after the other: counters are to come in order. */
  #receive(task: () => Promise<void>): void {
    this.#incoming = this.#incoming.then(task).catch(() => undefined);
  }

  /** Resolves once what has come so far was looked at. */
  settled(): Promise<void> {
    return this.#incoming;
  }

  #refuse(code: MessageRefusal, from: ParticipantId): void {
    this.#options.refused?.(code, from);
  }

  async #say(content: Uint8Array): Promise<void> {
    if (content.length > MESSAGE_LIMITS.content)
      throw new MessageError('too_long', `at most ${MESSAGE_LIMITS.content} bytes can be sent at once`);
    if (!this.#pays()) throw new MessageError('too_fast', 'that was a lot at once: try again in a moment');
    const sealed = await this.#seal(content);
    if (!this.#options.send(sealed))
      throw new MessageError('not_connected', 'there is no connection just now: try again in a moment');
  }

  /** In the epoch that is current when it is done: the group may have moved on meanwhile. */
  async #seal(content: Uint8Array): Promise<Uint8Array> {
    for (;;) {
      const epoch = this.#current;
      const sign = this.#sign;
      if (epoch === null || sign === null) throw noKeys();
      const sealed = await epoch.seal(content, sign).catch((cause: unknown) => {
        throw noKeys({ cause });
      });
      if (sealed === null) throw noKeys();
      if (epoch === this.#current) return sealed;
    }
  }

  #pays(): boolean {
    const now = this.#options.clock.now();
    const earned = ((now - this.#creditAt) / 1_000) * MESSAGE_LIMITS.perSecond;
    this.#credit = Math.min(MESSAGE_LIMITS.burst, this.#credit + earned);
    this.#creditAt = now;
    if (this.#credit < 1) return false;
    this.#credit -= 1;
    return true;
  }

  async #open(message: SealedMessage): Promise<void> {
    this.#prune();
    const current = this.#current;
    const { epoch, sender } = message;
    const known = this.#epochs.filter((it) => it.epoch === epoch);
    if (known.length === 0) {
      if (current === null || epoch > current.epoch) this.#wait(message);
      else this.#refuse('older_epoch', sender);
      return;
    }
    if (current?.has(sender) !== true) return this.#refuse('not_member', sender);
    let refusal: MessageRefusal = 'not_opened';
    // Two groups may have an epoch of one number: the message says which by what it opens with.
    for (const candidate of known) {
      const result = await candidate.open(message, this.#options.verify);
      if (!this.#epochs.includes(candidate)) return this.#refuse('older_epoch', sender);
      if (typeof result !== 'string') return this.#options.opened({ sender, content: result });
      if (result !== 'not_opened') refusal = result;
    }
    this.#refuse(refusal, sender);
  }

  #wait(message: SealedMessage): void {
    const { waiting, waitingOfSender, waitingMs } = MESSAGE_LIMITS;
    const ofSender = this.#waiting.filter((it) => it.message.sender === message.sender).length;
    if (this.#waiting.length >= waiting || ofSender >= waitingOfSender)
      return this.#refuse('newer_epoch', message.sender);
    this.#waiting.push({ message, until: this.#options.clock.now() + waitingMs });
    this.#schedule();
  }

  /** Opens what waited for an epoch that is reached now, in the order in which it came. */
  async #openWaiting(): Promise<void> {
    const current = this.#current;
    if (current === null || this.#waiting.length === 0) return;
    const reached = this.#waiting.filter(({ message }) => message.epoch <= current.epoch);
    if (reached.length === 0) return;
    this.#waiting = this.#waiting.filter((it) => !reached.includes(it));
    for (const { message } of reached) await this.#open(message);
  }

  #retire(): void {
    const current = this.#current;
    if (current === null) return;
    current.retiredAt = this.#options.clock.now();
    this.#schedule();
  }

  /** Drops the keys of epochs that ended long enough ago, and what waited too long. */
  #prune(): void {
    const now = this.#options.clock.now();
    const old = now - MESSAGE_LIMITS.retentionMs;
    this.#epochs = this.#epochs.filter(({ retiredAt }) => retiredAt === null || retiredAt > old);
    const late = this.#waiting.filter(({ until }) => until <= now);
    this.#waiting = this.#waiting.filter(({ until }) => until > now);
    for (const { message } of late) this.#refuse('newer_epoch', message.sender);
    this.#schedule();
  }

  /** Prunes when the next thing is due. */
  #schedule(): void {
    this.#stopTimer?.();
    this.#stopTimer = null;
    const due = [
      ...this.#epochs.flatMap(({ retiredAt }) =>
        retiredAt === null ? [] : [retiredAt + MESSAGE_LIMITS.retentionMs],
      ),
      ...this.#waiting.map(({ until }) => until),
    ];
    if (due.length === 0) return;
    const { clock } = this.#options;
    this.#stopTimer = clock.after(Math.max(0, Math.min(...due) - clock.now()), () => this.#prune());
  }
}

const noKeys = (options?: ErrorOptions): MessageError =>
  new MessageError('no_keys', 'you have no keys of this call just now, so nothing is sent', options);
