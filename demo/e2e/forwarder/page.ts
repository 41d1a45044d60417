/** The page of the forwarding server's test: sends one colour and one tone, reads what it receives. */
import {
  createMediaConnection,
  type MediaConnection,
  type MediaSlot,
} from '../../../src/media/connection/MediaConnection.ts';

/** What comes out of one slot now. */
export interface Observation {
  readonly participant: string;
  readonly kind: 'audio' | 'video';
  readonly slot: number;
  /** Red, green and blue of the picture's middle, 0 to 255; null for audio or without a picture. */
  readonly colour: readonly number[] | null;
  /** Frequency of the strongest tone in hertz; null for video or silence. */
  readonly peak: number | null;
}

export interface JoinOptions {
  readonly room: string;
  readonly participant: string;
  readonly colour: string;
  /** Hertz. */
  readonly tone: number;
  readonly initialSlots: number;
  readonly worker: 'clear' | 'silent';
  /** Asks for the (fake) microphone first: Chromium gathers ICE candidates differently then. */
  readonly askForMicrophone: boolean;
}

function colourTrack(colour: string): MediaStreamTrack {
  const canvas = document.createElement('canvas');
  canvas.width = 160;
  canvas.height = 120;
  const context = canvas.getContext('2d')!;
  let tick = 0;
  setInterval(() => {
    context.fillStyle = colour;
    context.fillRect(0, 0, canvas.width, canvas.height);
    // Something that moves, at the edge, so that each frame is a new one.
    context.fillStyle = '#808080';
    context.fillRect((tick += 1) % canvas.width, 0, 4, 4);
  }, 66);
  return canvas.captureStream(15).getVideoTracks()[0]!;
}

function toneTrack(audio: AudioContext, frequency: number): MediaStreamTrack {
  const oscillator = new OscillatorNode(audio, { frequency });
  const destination = new MediaStreamAudioDestinationNode(audio);
  oscillator.connect(new GainNode(audio, { gain: 0.3 })).connect(destination);
  oscillator.start();
  return destination.stream.getAudioTracks()[0]!;
}

class Receiver {
  readonly element: HTMLMediaElement;
  readonly #analyser: AnalyserNode | null = null;

  constructor(audio: AudioContext, track: MediaStreamTrack) {
    this.element = document.createElement(track.kind === 'audio' ? 'audio' : 'video');
    this.element.autoplay = true;
    const stream = new MediaStream([track]);
    this.element.srcObject = stream;
    document.body.append(this.element);
    if (track.kind !== 'audio') return;
    this.#analyser = new AnalyserNode(audio, { fftSize: 8192, smoothingTimeConstant: 0 });
    new MediaStreamAudioSourceNode(audio, { mediaStream: stream }).connect(this.#analyser);
  }

  colour(): number[] | null {
    const video = this.element as HTMLVideoElement;
    if (video.tagName !== 'VIDEO' || video.videoWidth === 0) return null;
    const canvas = new OffscreenCanvas(1, 1);
    const context = canvas.getContext('2d')!;
    context.drawImage(video, video.videoWidth / 2, video.videoHeight / 2, 1, 1, 0, 0, 1, 1);
    return [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)];
  }

  peak(): number | null {
    const analyser = this.#analyser;
    if (analyser === null) return null;
    const bins = new Float32Array(analyser.frequencyBinCount);
    analyser.getFloatFrequencyData(bins);
    const strongest = bins.reduce((best, level, index) => (level > bins[best]! ? index : best), 0);
    if (!(bins[strongest]! > -60)) return null;
    return (strongest * analyser.context.sampleRate) / analyser.fftSize;
  }
}

let connection: MediaConnection | null = null;
let socket: WebSocket | null = null;
let slots: readonly MediaSlot[] = [];
let worker: Worker | null = null;
const receivers = new Map<number, Receiver>();
const errors: string[] = [];
const states: string[] = [];
let audio: AudioContext | null = null;

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
      camera: colourTrack(options.colour),
      initialSlots: options.initialSlots,
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
      return [{ slot, kind, participant, colour: receiver.colour(), peak: receiver.peak() }];
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

  /** A key frame request as the SFrame worker makes it. */
  requestKeyFrame(direction: 'send' | 'receive', slot: number): void {
    worker!.postMessage({ type: 'keyFrameRequest', direction, slot });
  },

  /** The code with which a browser without encoded transforms is refused. */
  withoutEncodedTransform(): string {
    Reflect.deleteProperty(globalThis, 'RTCRtpScriptTransform');
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
