import { chosenDevice, type DeviceKind } from './chosenDevices.ts';

/** What a user chose to send. */
export type DeviceChoice = 'camera and microphone' | 'microphone' | 'none';

/** What is sent. */
export interface Devices {
  readonly microphone: MediaStreamTrack | null;
  readonly camera: MediaStreamTrack | null;
}

const VIDEO: MediaTrackConstraints = {
  width: { ideal: 640 },
  height: { ideal: 360 },
  frameRate: { ideal: 24, max: 30 },
};
const AUDIO: MediaTrackConstraints = { echoCancellation: true, noiseSuppression: true };
/** Text matters more than motion. */
const SCREEN: MediaTrackConstraints = {
  width: { max: 1_920 },
  height: { max: 1_200 },
  frameRate: { max: 15 },
};

/** Errors of getUserMedia where a device with that id is not there any more. */
const GONE: ReadonlySet<string> = new Set(['OverconstrainedError', 'NotFoundError']);

/** Plain words for the errors of getUserMedia (W3C Media Capture and Streams). */
function reason(error: unknown): string {
  switch (error instanceof DOMException ? error.name : '') {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'This page may not use them. Allow it in the address bar of the browser, or join without.';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'There is none on this device. Plug one in, or join without.';
    case 'NotReadableError':
    case 'AbortError':
      return 'Another program may be using it. Close that, or join without.';
    default:
      return 'The browser gave no reason. Try again, or join without.';
  }
}

/** A device could not be opened; the message says so in plain words. */
export class DeviceError extends Error {
  override readonly name = 'DeviceError';
}

/** The one that was chosen, if there is such; that device or none, because with `ideal` a browser may take another. */
function constraintsOf(kind: DeviceKind, chosen: boolean): MediaTrackConstraints {
  const id = chosen ? chosenDevice(kind) : null;
  const usual = kind === 'camera' ? VIDEO : AUDIO;
  return id === null ? usual : { ...usual, deviceId: { exact: id } };
}

async function getDevices(kinds: readonly DeviceKind[], chosen: boolean): Promise<Devices> {
  const constraints = {
    ...(kinds.includes('microphone') && { audio: constraintsOf('microphone', chosen) }),
    ...(kinds.includes('camera') && { video: constraintsOf('camera', chosen) }),
  };
  const stream = await navigator.mediaDevices.getUserMedia(constraints);
  return { microphone: stream.getAudioTracks()[0] ?? null, camera: stream.getVideoTracks()[0] ?? null };
}

/** Opens the chosen devices; where one of them is gone, those that the browser takes. */
async function open(what: string, ...kinds: readonly DeviceKind[]): Promise<Devices> {
  try {
    return await getDevices(kinds, true).catch((error: unknown) => {
      const gone = error instanceof DOMException && GONE.has(error.name);
      if (!gone || kinds.every((kind) => chosenDevice(kind) === null)) throw error;
      return getDevices(kinds, false);
    });
  } catch (cause) {
    throw new DeviceError(`${what} could not be opened. ${reason(cause)}`, { cause });
  }
}

/** Opens what was chosen. Rejects with DeviceError. */
export async function openDevices(choice: DeviceChoice): Promise<Devices> {
  switch (choice) {
    case 'camera and microphone':
      return open('Camera and microphone', 'camera', 'microphone');
    case 'microphone':
      return open('The microphone', 'microphone');
    case 'none':
      return { microphone: null, camera: null };
  }
}

/** Opens one device, to turn it on in a call. Rejects with DeviceError. */
export const openDevice = async (device: DeviceKind): Promise<MediaStreamTrack | null> =>
  (await open(`The ${device}`, device))[device];

/** Ends them: their lights go out. */
export function stopDevices(devices: Devices | null): void {
  devices?.camera?.stop();
  devices?.microphone?.stop();
}

/** Whether none of them was unplugged, or taken back, since it was opened. */
export const areOpen = ({ camera, microphone }: Devices): boolean =>
  [camera, microphone].every((track) => track?.readyState !== 'ended');

/** Whether this browser can show a screen to others; those of phones cannot. */
export const canShowScreen = (): boolean =>
  typeof (navigator.mediaDevices as Partial<MediaDevices> | undefined)?.getDisplayMedia === 'function';

/** Has the user choose a screen or a window to show to others (W3C Screen Capture). Rejects with DeviceError. */
export async function openScreen(): Promise<MediaStreamTrack | null> {
  try {
    const stream = await navigator.mediaDevices.getDisplayMedia({ video: SCREEN, audio: false });
    const track = stream.getVideoTracks()[0] ?? null;
    if (track !== null) track.contentHint = 'detail';
    return track;
  } catch (cause) {
    const refused = cause instanceof DOMException && cause.name === 'NotAllowedError';
    const why = refused
      ? 'It was not chosen, or the browser or this device does not allow it.'
      : 'The browser could not read it. Try again, or show another window.';
    throw new DeviceError(`Your screen is not shown. ${why}`, { cause });
  }
}
