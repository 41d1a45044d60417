import { safetyCodeText, type SafetyCode } from '../../../src/verification/safety-code.ts';
import { el, fill } from './dom.ts';
import { qrCode } from './qr.ts';

const spans = (parts: readonly string[]): HTMLElement[] => parts.map((part) => el('span', {}, part));

/** The safety code: digits, and on demand the same code as words and as a QR code. */
export class SafetyCodeView {
  readonly element: HTMLElement;
  readonly #digits = el('p', { class: 'code' });
  readonly #words = el('p', { class: 'code words' });
  readonly #picture = el('div');
  readonly #summary = el('summary', {}, 'As a QR code, and as words');
  readonly #forms = el('details', { hidden: true }, this.#summary, this.#picture, this.#words);
  #shown: string | null = null;

  /** @param kind which code it is, where a page shows several: begins the test ids. */
  constructor(kind: 'safety' | 'pinned' = 'safety') {
    this.#digits.dataset['testid'] = `${kind}-code`;
    this.#words.dataset['testid'] = `${kind}-words`;
    this.#picture.dataset['testid'] = `${kind}-qr`;
    this.#summary.dataset['testid'] = `${kind}-forms`;
    this.element = el('div', {}, this.#digits, this.#forms);
  }

  show(code: SafetyCode | null): void {
    if (this.#shown === (code?.text ?? null)) return;
    this.#shown = code?.text ?? null;
    this.#forms.hidden = code === null;
    fill(this.#digits, ...spans(code?.groups ?? []));
    fill(this.#words, ...spans(code?.words ?? []));
    fill(this.#picture, code && qrCode(safetyCodeText(code.groups), 'The safety code as a QR code'));
  }
}
