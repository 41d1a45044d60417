import type { DeviceChoice } from '../devices.ts';
import type { Wish } from '../page.machine.ts';
import { el } from './dom.ts';
import { personChoice } from './person.ts';

export interface LobbyOptions {
  /** The link is one to a room; else a new room is made. */
  readonly invited: boolean;
  /** There is a fragment, and it is not one of a link. */
  readonly brokenLink: boolean;
  /** Why no call is possible with this browser; null where it is. */
  readonly impossible: string | null;
  /** What went wrong before. */
  readonly problem: string | null;
  /** Camera and microphone are being opened. */
  readonly busy: boolean;
  readonly wish: Wish | null;
  readonly join: (wish: Wish) => void;
}

const CHOICES: readonly (readonly [DeviceChoice, string])[] = [
  ['camera and microphone', 'Camera and microphone'],
  ['microphone', 'Microphone only'],
  ['none', 'Neither: watch and listen'],
];

/** Where a call begins: a name, and what to send. */
export function lobby(options: LobbyOptions): HTMLElement {
  const { invited, wish, busy } = options;
  // After a device failed, joining without it is one click away.
  const chosen: DeviceChoice = options.problem === null ? (wish?.choice ?? 'camera and microphone') : 'none';
  const name = el('input', {
    id: 'name',
    'data-testid': 'name',
    value: wish?.name ?? '',
    maxlength: '64',
    required: true,
    autocomplete: 'nickname',
    autofocus: true,
    disabled: busy,
  });
  const radios = CHOICES.map(([value, label]) =>
    el(
      'label',
      { class: 'choice' },
      el('input', {
        type: 'radio',
        name: 'devices',
        value,
        checked: value === chosen,
        disabled: busy,
        'data-testid': `devices-${value.replaceAll(' ', '-')}`,
      }),
      label,
    ),
  );
  const person = personChoice(wish?.keepPerson ?? null, busy);
  const action = invited ? 'Join the call' : 'Create a call';
  const submit = (event: Event): void => {
    event.preventDefault();
    const choice = new FormData(form).get('devices') as DeviceChoice;
    if (name.value.trim() !== '')
      options.join({ name: name.value.trim(), choice, muted: false, keepPerson: person.keeps() });
  };
  const alert = options.impossible ?? options.problem;
  const form = el(
    'form',
    { class: 'lobby', onsubmit: submit, 'data-testid': 'lobby' },
    el('h1', {}, invited ? 'You are invited to a call' : 'Start an encrypted call'),
    el(
      'p',
      { class: 'quiet' },
      invited
        ? 'Only who has the link can join. The server forwards what it cannot read.'
        : 'You get a link to share. Only who has it can join. The server forwards what it cannot read.',
    ),
    options.brokenLink
      ? el(
          'p',
          { class: 'alert' },
          'This link is not complete. Ask for it again, or start a call of your own.',
        )
      : null,
    alert === null ? null : el('p', { class: 'alert', role: 'alert', 'data-testid': 'problem' }, alert),
    el('label', { for: 'name' }, 'Your name, for who has the link'),
    name,
    el('fieldset', {}, el('legend', {}, 'What the others get from you'), ...radios),
    person.element,
    el(
      'button',
      {
        class: 'primary',
        type: 'submit',
        'data-testid': 'join',
        disabled: busy || options.impossible !== null,
      },
      busy ? 'Opening your devices…' : action,
    ),
  );
  return form;
}
