/** The page of the forwarding server's test: sends one colour and one tone, reads what it receives. */
import {
  createMediaConnection,
  type MediaConnection,
  type MediaSlot,
} from '../../../src/media/connection/MediaConnection.ts';
import { VIDEO_CODECS, type VideoCodec } from '../../../src/media/connection/codecs.ts';
import type { Report } from '../codecs/recording-worker.ts';
import { colourTrack, cornersTrack, Receiver, toneTrack } from './media.ts';

/** What comes out of one slot now. */
export interface Observation {
  readonly participant: string;
  readonly kind: 'audio' | 'video';
  readonly slot: number;
  /** Red, green and blue of the picture's middle, 0 to 255; null for audio or without a picture. */
  readonly colour: readonly number[] | null;
  /** The same of its four corners, row by row; empty for audio or without a picture. */
  readonly corners: readonly (readonly number[])[];
  /** Frequency of the strongest tone in hertz; null for video or silence. */
  readonly peak: number | null;
}

export interface JoinOptions {
  readonly room: string;
  readonly participant: string;
  readonly colour: string;
  /** Colours of a picture with corners and noise, in place of one colour. */
  readonly corners?: readonly string[];
  /** Hertz. */
  readonly tone: number;
  readonly initialSlots: number;
  readonly worker: 'clear' | 'silent' | 'recording';
  /** Leaf index in the epoch of the recording worker, whose members are `people`. */
  readonly leaf?: number;
  readonly people?: readonly string[];
  /** Codecs for the camera, the most wanted first. */
  readonly videoCodecs?: readonly VideoCodec[];
  /** Asks for the (fake) microphone first: Chromium gathers ICE candidates differently then. */
  readonly askForMicrophone: boolean;
}

let connection: MediaConnection | null = null;
let socket: WebSocket | null = null;
let slots: readonly MediaSlot[] = [];
let worker: Worker | null = null;
const receivers = new Map<number, Receiver>();
const errors: string[] = [];
const states: string[] = [];
let audio: AudioContext | null = null;

/** Asks the recording worker; it answers in order. */
function ask<Answer>(message: { readonly type: string; readonly [name: string]: unknown }): Promise<Answer> {
  const asked = worker!;
  return new Promise((answered) => {
    const listen = ({ data }: MessageEvent<{ type: string; answer: Answer }>): void => {
      if (data.type !== message.type) return;
      asked.removeEventListener('message', listen);
      answered(data.answer);
    };
    asked.addEventListener('message', listen);
    asked.postMessage(message);
  });
}

