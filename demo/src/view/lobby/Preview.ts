import type { DeviceChoice, Devices } from '../../devices.ts';
import { el, text } from '../dom.ts';
import { DeviceSelect } from './DeviceSelect.ts';
import { LevelMeter } from './LevelMeter.ts';

export interface PreviewState {
  readonly choice: DeviceChoice;
  readonly phase: 'closed' | 'opening' | 'open';
  /** What is open for the preview. */
  readonly devices: Devices | null;
}

const OPENS: Record<Exclude<DeviceChoice, 'none'>, string> = {
  'camera and microphone': 'Try camera and microphone',
  microphone: 'Try the microphone',
};

/** What the others would get: one's own picture, how loud the microphone is, and a choice of devices. */
export class Preview {
  readonly element: HTMLElement;
  readonly #button = el('button', { type: 'button', 'data-testid': 'preview' });
  readonly #video = el('video', {
    autoplay: true,
    playsinline: true,
    class: 'mirrored',
    hidden: true,
    'aria-label': 'Your camera',
    'data-testid': 'preview-video',
  });
  readonly #level = new LevelMeter();
  readonly #selects: { readonly camera: DeviceSelect; readonly microphone: DeviceSelect };
  readonly #mediaDevices = (navigator as Partial<Navigator>).mediaDevices;
  #open = false;

  /** @param toggle opens or closes it; `reopen`: other devices were chosen */
  constructor(actions: { readonly toggle: (on: boolean) => void; readonly reopen: () => void }) {
    const changed = (): void => {
      if (this.#open) actions.reopen();
    };
    this.#selects = {
      camera: new DeviceSelect('camera', changed),
      microphone: new DeviceSelect('microphone', changed),
    };
    this.#video.muted = true;
    this.#button.addEventListener('click', () => actions.toggle(!this.#open));
    this.element = el(
      'div',
      { class: 'preview' },
      this.#video,
      this.#level.element,
      this.#selects.camera.element,
      this.#selects.microphone.element,
      this.#button,
    );
    this.#mediaDevices?.addEventListener('devicechange', this.#list);
    this.#list();
  }

  show({ choice, phase, devices }: PreviewState): void {
    // With the permission came the names of devices.
    if (phase === 'open' && !this.#open) this.#list();
    this.#open = phase === 'open';
    this.#selects.camera.offer(choice === 'camera and microphone');
    this.#selects.microphone.offer(choice !== 'none');
    this.#button.hidden = choice === 'none';
    this.#button.disabled = phase === 'opening';
    const offer = choice === 'none' ? '' : OPENS[choice];
    text(this.#button, phase === 'opening' ? 'Opening…' : this.#open ? 'Stop trying' : offer);
    const camera = devices?.camera ?? null;
    this.#video.hidden = camera === null;
    const shown = (this.#video.srcObject as MediaStream | null)?.getTracks()[0] ?? null;
    if (shown !== camera) this.#video.srcObject = camera && new MediaStream([camera]);
    this.#level.show(devices?.microphone ?? null);
  }

  /** It shows and hears nothing any more. What is open goes on being open: a call may have it now. */
  close(): void {
    this.#mediaDevices?.removeEventListener('devicechange', this.#list);
    this.#video.srcObject = null;
    this.#level.show(null);
  }

  /** Asks for no permission: without one, the browser names none. */
  #list = (): void => {
    this.#mediaDevices?.enumerateDevices().then(
      (devices) => {
        this.#selects.camera.fill(devices);
        this.#selects.microphone.fill(devices);
      },
      () => undefined,
    );
  };
}
