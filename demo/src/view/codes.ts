import type { Call } from '../Call.ts';
import type { CodeHistory, PastCode } from '../trust/codeHistory.ts';
import { epochName, reason } from '../trust/timelineWords.ts';
import { el, fill, text } from './dom.ts';

/** Local time of this page. */
export const clockTime = (at: number): string => new Date(at).toLocaleTimeString();

/** The codes of the last epochs: which, since when, why, and a button to compare each. */
export class CodesView {
  readonly element: HTMLElement;
  readonly #summary = el('summary', { 'data-testid': 'code-history-summary' });
  readonly #anew = el('p', { class: 'quiet', 'data-testid': 'codes-anew', hidden: true });
  readonly #list = el('ol', { class: 'codes', 'data-testid': 'code-history' });
  readonly #compare: (key: string) => void;
  #shown: readonly [CodeHistory, number] | null = null;

  constructor(compare: (key: string) => void) {
    this.#compare = compare;
    this.element = el('details', { hidden: true }, this.#summary, this.#anew, this.#list);
  }

  show(call: Call): void {
    const { history } = call.trust;
    if (this.#shown?.[0] === history && this.#shown[1] === call.names.size) return;
    this.#shown = [history, call.names.size];
    this.element.hidden = history.codes.length === 0;
    text(
      this.#summary,
      history.codes.length === 1 ? 'The code so far' : `The last ${history.codes.length} codes`,
    );
    text(
      this.#anew,
      'You joined anew, as a new participant: the codes begin anew, and nobody is compared yet.',
    );
    this.#anew.hidden = history.attempt < 2;
    fill(
      this.#list,
      ...history.codes.map((code, index) => this.#line(call, code, index === 0 && history.current)),
    );
  }

  #line(call: Call, code: PastCode, now: boolean): HTMLElement {
    const name = epochName(code);
    const why = reason(code, (id) => call.nameOf(id));
    return el(
      'li',
      { 'data-epoch': String(code.epoch), 'data-founding': String(code.founding) },
      el('strong', {}, name),
      ` · ${clockTime(code.at)}${now ? ' · now' : ''}`,
      el('span', { class: 'why', 'data-testid': 'code-reason' }, why),
      el('span', { class: 'past-code', 'data-testid': 'past-code' }, code.code.text),
      el(
        'button',
        { type: 'button', 'data-testid': 'compare-this', onclick: () => this.#compare(code.key) },
        `Compare ${name}`,
      ),
    );
  }
}
