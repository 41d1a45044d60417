import {
  decodeContent,
  encodeContent,
  fits,
  plainText,
  type Content,
} from '../../../src/messaging/content.ts';
import { MessageError } from '../../../src/messaging/errors.ts';
import { MESSAGE_LIMITS } from '../../../src/messaging/limits.ts';
import { Mailbox } from '../../../src/messaging/Mailbox.ts';
import { MESSAGE_KEY_BYTES, MESSAGE_KEY_LABEL } from '../../../src/messaging/sealed.ts';
import { verifies } from '../../../src/mls/wasm.ts';
import type { Participant } from '../../../src/participant/Participant.ts';
import { systemClock } from '../../../src/participant/timers/clock.ts';
import type { ParticipantId } from '../../../src/protocol/ids.ts';
import type { Unsent } from '../messages.ts';

export interface TalkOptions {
  /** Hands sealed bytes to the service; false where there is no connection. */
  readonly send: (sealed: Uint8Array) => boolean;
  readonly heard: (from: ParticipantId, content: Content) => void;
}

/** What members say to one another, under the keys of the participant's epoch: none where it has none. */
export class Talk {
  readonly #mailbox: Mailbox;

  constructor({ send, heard }: TalkOptions) {
    this.#mailbox = new Mailbox({
      send,
      verify: verifies,
      clock: systemClock,
      opened: ({ sender, content }) => {
        const known = decodeContent(content);
        if (known !== null) heard(sender, known);
      },
    });
  }

  /** To be called after each step of the participant, as that of the media's keys. Fails closed: without a key there is none. */
  follow(participant: Pick<Participant, 'id' | 'hasKeys' | 'mls'> | null): void {
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

  receive(from: ParticipantId, data: Uint8Array): void {
    this.#mailbox.receive(from, data);
  }

  /** Says a text. Gives why it was not sent; null where it was. */
  async chat(typed: string): Promise<Unsent | null> {
    const text = plainText(typed);
    if (text === '') return { code: 'empty', message: 'There is nothing to send.' };
    if (!fits(text))
      return { code: 'too_long', message: `A text has ${MESSAGE_LIMITS.text} characters at most.` };
    return this.say({ kind: 'chat', text });
  }

  async say(content: Content): Promise<Unsent | null> {
    try {
      await this.#mailbox.say(encodeContent(content));
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
    this.#mailbox.close();
  }
}
