import type { Call } from '../Call.ts';
import { callBadge, type Sender } from '../trust/callBadge.ts';
import { el, text } from './dom.ts';

/** The badge of the whole call. */
export class CallBadgeView {
  readonly element = el('span', { class: 'badge call-badge', 'data-testid': 'call-badge' });

  /** @param senders the tiles as they are shown now. */
  show({ view, trust, split }: Call, senders: readonly Sender[]): void {
    const alarm = trust.differed !== null ? 'The codes differ' : split !== null ? 'The call is split' : null;
    const epoch = trust.history.current ? (view?.epoch ?? null) : null;
    const { tone, text: words } = callBadge(senders, epoch, alarm);
    text(this.element, words);
    this.element.dataset['tone'] = tone;
  }
}
