import { MESSAGE_LIMITS } from '../../../src/messaging/limits.ts';
import type { Call } from '../Call.ts';
import type { ChatItem } from '../ChatLog.ts';
import { el, text } from './dom.ts';

const time = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });

/** What was written, a place to write, and for a small screen a button that leads there and counts what is unread. */
export class ChatView {
  readonly element: HTMLElement;
  /** Leads to the chat. */
  readonly jump = el('button', { type: 'button', 'data-testid': 'chat-jump' }, 'Chat');
  readonly #lines = el('ol');
  readonly #list = el(
    'div',
    { class: 'chat-log', role: 'log', 'aria-label': 'Chat', tabindex: '0', 'data-testid': 'chat-log' },
    this.#lines,
  );
  readonly #input = el('textarea', {
    rows: '1',
    maxlength: String(MESSAGE_LIMITS.text),
    placeholder: 'Write to everybody here',
    'aria-label': 'Message to everybody here',
    'data-testid': 'chat-input',
  });
  readonly #send = el('button', { type: 'submit', 'data-testid': 'chat-send' }, 'Send');
  readonly #refused = el('p', { class: 'alert', role: 'alert', 'data-testid': 'chat-refused', hidden: true });
  readonly #say: (text: string) => Promise<string | null>;
  readonly #shown = new Map<number, { readonly element: HTMLElement; readonly name: HTMLElement }>();
  #visible = false;
  #unread = 0;
  #newest = -1;

  constructor(say: (text: string) => Promise<string | null>) {
    this.#say = say;
    const form = el(
      'form',
      { class: 'chat-form', onsubmit: (event) => this.#submit(event) },
      this.#input,
      this.#send,
    );
    this.element = el(
      'section',
      { class: 'chat', 'data-testid': 'chat' },
      el('h2', {}, 'Chat'),
      el('p', { class: 'quiet' }, 'Encrypted, for who is in the call now: who comes later does not see it.'),
      this.#list,
      this.#refused,
      form,
    );
    this.#input.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      form.requestSubmit();
    });
    this.jump.addEventListener('click', () => {
      this.element.scrollIntoView({ block: 'nearest' });
      this.#input.focus();
    });
    new IntersectionObserver(
      ([seen]) => {
        this.#visible = seen?.isIntersecting === true;
        this.#count(0);
      },
      { threshold: 0.2 },
    ).observe(this.#list);
    addEventListener('visibilitychange', () => this.#count(0));
  }

  show(call: Call): void {
    const { items } = call.chat;
    const atEnd = this.#list.scrollTop + this.#list.clientHeight >= this.#list.scrollHeight - 4;
    const oldest = items[0]?.number ?? 0;
    for (const [number, { element }] of this.#shown) {
      if (number >= oldest) continue;
      element.remove();
      this.#shown.delete(number);
    }
    let fresh = 0;
    for (const item of items) {
      const shown = this.#shown.get(item.number) ?? this.#add(item);
      text(shown.name, item.kind === 'own' ? 'You' : item.kind === 'other' ? call.nameOf(item.from) : '');
      if (item.number <= this.#newest) continue;
      this.#newest = item.number;
      if (item.kind === 'other') fresh += 1;
    }
    this.#count(fresh);
    if (atEnd) this.#list.scrollTop = this.#list.scrollHeight;
  }

  /** Elements stay: only what is new is read out. */
  #add(item: ChatItem): { element: HTMLElement; name: HTMLElement } {
    const name = el('span', { class: 'who' });
    const note = item.kind === 'note';
    const element = el(
      'li',
      { class: item.kind, 'data-kind': item.kind, ...(item.kind === 'other' && { 'data-from': item.from }) },
      note
        ? null
        : el(
            'span',
            { class: 'quiet' },
            name,
            ' ',
            el('time', { datetime: item.at.toISOString() }, time.format(item.at)),
          ),
      el('p', { dir: 'auto', class: note ? 'quiet' : '' }, item.text),
    );
    this.#lines.append(element);
    const shown = { element, name };
    this.#shown.set(item.number, shown);
    return shown;
  }

  #count(more: number): void {
    const seen = this.#visible && document.visibilityState === 'visible';
    this.#unread = seen ? 0 : this.#unread + more;
    text(this.jump, this.#unread === 0 ? 'Chat' : `Chat (${this.#unread} new)`);
  }

  #submit(event: Event): void {
    event.preventDefault();
    const typed = this.#input.value;
    if (typed.trim() === '' || this.#send.disabled) return;
    this.#send.disabled = true;
    void this.#say(typed)
      .catch(() => 'the worker of the call does not answer')
      .then((refused) => {
        this.#send.disabled = false;
        this.#refused.hidden = refused === null;
        text(this.#refused, refused === null ? '' : `Not sent: ${refused}`);
        // What was written meanwhile, and what was not sent, stays.
        if (refused === null && this.#input.value === typed) this.#input.value = '';
      });
  }
}
