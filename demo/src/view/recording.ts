import { el } from './dom.ts';

/** The button that saves the recording of the call. Names are in it only if that is asked for, each time. */
export function recordingSaver(save: (withNames: boolean) => void): HTMLElement {
  const names = el('input', { type: 'checkbox', autocomplete: 'off', 'data-testid': 'recording-names' });
  return el(
    'div',
    { class: 'recording' },
    el(
      'button',
      { type: 'button', 'data-testid': 'download', onclick: () => save(names.checked) },
      'Download recording',
    ),
    el('label', { class: 'choice quiet' }, names, 'with the names of the people'),
    el(
      'p',
      { class: 'quiet' },
      'What happened, without keys, codes, pictures or sound. Without names people are random numbers.',
    ),
  );
}
