import {
  cameraEncoding,
  SCREEN_VIDEO,
  type VideoEncoding,
} from '../../src/media/connection/videoEncoding.ts';
import { openDevice, openScreen } from './devices.ts';

/** How a picture is opened; each rejects with DeviceError. */
export interface VideoSources {
  readonly camera: () => Promise<MediaStreamTrack | null>;
  readonly screen: () => Promise<MediaStreamTrack | null>;
}

/**
 * The one picture that is sent: the camera, or a screen in its place. While a screen is shown the camera is off, its
 * light too; it comes back afterwards where it was on before.
 */
export class OwnVideo {
  camera: MediaStreamTrack | null;
  screen: MediaStreamTrack | null = null;
  readonly #sources: VideoSources;
  readonly #screenEnded: () => void;
  #cameraReturns = false;
  #closed = false;

  /** @param screenEnded the browser ended the screen: its user pressed "Stop sharing" there, or closed the window */
  constructor(
    camera: MediaStreamTrack | null,
    screenEnded: () => void,
    sources: VideoSources = { camera: () => openDevice('camera'), screen: openScreen },
  ) {
    this.camera = camera;
    this.#screenEnded = screenEnded;
    this.#sources = sources;
  }

  /** What is sent; null: no picture. */
  get track(): MediaStreamTrack | null {
    return this.screen ?? this.camera;
  }

  /** Whether the camera is on, or comes back after the screen. */
  get cameraWanted(): boolean {
    return this.camera !== null || this.#cameraReturns;
  }

  /** How it is sent in a call of so many people. */
  encoding(people: number): VideoEncoding {
    return this.screen === null ? cameraEncoding(people) : SCREEN_VIDEO;
  }

  /** Turned on, it takes the place of a screen. Rejects with DeviceError; then there is no picture. */
  async setCamera(on: boolean): Promise<void> {
    this.#stop();
    this.#cameraReturns = false;
    if (on) this.camera = this.#unlessClosed(await this.#sources.camera());
  }

  /** Rejects with DeviceError: where no screen can be shown the camera stays as it is, where the camera does not come back it is off. */
  async setScreen(on: boolean): Promise<void> {
    if (!on) {
      if (this.screen !== null) await this.setCamera(this.#cameraReturns);
      return;
    }
    const screen = this.#unlessClosed(await this.#sources.screen());
    if (screen === null) return;
    const returns = this.cameraWanted;
    this.#stop();
    this.#cameraReturns = returns;
    this.screen = screen;
    screen.addEventListener('ended', this.#screenEnded);
  }

  /** Ends all of it, also what is being opened. */
  close(): void {
    this.#closed = true;
    this.#stop();
  }

  #stop(): void {
    this.camera?.stop();
    this.screen?.stop();
    this.camera = this.screen = null;
  }

  #unlessClosed(track: MediaStreamTrack | null): MediaStreamTrack | null {
    if (!this.#closed) return track;
    track?.stop();
    return null;
  }
}
