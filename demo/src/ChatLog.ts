import { plainText } from '../../src/messaging/text.ts';
import type { ParticipantId } from '../../src/protocol/ids.ts';
import type { FromWorker } from './messages.ts';

/** Items that are kept: older ones go. */
export const MAX_ITEMS = 200;

/** What somebody said, or what is to be known of the chat itself. */
export type ChatItem = { readonly number: number; readonly at: Date; readonly text: string } & (
  { readonly kind: 'own' | 'note' } | { readonly kind: 'other'; readonly from: ParticipantId }
);

/** What was said since this page came, and has been here to hear it. */
export class ChatLog {
  items: readonly ChatItem[] = [];
  #count = 0;
  #missing = false;

  /** The own text went out. */
  said(text: string): void {
    this.#add({ kind: 'own', text: plainText(text) });
  }

  follow(event: FromWorker): void {
    if (event.type === 'chat') this.#add({ kind: 'other', from: event.from, text: event.text });
    if (event.type !== 'connection') return;
    if (event.state === 'lost') this.#missing = true;
    if (event.state !== 'open' || !this.#missing) return;
    this.#missing = false;
    if (this.items.length > 0)
      this.#add({
        kind: 'note',
        text: 'You were not connected for a while. What was written then is not here.',
      });
  }

  #add(item: DistributiveOmit<ChatItem, 'number' | 'at'>): void {
    this.items = [...this.items, { ...item, number: this.#count++, at: new Date() }].slice(-MAX_ITEMS);
  }
}

type DistributiveOmit<T, K extends keyof T> = T extends unknown ? Omit<T, K> : never;
