import { el, text } from './dom.ts';
import { qrCode } from './qr.ts';

/** The link to the call, and ways to give it to people: whoever has it can join. */
export class Invite {
  readonly element: HTMLElement;
  readonly #link: string;
  readonly #url: HTMLInputElement;
  readonly #told = el('p', { role: 'status', class: 'quiet', 'data-testid': 'invite-told' });

  constructor(link: string) {
    this.#link = link;
    this.#url = el('input', {
      readonly: true,
      value: link,
      'data-testid': 'link',
      'aria-label': 'Invite link',
    });
    const button = (label: string, onclick: () => void, hidden = false): HTMLElement =>
      el('button', { onclick, hidden, 'data-testid': label.toLowerCase() }, label);
    this.element = el(
      'div',
      { class: 'invite' },
      el(
        'div',
        { class: 'link' },
        this.#url,
        button('Copy', () => void this.#copy()),
        button('Share', () => void this.#share(), !('share' in navigator)),
      ),
      this.#told,
      this.#qr(),
    );
  }

  /** Drawn when it is first looked at. */
  #qr(): HTMLElement {
    const place = el('div', { 'data-testid': 'invite-qr' });
    const show = (): void => {
      if (place.childElementCount === 0) place.append(qrCode(this.#link, 'The invite link as a QR code'));
    };
    const summary = el('summary', { 'data-testid': 'show-invite-qr' }, 'As a QR code');
    return el(
      'details',
      { ontoggle: show },
      summary,
      place,
      el(
        'p',
        { class: 'quiet' },
        'For the camera of a phone. It is the whole link: show it only to those whom you want in the call.',
      ),
    );
  }

  async #copy(): Promise<void> {
    this.#url.select();
    try {
      await navigator.clipboard.writeText(this.#link);
      text(this.#told, 'Copied. Send it to those whom you want in the call, and nobody else.');
    } catch {
      text(this.#told, 'The browser did not copy it: it is selected, copy it by hand.');
    }
  }

  /** By what the system has for it (W3C Web Share). */
  async #share(): Promise<void> {
    try {
      await navigator.share({ title: 'Encrypted call', url: this.#link });
      text(this.#told, 'Shared.');
    } catch (error) {
      const cancelled = error instanceof DOMException && error.name === 'AbortError';
      text(this.#told, cancelled ? '' : 'The browser did not share it: copy it.');
    }
  }
}
