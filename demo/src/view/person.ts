import { forgetPerson, keptPersonState } from '../keptPerson.ts';
import { forgetKnown, KNOWN_LIMITS, readKnown } from '../trust/knownPeople.ts';
import { el, text } from './dom.ts';

/** In the lobby: whether the person code stays the same in other calls. */
export interface PersonChoice {
  readonly element: HTMLElement;
  /** Whether the key is to be kept, and the kept one used. */
  readonly keeps: () => boolean;
}

/** @param wished what was chosen before; without that, a kept key is used. */
export function personChoice(wished: boolean | null, busy: boolean): PersonChoice {
  const keep = el('input', {
    type: 'checkbox',
    checked: wished === true,
    disabled: busy,
    'data-testid': 'keep-person',
  });
  const status = el('span', { role: 'status', class: 'quiet', 'data-testid': 'kept-person' });
  const forget = el('button', { type: 'button', hidden: true, 'data-testid': 'forget-person' }, 'Forget it');
  const known = el('span', { class: 'quiet', 'data-testid': 'known-people' });
  const forgetThem = el('button', { type: 'button', 'data-testid': 'forget-known' }, 'Forget them');
  const showKnown = (): void => {
    const { length } = readKnown();
    text(
      known,
      length === 0 ? 'It knows nobody yet. ' : `It knows ${length} ${length === 1 ? 'name' : 'names'}. `,
    );
    forgetThem.hidden = length === 0;
  };
  forgetThem.addEventListener('click', () => {
    forgetKnown();
    showKnown();
  });
  showKnown();
  let touched = wished !== null;
  keep.addEventListener('change', () => (touched = true));
  const show = async (): Promise<void> => {
    const state = await keptPersonState();
    forget.hidden = state !== 'kept';
    forget.disabled = keep.disabled = busy || state === 'impossible';
    if (state === 'impossible') keep.checked = false;
    else if (!touched) keep.checked = state === 'kept';
    text(
      status,
      state === 'kept'
        ? 'There is a code on this device. '
        : state === 'impossible'
          ? 'This browser cannot keep one. '
          : '',
    );
    status.dataset['state'] = state;
  };
  forget.addEventListener('click', () => {
    keep.checked = false;
    forgetKnown();
    showKnown();
    void forgetPerson().then(show, show);
  });
  void show();
  const element = el(
    'fieldset',
    {},
    el('legend', {}, 'Your person code'),
    el(
      'label',
      { class: 'choice' },
      keep,
      'Keep it on this device, so that people know it again in another call',
    ),
    el('div', { class: 'choice' }, status, forget),
    el(
      'p',
      { class: 'quiet' },
      `With it, this device also keeps names and person codes of those you meet, ${KNOWN_LIMITS.names} at most, to tell you when a name comes back with another code. They stay on this device, and are forgotten with it.`,
    ),
    el('div', { class: 'choice' }, known, forgetThem),
  );
  return { element, keeps: () => keep.checked };
}
