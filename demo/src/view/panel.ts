import type { Call } from '../Call.ts';
import { CodesView } from './codes.ts';
import { CompareView } from './compare.ts';
import { el, text } from './dom.ts';
import { Invite } from './invite.ts';
import { People } from './people.ts';
import { recordingSaver } from './recording.ts';
import { SafetyCodeView } from './safetyCode.ts';
import { Timeline } from './timeline.ts';

/** What is known of the call: link, people, safety code, the log as it grows, the own machine. */
export class Panel {
  readonly element: HTMLElement;
  readonly #people: People;
  readonly #epoch = el('span', { 'data-testid': 'epoch' });
  readonly #advice = el('span');
  readonly #code = new SafetyCodeView();
  readonly #compare: CompareView;
  readonly #codes = new CodesView((key) => this.#compare.open(key));
  readonly #machine = el('code', { 'data-testid': 'machine' });
  readonly #timeline = new Timeline();

  constructor(
    link: string,
    actions: {
      readonly compare: (on: boolean) => void;
      readonly download: (withNames: boolean) => void;
      readonly aside: (participant: string) => Node | null;
    },
  ) {
    this.#people = new People(actions.aside);
    this.#compare = new CompareView(actions.compare);
    const section = (title: string, ...children: readonly (Node | string)[]): HTMLElement =>
      el('section', {}, el('h2', {}, title), ...children);
    this.element = el(
      'aside',
      { class: 'panel', 'aria-label': 'About the call', tabindex: '-1' },
      section('Invite', new Invite(link).element),
      section('People', this.#people.element),
      section(
        'Safety code',
        el(
          'div',
          { class: 'current-code' },
          this.#code.element,
          el('p', { class: 'quiet' }, 'Epoch ', this.#epoch, '. ', this.#advice),
        ),
        this.#compare.element,
        this.#codes.element,
      ),
      section('Log', this.#timeline.element),
      section('Own machine', el('p', {}, this.#machine), recordingSaver(actions.download)),
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
    text(this.#epoch, view.epoch === null ? 'none yet' : String(view.epoch));
    this.#code.show(view.safetyCode);
    text(this.#machine, view.machine);
    this.#compare.show(call);
    this.#codes.show(call);
    this.#timeline.show(call);
  }
}