const forwarderTest = {
  async join(options: JoinOptions): Promise<void> {
    audio ??= new AudioContext();
    await audio.resume();
    if (options.askForMicrophone) await navigator.mediaDevices.getUserMedia({ audio: true });
    const ws = new WebSocket(
      `${location.origin.replace('http', 'ws')}/?room=${options.room}&participant=${options.participant}`,
    );
    socket = ws;
    await new Promise((opened) => ws.addEventListener('open', opened, { once: true }));
    worker = new Worker(`/${options.worker}-worker.js`, { type: 'module' });
    if (options.people !== undefined) await ask({ type: 'epoch', own: options.leaf, people: options.people });
    slots = [];
    receivers.clear();
    const media = createMediaConnection({
      worker,
      send: (message) => ws.send(JSON.stringify(message)),
      onSlots: (all) => {
        slots = all;
        for (const { slot, track } of all) {
          if (!receivers.has(slot)) receivers.set(slot, new Receiver(audio!, track));
        }
      },
      onState: (state) => states.push(state),
      onError: (error) => errors.push(error.message),
      microphone: toneTrack(audio, options.tone),
      camera: options.corners === undefined ? colourTrack(options.colour) : cornersTrack(options.corners),
      initialSlots: options.initialSlots,
      ...(options.videoCodecs === undefined ? {} : { videoCodecs: options.videoCodecs }),
    });
    ws.addEventListener('message', ({ data }) => media.receive(JSON.parse(String(data))));
    connection = media;
  },

  leave(): void {
    connection?.close();
    socket?.close();
    worker?.terminate();
  },

  observe(): Observation[] {
    return slots.flatMap(({ slot, kind, participant }) => {
      const receiver = receivers.get(slot);
      if (participant === null || receiver === undefined) return [];
      const [colour, corners, peak] = [receiver.colour(), receiver.corners(), receiver.peak()];
      return [{ slot, kind, participant, colour, corners, peak }];
    });
  },

  active: () => slots.filter(({ active }) => active).map(({ participant, kind }) => `${participant} ${kind}`),
  errors: () => errors,
  states: () => states,
  stopCamera: () => connection!.setCamera(null),

  /** Totals of the window's own statistics, and key frames that the camera's encoder made. */
  async statistics(): Promise<{ sourceFrames: number; packetsSent: number; keyFrames: number }> {
    const totals = { sourceFrames: 0, packetsSent: 0, keyFrames: 0 };
    for (const entry of (await connection!.getStats()).values() as Iterable<Record<string, unknown>>) {
      if (entry['type'] === 'media-source') totals.sourceFrames += Number(entry['frames'] ?? 0);
      if (entry['type'] !== 'outbound-rtp') continue;
      totals.packetsSent += Number(entry['packetsSent'] ?? 0);
      totals.keyFrames += Number(entry['keyFramesEncoded'] ?? 0);
    }
    return totals;
  },

  /** Frames that the encoders of this page made, before they were protected, and what became of all frames. */
  recorded: () => ask<Report>({ type: 'report' }),

  /** The codec of the camera, and what encoding a frame cost. */
  async camera(): Promise<{ codec: string; frames: number; bytes: number; encodeMilliseconds: number }> {
    const report = (await connection!.getStats()) as unknown as Map<string, Record<string, unknown>>;
    const entries = [...report.values()];
    const sent = entries.find((entry) => entry['type'] === 'outbound-rtp' && entry['kind'] === 'video') ?? {};
    const codec = entries.find(({ id }) => id === sent['codecId'])?.['mimeType'];
    return {
      codec: typeof codec === 'string' ? codec.toLowerCase() : 'none',
      frames: Number(sent['framesEncoded'] ?? 0),
      bytes: Number(sent['bytesSent'] ?? 0),
      encodeMilliseconds: Number(sent['totalEncodeTime'] ?? 0) * 1000,
    };
  },

  /** The video codecs that this browser encodes, of those that are negotiated. */
  encodes(): VideoCodec[] {
    const names = RTCRtpSender.getCapabilities('video')!.codecs.map(({ mimeType }) => mimeType.toLowerCase());
    return VIDEO_CODECS.filter((codec) => names.includes(codec));
  },

  /** From now on this browser has no such codec. */
  forgetCodec(codec: VideoCodec): void {
    for (const media of [RTCRtpSender, RTCRtpReceiver]) {
      const original = media.getCapabilities.bind(media);
      media.getCapabilities = (kind) => {
        const all = original(kind)!;
        return { ...all, codecs: all.codecs.filter(({ mimeType }) => mimeType.toLowerCase() !== codec) };
      };
    }
  },

  /** A key frame request as the SFrame worker makes it. */
  requestKeyFrame(direction: 'send' | 'receive', slot: number): void {
    worker!.postMessage({ type: 'keyFrameRequest', direction, slot });
  },

  /** The code with which a browser without encoded transforms is refused. */
  withoutEncodedTransform(): string {
    Reflect.deleteProperty(globalThis, 'RTCRtpScriptTransform');
    for (const { prototype } of [RTCRtpSender, RTCRtpReceiver])
      Reflect.deleteProperty(prototype, 'createEncodedStreams');
    for (const { prototype } of [RTCRtpSender, RTCRtpReceiver])
      Reflect.deleteProperty(prototype, 'createEncodedStreams');
    let connections = 0;
    const Original = RTCPeerConnection;
    globalThis.RTCPeerConnection = new Proxy(Original, {
      construct(target, args: [RTCConfiguration]) {
        connections += 1;
        return new target(...args);
      },
    });
    try {
      createMediaConnection({
        worker: new Worker('/clear-worker.js', { type: 'module' }),
        send: () => undefined,
        onSlots: () => undefined,
      });
      return `no error, ${connections} connections`;
    } catch (error) {
      return `${(error as { code: string }).code}, ${connections} connections`;
    }
  },

  /** Makes the transform attributes do nothing: the state of a page that sets them late or never. */
  ignoreTransforms(): void {
    for (const { prototype } of [RTCRtpSender, RTCRtpReceiver])
      Object.defineProperty(prototype, 'transform', { set: () => undefined, get: () => null });
  },
};

export type ForwarderTest = typeof forwarderTest;
Object.assign(globalThis, { forwarderTest });
