/** What the tests of this folder share: members whose keys are a test's, and a relay in one process. */
import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { hex, utf8 } from '../protocol/wire/bytes.ts';
import type { MessageErrorCode, MessageRefusal } from './errors.ts';
import { MessageError } from './errors.ts';
import { Mailbox } from './Mailbox.ts';
import type { MessageEpochInput } from './MessageEpoch.ts';

/** Time that a test moves. */
export class TestClock {
  #now = 0;
  #due: { at: number; what: () => void }[] = [];

  now = (): number => this.#now;
  after = (milliseconds: number, what: () => void): (() => void) => {
    const timer = { at: this.#now + milliseconds, what };
    this.#due.push(timer);
    return () => (this.#due = this.#due.filter((it) => it !== timer));
  };

  pass(milliseconds: number): void {
    const end = this.#now + milliseconds;
    for (;;) {
      const next = this.#due.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#due = this.#due.filter((it) => it !== next);
      this.#now = Math.max(this.#now, next.at);
      next.what();
    }
    this.#now = end;
  }

  get timers(): number {
    return this.#due.length;
  }
}

export const verify = (key: Uint8Array, content: Uint8Array, signature: Uint8Array): boolean =>
  ed25519.verify(signature, content, key);

/** Somebody with a leaf key, a mailbox, and what came out of it. */
export class Member {
  readonly id: string;
  readonly seed: Uint8Array;
  readonly signatureKey: Uint8Array;
  readonly mailbox: Mailbox;
  /** What it has sent: what the service sees. */
  readonly sent: Uint8Array[] = [];
  readonly heard: string[] = [];
  readonly refusals: MessageRefusal[] = [];
  connected = true;

  constructor(name: string, clock: TestClock) {
    this.seed = sha256(utf8(name));
    this.id = hex(sha256(this.seed).subarray(0, 16));
    this.signatureKey = ed25519.getPublicKey(this.seed);
    this.mailbox = new Mailbox({
      clock,
      verify,
      send: (bytes) => {
        if (this.connected) this.sent.push(bytes);
        return this.connected;
      },
      opened: ({ sender, content }) =>
        this.heard.push(`${sender.slice(0, 4)} ${new TextDecoder().decode(content)}`),
      refused: (code) => this.refusals.push(code),
    });
  }

  sign = (content: Uint8Array): Uint8Array => ed25519.sign(content, this.seed);

  enters(epoch: bigint, members: readonly Member[], group = 'group'): void {
    this.mailbox.setEpoch(epochOf(this, epoch, members, group), this.sign);
  }

  /** Gives the sealed message, or the code of the refusal. */
  async says(text: string): Promise<Uint8Array | MessageErrorCode> {
    try {
      await this.mailbox.say(utf8(text));
      return this.sent.at(-1) ?? new Uint8Array();
    } catch (error) {
      if (error instanceof MessageError) return error.code;
      throw error;
    }
  }

  /** What came of one message: the text, or the code of the refusal; `waits` where neither. */
  async hears(from: Member | string, bytes: Uint8Array | string): Promise<string> {
    if (typeof bytes === 'string') throw new Error(`nothing was sent: ${bytes}`);
    const [heard, refused] = [this.heard.length, this.refusals.length];
    this.mailbox.receive(typeof from === 'string' ? from : from.id, bytes);
    await this.mailbox.settled();
    return this.heard[heard] ?? this.refusals[refused] ?? 'waits';
  }
}

/** The key that all members of an epoch of a group have. */
export const keyOf = (group: string, epoch: bigint): Uint8Array => sha256(utf8(`${group} ${epoch}`));

export const epochOf = (
  self: Member,
  epoch: bigint,
  members: readonly Member[],
  group: string,
): MessageEpochInput => ({
  groupId: utf8(group),
  epoch,
  key: keyOf(group, epoch),
  self: self.id,
  members: members.map(({ id, signatureKey }) => ({ participant: id, signatureKey })),
});

/** People of these names in one epoch. */
export function scene(names: readonly string[], epoch = 0n): { clock: TestClock; people: Member[] } {
  const clock = new TestClock();
  const people = names.map((name) => new Member(name, clock));
  for (const it of people) it.enters(epoch, people);
  return { clock, people };
}
