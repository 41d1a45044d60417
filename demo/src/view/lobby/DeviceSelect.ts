import { chooseDevice, chosenDevice, type DeviceKind } from '../../chosenDevices.ts';
import { el, fill } from '../dom.ts';

const KINDS = { camera: 'videoinput', microphone: 'audioinput' } as const;

/** Which camera or which microphone. It is hidden until the browser tells of any: not before it was allowed to. */
export class DeviceSelect {
  readonly element: HTMLElement;
  readonly #kind: DeviceKind;
  readonly #select: HTMLSelectElement;
  #offered = true;

  /** @param changed another one was chosen, and is kept for this call and others */
  constructor(kind: DeviceKind, changed: () => void) {
    this.#kind = kind;
    const id = `choose-${kind}`;
    this.#select = el('select', { id, 'data-testid': id });
    this.#select.addEventListener('change', () => {
      chooseDevice(kind, this.#select.value === '' ? null : this.#select.value);
      changed();
    });
    const label = kind === 'camera' ? 'Camera' : 'Microphone';
    this.element = el(
      'div',
      { class: 'device', hidden: true },
      el('label', { for: id }, label),
      this.#select,
    );
  }

  /** Whether such a device is to be sent at all. */
  offer(on: boolean): void {
    this.#offered = on;
    this.#show();
  }

  /** Shows what there is. One that was chosen and is gone stays chosen for when it comes back. */
  fill(devices: readonly MediaDeviceInfo[]): void {
    const named = devices.filter(
      ({ kind, deviceId }) => kind === KINDS[this.#kind] && deviceId !== '' && deviceId !== 'default',
    );
    const chosen = chosenDevice(this.#kind);
    const there = named.some(({ deviceId }) => deviceId === chosen);
    const option = (value: string, label: string): HTMLElement =>
      el('option', { value, selected: value === (there ? chosen : '') }, label);
    fill(
      this.#select,
      option('', 'The usual one'),
      ...named.map(({ deviceId, label }, index) => option(deviceId, label || `Number ${index + 1}`)),
    );
    this.#show();
  }

  #show(): void {
    this.element.hidden = !this.#offered || this.#select.options.length < 2;
  }
}
