/** A page that sends a picture and a tone, over either API, with a worker that a test delays, silences or ends. */
import {
  createMediaConnection,
  type MediaConnection,
} from '../../../src/media/connection/MediaConnection.ts';
import { encodedTransformApi, type EncodedTransformApi } from '../../../src/media/connection/transform.ts';
import { colourTrack, toneTrack } from '../forwarder/media.ts';
import type { SentFrames, ToKeyWorker } from './key-worker.ts';

export interface JoinOptions {
  /** The other API is hidden from the page, as in a browser that has not got it. */
  readonly api: EncodedTransformApi;
  /** Path of the worker's script; the server holds it where it says `?held`. */
  readonly worker: string;
  /** The page sets its transforms, or hands its streams over, only when it is told to. */
  readonly late?: boolean;
}

/** What was sent, by the browser's own statistics. */
export interface Sent {
  /** Frames that the camera gave. */
  readonly sourceFrames: number;
  /** Pictures that the encoder made of them. */
  readonly encoded: number;
  /** RTP packets. */
  readonly packets: { readonly audio: number; readonly video: number };
}

function hideOther(api: EncodedTransformApi): void {
  if (api === 'createEncodedStreams') Reflect.deleteProperty(globalThis, 'RTCRtpScriptTransform');
  else
    for (const { prototype } of [RTCRtpSender, RTCRtpReceiver])
      Reflect.deleteProperty(prototype, 'createEncodedStreams');
}

const delayed: (() => void)[] = [];

/** Keeps back what makes a transform work: the attribute, or the transfer of the streams. */
function delay(): void {
  for (const { prototype } of [RTCRtpSender, RTCRtpReceiver]) {
    const transform = Object.getOwnPropertyDescriptor(prototype, 'transform');
    Object.defineProperty(prototype, 'transform', {
      set(value: unknown) {
        delayed.push(() => transform?.set?.call(this, value));
      },
    });
  }
  const post = Worker.prototype.postMessage as (message: unknown, transfer?: Transferable[]) => void;
  Worker.prototype.postMessage = function (this: Worker, message: unknown, transfer?: unknown): void {
    const now = (): void => post.call(this, message, transfer as Transferable[]);
    if ((message as { type: string }).type === 'encodedStreams') delayed.push(now);
    else now();
  };
}

let connection: MediaConnection | null = null;
let socket: WebSocket | null = null;
let worker: Worker | null = null;
const errors: string[] = [];

const mediaTest = {
  /** Gives the API that the connection was made with. */
  async join({ api, worker: script, late = false }: JoinOptions): Promise<EncodedTransformApi | null> {
    hideOther(api);
    if (late) delay();
    const audio = new AudioContext();
    await audio.resume();
    const ws = new WebSocket(`${location.origin.replace('http', 'ws')}/?participant=quiet`);
    socket = ws;
    await new Promise((opened) => ws.addEventListener('open', opened, { once: true }));
    worker = new Worker(script, { type: 'module' });
    const media = createMediaConnection({
      worker,
      send: (message) => ws.send(JSON.stringify(message)),
      onSlots: () => undefined,
      onError: (error) => errors.push(error.message),
      microphone: toneTrack(audio, 440),
      camera: colourTrack('#ff0000'),
      initialSlots: 1,
    });
    ws.addEventListener('message', ({ data }) => media.receive(JSON.parse(String(data))));
    connection = media;
    return encodedTransformApi();
  },

  leave(): void {
    connection?.close();
    socket?.close();
    worker?.terminate();
  },

  /** Sets the transforms that were kept back; gives how many. */
  setTransforms(): number {
    const all = delayed.splice(0);
    for (const set of all) set();
    return all.length;
  },

  tell: (message: ToKeyWorker): void => worker?.postMessage(message),
  endWorker: (): void => worker?.terminate(),
  errors: () => errors,

  /** Sends nothing more. */
  async mute(): Promise<void> {
    await connection?.setMicrophone(null);
    await connection?.setCamera(null);
  },

  /** What the worker says became of the frames that it was given. */
  frames(): Promise<SentFrames[]> {
    return new Promise((resolve) => {
      const listen = ({ data }: MessageEvent<{ type: string; frames: SentFrames[] }>): void => {
        if (data.type !== 'frames') return;
        worker?.removeEventListener('message', listen);
        resolve(data.frames);
      };
      worker?.addEventListener('message', listen);
      mediaTest.tell({ type: 'frames' });
    });
  },

  async sent(): Promise<Sent> {
    const packets = { audio: 0, video: 0 };
    let [sourceFrames, encoded] = [0, 0];
    for (const entry of (await connection!.getStats()).values() as Iterable<Record<string, unknown>>) {
      if (entry['type'] === 'media-source') sourceFrames += Number(entry['frames'] ?? 0);
      if (entry['type'] !== 'outbound-rtp') continue;
      packets[entry['kind'] as 'audio' | 'video'] += Number(entry['packetsSent'] ?? 0);
      encoded += Number(entry['framesEncoded'] ?? 0);
    }
    return { sourceFrames, encoded, packets };
  },
};

export type MediaTest = typeof mediaTest;
Object.assign(globalThis, { mediaTest });
