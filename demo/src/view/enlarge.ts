import { el } from './dom.ts';

/** Shows one tile on the whole screen, and again among the others: so that a shown screen can be read. */
export interface Enlarge {
  readonly element: HTMLElement;
  /** @param name whose picture it is; null: there is none, and nothing to enlarge */
  readonly show: (name: string | null) => void;
}

export function enlarge(tile: () => HTMLElement): Enlarge {
  const toggle = (): void => {
    const done = document.fullscreenElement === null ? tile().requestFullscreen() : document.exitFullscreen();
    // Where the browser refuses, the tile stays as it is.
    done.catch(() => undefined);
  };
  const button = el(
    'button',
    { class: 'enlarge', type: 'button', onclick: toggle, 'data-testid': 'enlarge' },
    '⤢',
  );
  return {
    element: button,
    show: (name) => {
      button.hidden = name === null || !document.fullscreenEnabled;
      const label = `Show ${name ?? ''} on the whole screen, or among the others`;
      if (button.getAttribute('aria-label') !== label) button.setAttribute('aria-label', label);
    },
  };
}
