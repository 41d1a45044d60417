import type { Call } from '../Call.ts';
import { nameWarningText } from '../trust/nameWords.ts';
import { epochName } from '../trust/timelineWords.ts';
import { DIFFERED } from '../trust/compareWords.ts';
import { el, fill } from './dom.ts';

/** What speaks against somebody in the call, where nobody overlooks it: codes that differ, names with another key. */
export class TrustAlerts {
  readonly element = el('div', { role: 'alert', class: 'alerts', 'data-testid': 'trust-alerts' });
  #shown = '';

  show(call: Call): void {
    const { trust, view } = call;
    const { differed } = trust;
    const people = (view?.people ?? []).flatMap(({ id }) => {
      const warning = trust.warningOf(id);
      if (warning === null || warning.flaw === 'unproven') return [];
      return [nameWarningText(warning, call.nameOf(id), id === view?.self)];
    });
    const alarms = [
      ...(differed === null ? [] : [`The code of ${epochName(differed)} differs. ${DIFFERED}`]),
      ...new Set(people),
    ];
    const shown = JSON.stringify(alarms);
    if (shown === this.#shown) return;
    this.#shown = shown;
    fill(this.element, ...alarms.map((alarm) => el('p', { class: 'alert' }, alarm)));
  }
}
