import {
  decodeContent,
  encodeContent,
  type ChatContent,
  type Content,
} from '../../../src/messaging/content.ts';
import { MessageError } from '../../../src/messaging/errors.ts';
import { MESSAGE_LIMITS } from '../../../src/messaging/limits.ts';
import { Mailbox } from '../../../src/messaging/Mailbox.ts';
import { Mover, type Moved, type MoveView } from '../../../src/messaging/move/Mover.ts';
import { MESSAGE_KEY_BYTES, MESSAGE_KEY_LABEL } from '../../../src/messaging/sealed.ts';
import { verifies } from '../../../src/mls/wasm.ts';
import type { Participant } from '../../../src/participant/Participant.ts';
import { systemClock } from '../../../src/participant/timers/clock.ts';
import type { ParticipantId } from '../../../src/protocol/ids.ts';
import { live } from '../../../src/protocol/view.ts';
import { fits, plainText } from '../../../src/messaging/text.ts';
import type { Unsent } from '../messages.ts';

export interface TalkOptions {
  /** Hands sealed bytes to the service; false where there is no connection. */
  readonly send: (sealed: Uint8Array) => boolean;
  readonly heard: (from: ParticipantId, content: ChatContent) => void;
  readonly moves: (view: MoveView) => void;
  /** Goes to the new room. */
  readonly moved: (moved: Moved) => void;
}

/** What members say to one another, under the keys of the participant's epoch: none where it has none. */
export class Talk {
  readonly #mailbox: Mailbox;
  readonly #options: TalkOptions;
  #mover: { readonly self: ParticipantId; readonly it: Mover } | null = null;

  constructor(options: TalkOptions) {
    this.#options = options;
    const { send, heard } = options;
    this.#mailbox = new Mailbox({
      send,
      verify: verifies,
      clock: systemClock,
      opened: ({ sender, content }) => {
        const known = decodeContent(content);
        if (known?.kind === 'chat') heard(sender, known);
        else if (known !== null) this.#mover?.it.heard(sender, known);
      },
    });
  }

  /** To be called after each step of the participant, as that of the media's keys. Fails closed: without a key there is none. */
  follow(participant: Pick<Participant, 'id' | 'hasKeys' | 'mls' | 'view'> | null): void {
    this.#followMover(participant);
    if (!participant?.hasKeys) return this.#mailbox.clear();
    const { mls, id: self } = participant;
    try {
      const { groupId, epoch, roster: members } = mls;
      const key = mls.exportSecret(MESSAGE_KEY_LABEL, new Uint8Array(), MESSAGE_KEY_BYTES);
      this.#mailbox.setEpoch({ groupId, epoch, key, self, members }, (content) => mls.sign(content));
      key.fill(0);
    } catch {
      this.#mailbox.clear();
    }
  }

  /** A new participant knows nothing of a move that the last one was in. */
  #followMover(participant: Pick<Participant, 'id' | 'view'> | null): void {
    if (participant === null) return;
    const { id: self, view } = participant;
    if (this.#mover?.self !== self) {
      this.#mover?.it.close();
      const { moves: changed, moved: enter } = this.#options;
      const say = (content: Content): Promise<void> => this.#mailbox.say(encodeContent(content));
      this.#mover = { self, it: new Mover({ self, say, changed, enter, clock: systemClock }) };
      changed(this.#mover.it.view);
    }
    this.#mover.it.members(live(view));
  }

  /** Asks `to` to go to a new room. False where that cannot be asked now. */
  startMove(to: readonly ParticipantId[], without: readonly ParticipantId[]): boolean {
    return this.#mover?.it.start({ to, without }) === true;
  }

  answerMove(word: 'go' | 'stay' | 'dismiss'): void {
    this.#mover?.it.says(word);
  }

  receive(from: ParticipantId, data: Uint8Array): void {
    this.#mailbox.receive(from, data);
  }

  /** Says a text. Gives why it was not sent; null where it was. */
  async chat(typed: string): Promise<Unsent | null> {
    const text = plainText(typed);
    if (text === '') return { code: 'empty', message: 'There is nothing to send.' };
    if (!fits(text))
      return { code: 'too_long', message: `A text has ${MESSAGE_LIMITS.text} characters at most.` };
    try {
      await this.#mailbox.say(encodeContent({ kind: 'chat', text }));
      return null;
    } catch (error) {
      if (!(error instanceof MessageError)) throw error;
      return { code: error.code, message: error.message };
    }
  }

  /** Waits until what has come so far was looked at. */
  settled(): Promise<void> {
    return this.#mailbox.settled();
  }

  close(): void {
    this.#mover?.it.close();
    this.#mover = null;
    this.#mailbox.close();
  }
}
