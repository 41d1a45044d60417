import type { Call } from '../Call.ts';
import { REFUSALS, sentence, timelineOf, type TimelineLine } from '../trust/timelineWords.ts';
import { el, fill } from './dom.ts';

/** The log in plain words, as it grows: who came and went, who changed the keys, and what counted for nothing. */
export class Timeline {
  readonly element = el('ol', {
    class: 'log',
    'data-testid': 'log',
    tabindex: '0',
    'aria-label': 'What happened',
  });
  #shown = '';

  /** Names may come later than entries, so a change of either shows all anew. */
  show(call: Call): void {
    const shown = `${call.attempt} ${call.log.length} ${call.names.size}`;
    if (shown === this.#shown) return;
    this.#shown = shown;
    const list = this.element;
    const atEnd = list.scrollTop + list.clientHeight >= list.scrollHeight - 4;
    fill(list, ...timelineOf(call.log).map((it) => this.#line(call, it)));
    if (atEnd) list.scrollTop = list.scrollHeight;
  }

  #line(call: Call, { line, epoch }: TimelineLine): HTMLElement {
    const { position, kind, refusal } = line;
    return el(
      'li',
      { value: String(position), 'data-kind': kind, class: refusal === null ? '' : 'refused' },
      el('span', { class: 'kind' }, kind),
      ' ',
      el(
        'span',
        { class: 'said' },
        sentence(line, (id) => call.nameOf(id)),
      ),
      epoch === null
        ? null
        : el('span', { class: 'quiet', 'data-epoch': String(epoch) }, ` · new code: epoch ${epoch}`),
      refusal === null
        ? null
        : el('span', { class: 'quiet' }, ` (counts for nothing: ${refusal}. ${REFUSALS[refusal]})`),
    );
  }
}
