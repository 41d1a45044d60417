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

async function open(what: string, constraints: MediaStreamConstraints): Promise<Devices> {
  try {
    const stream = await navigator.mediaDevices.getUserMedia(constraints);
    return { microphone: stream.getAudioTracks()[0] ?? null, camera: stream.getVideoTracks()[0] ?? null };
  } catch (cause) {
    throw new DeviceError(`${what} could not be opened. ${reason(cause)}`, { cause });
  }
}

/** Opens what was chosen. Rejects with DeviceError. */
export async function openDevices(choice: DeviceChoice): Promise<Devices> {
  switch (choice) {
    case 'camera and microphone':
      return open('Camera and microphone', { audio: AUDIO, video: VIDEO });
    case 'microphone':
      return open('The microphone', { audio: AUDIO });
    case 'none':
      return { microphone: null, camera: null };
  }
}

/** Opens one device, to turn it on in a call. Rejects with DeviceError. */
export async function openDevice(device: 'microphone' | 'camera'): Promise<MediaStreamTrack | null> {
  const constraints = device === 'camera' ? { video: VIDEO } : { audio: AUDIO };
  return (await open(`The ${device}`, constraints))[device];
}
