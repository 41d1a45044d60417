import type { DeviceChoice, Devices } from '../devices.ts';
import type { Wish } from '../page.machine.ts';
import { el, text } from './dom.ts';
import { Preview, type PreviewState } from './lobby/Preview.ts';
import { personChoice } from './person.ts';

export interface LobbyOptions {
  /** The link is one to a room; else a new room is made. */
  readonly invited: boolean;
  /** There is a fragment, and it is not one of a link. */
  readonly brokenLink: boolean;
  /** Why no call is possible with this browser; null where it is. */
  readonly impossible: string | null;
  /** What was filled in before. */
  readonly wish: Wish | null;
  readonly join: (wish: Wish) => void;
  /** Opens these devices to try them; null: closes them. */
  readonly preview: (choice: DeviceChoice | null) => void;
}

export interface LobbyState {
  /** What went wrong before. */
  readonly problem: string | null;
  /** Camera and microphone are being opened to join. */
  readonly busy: boolean;
  readonly preview: PreviewState['phase'];
  /** What is open for the preview. */
  readonly devices: Devices | null;
}

const CHOICES: readonly (readonly [DeviceChoice, string])[] = [
  ['camera and microphone', 'Camera and microphone'],
  ['microphone', 'Microphone only'],
  ['none', 'Neither: watch and listen'],
];

/** Where a call begins: a name, and what to send. No device is opened before its user says so. */
export class Lobby {
  readonly element: HTMLFormElement;
  readonly #options: LobbyOptions;
  readonly #preview: Preview;
  readonly #radios = new Map<DeviceChoice, HTMLInputElement>();
  readonly #problem = el('p', { class: 'alert', role: 'alert', 'data-testid': 'problem', hidden: true });
  readonly #join = el('button', { class: 'primary', type: 'submit', 'data-testid': 'join' });
  #state: LobbyState = { problem: null, busy: false, preview: 'closed', devices: null };

  constructor(options: LobbyOptions) {
    const { invited, wish } = options;
    this.#options = options;
    this.#preview = new Preview({
      toggle: (on) => options.preview(on ? this.#choice : null),
      reopen: () => options.preview(this.#choice),
    });
    const name = el('input', {
      id: 'name',
      'data-testid': 'name',
      value: wish?.name ?? '',
      maxlength: '64',
      required: true,
      autocomplete: 'nickname',
      autofocus: true,
    });
    const person = personChoice(wish?.keepPerson ?? null, false);
    const submit = (event: Event): void => {
      event.preventDefault();
      if (name.value.trim() !== '')
        options.join({
          name: name.value.trim(),
          choice: this.#choice,
          muted: false,
          keepPerson: person.keeps(),
        });
    };
    this.element = el(
      'form',
      { class: 'lobby entry', onsubmit: submit, 'data-testid': 'lobby' },
      el(
        'div',
        { class: 'about' },
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
        this.#problem,
        el('label', { for: 'name' }, 'Your name, for who has the link'),
        name,
        person.element,
      ),
      el(
        'fieldset',
        { onchange: (event) => this.#chose(event) },
        el('legend', {}, 'What the others get from you'),
        ...CHOICES.map(([value, label]) => this.#radio(value, label)),
        this.#preview.element,
      ),
      this.#join,
    );
    this.show(this.#state);
  }

  show(state: LobbyState): void {
    const { impossible, invited } = this.#options;
    // After a device failed, joining without it is one click away.
    const none = this.#radios.get('none');
    if (none !== undefined && state.problem !== null && this.#state.problem === null) none.checked = true;
    this.#state = state;
    const alert = impossible ?? state.problem;
    text(this.#problem, alert ?? '');
    this.#problem.hidden = alert === null;
    this.#join.disabled = state.busy || state.preview === 'opening' || impossible !== null;
    const action = invited ? 'Join the call' : 'Create a call';
    text(this.#join, state.busy ? 'Opening your devices…' : action);
    this.#showPreview();
  }

  /** Nothing of it goes on; open devices are left to whom they are for now. */
  close(): void {
    this.#preview.close();
  }

  get #choice(): DeviceChoice {
    return [...this.#radios].find(([, { checked }]) => checked)?.[0] ?? 'none';
  }

  #showPreview(): void {
    const { preview, devices } = this.#state;
    this.#preview.show({ choice: this.#choice, phase: preview, devices });
  }

  #radio(value: DeviceChoice, label: string): HTMLElement {
    const radio = el('input', {
      type: 'radio',
      name: 'devices',
      value,
      checked: value === (this.#options.wish?.choice ?? 'camera and microphone'),
      'data-testid': `devices-${value.replaceAll(' ', '-')}`,
    });
    this.#radios.set(value, radio);
    return el('label', { class: 'choice' }, radio, label);
  }

  /** What is open follows the choice. */
  #chose(event: Event): void {
    if ((event.target as HTMLInputElement).name !== 'devices') return;
    if (this.#state.preview === 'closed') this.#showPreview();
    else this.#options.preview(this.#choice === 'none' ? null : this.#choice);
  }
}
