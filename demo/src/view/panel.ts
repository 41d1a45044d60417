import type { Call } from '../Call.ts';
import type { LogLine } from '../messages.ts';
import { el, fill, text } from './dom.ts';
import { People } from './people.ts';
import { SafetyCodeView } from './safetyCode.ts';

/** An entry in plain words. */
function sentence(call: Call, { kind, author, adds, removes }: LogLine): string {
  const who = call.nameOf(author);
  const names = (ids: readonly string[]): string => ids.map((id) => call.nameOf(id)).join(', ');
  switch (kind) {
    case 'join':
      return `${who} asks to join`;
    case 'leave':
      return `${who} left`;
    case 'found':
      return `${who} founded the group`;
    case 'commit': {
      const parts = [
        adds.length > 0 ? `let ${names(adds)} in` : null,
        removes.length > 0 ? `removed ${names(removes)}` : null,
      ].filter((part) => part !== null);
      return `${who} ${parts.length > 0 ? parts.join(' and ') : 'refreshed the keys'}`;
    }
    case 'handover':
      return `${who} passed the committer's role on`;
    case 'claim':
      return `${who} says that the committer is silent`;
    default:
      return 'not an entry';
  }
}

/** What is known of the call: link, people, safety code, the log as it grows, the own machine. */
export class Panel {
  readonly element: HTMLElement;
  readonly #people: People;
  readonly #epoch = el('span', { 'data-testid': 'epoch' });
  readonly #advice = el('span');
  readonly #code = new SafetyCodeView();
  readonly #compare = el('button', { 'data-testid': 'comparing' }, 'I am comparing codes');
  readonly #hold = el('p', { role: 'status', class: 'quiet' });
  readonly #machine = el('code', { 'data-testid': 'machine' });
  readonly #log = el('ol', { class: 'log', 'data-testid': 'log', tabindex: '0', 'aria-label': 'Log' });
  #shown = '';

  constructor(
    link: string,
    actions: {
      readonly compare: (on: boolean) => void;
      readonly download: () => void;
      readonly aside: (participant: string) => Node | null;
    },
  ) {
    this.#people = new People(actions.aside);
    this.#compare.addEventListener('click', () =>
      actions.compare(this.#compare.getAttribute('aria-pressed') !== 'true'),
    );
    const url = el('input', {
      readonly: true,
      value: link,
      'data-testid': 'link',
      'aria-label': 'Invite link',
    });
    const copied = el('span', { role: 'status', class: 'quiet' });
    const copy = (): void => {
      url.select();
      navigator.clipboard.writeText(link).then(
        () => text(copied, 'Copied. Send it to those whom you want in the call, and nobody else.'),
        () => text(copied, 'The browser did not copy it: it is selected, copy it by hand.'),
      );
    };
    const section = (title: string, ...children: readonly (Node | string)[]): HTMLElement =>
      el('section', {}, el('h2', {}, title), ...children);
    this.element = el(
      'aside',
      { class: 'panel' },
      section(
        'Invite',
        el('div', { class: 'link' }, url, el('button', { onclick: copy, 'data-testid': 'copy' }, 'Copy')),
        copied,
      ),
      section('People', this.#people.element),
      section(
        'Safety code',
        this.#code.element,
        el('p', { class: 'quiet' }, 'Epoch ', this.#epoch, '. ', this.#advice),
        this.#compare,
        this.#hold,
      ),
      section('Log', this.#log),
      section(
        'Own machine',
        el('p', {}, this.#machine),
        el('button', { onclick: actions.download, 'data-testid': 'download' }, 'Download recording'),
      ),
    );
  }

  show(call: Call): void {
    const { view } = call;
    if (view === null) return;
    this.#people.show(call);
    text(
      this.#advice,
      view.safetyCode === null
        ? 'There is a code as soon as you are let in.'
        : 'Read it to one another: whoever has the same code is in the same group as you, with nobody in between.',
    );
    this.#showComparing(call, view.committer === view.self);
    text(this.#epoch, view.epoch === null ? 'none yet' : String(view.epoch));
    this.#code.show(view.safetyCode);
    text(this.#machine, view.machine);
    this.#showLog(call);
  }

  #showComparing({ comparing }: Call, designated: boolean): void {
    this.#compare.setAttribute('aria-pressed', String(comparing));
    const held =
      'You keep the role for two minutes at most, so that the code changes only where somebody comes or goes.';
    const free = 'The designated committer may change the code meanwhile: then read the new one.';
    text(this.#hold, !comparing ? '' : designated ? held : free);
  }

  /** Names may come later than entries, so a change of either shows all anew. */
  #showLog(call: Call): void {
    const shown = `${call.attempt} ${call.log.length} ${call.names.size}`;
    if (shown === this.#shown) return;
    this.#shown = shown;
    const atEnd = this.#log.scrollTop + this.#log.clientHeight >= this.#log.scrollHeight - 4;
    fill(
      this.#log,
      ...call.log.map((line) =>
        el(
          'li',
          {
            value: String(line.position),
            'data-kind': line.kind,
            class: line.refusal === null ? '' : 'refused',
          },
          el('span', { class: 'kind' }, line.kind),
          ` ${sentence(call, line)}`,
          line.refusal === null
            ? null
            : el('span', { class: 'quiet' }, ` (counts for nothing: ${line.refusal})`),
        ),
      ),
    );
    if (atEnd) this.#log.scrollTop = this.#log.scrollHeight;
  }
}
