import { type Refusal } from '../sframe/index.ts';

/** The parts of RTCEncodedVideoFrame and RTCEncodedAudioFrame that are used. */
export interface EncodedFrame {
  data: ArrayBuffer;
  /** Browsers differ in which of the two they give. */
  getMetadata?: () => { mimeType?: string; payloadType?: number };
}

/** The parts of RTCRtpScriptTransformer that are used; a pair from createEncodedStreams fits too. */
export interface EncodedTransformer {
  readonly readable: ReadableStream;
  readonly writable: WritableStream;
  /** A `TransformOptions`; checked. */
  readonly options: unknown;
  readonly sendKeyFrameRequest?: () => Promise<unknown>;
  readonly generateKeyFrame?: () => Promise<unknown>;
}

/** Name of a transceiver on this page: its index, or a text of 1 to 128 characters. */
export type SlotName = string | number;

/** What the page gives to `new RTCRtpScriptTransform(worker, options)`, or with the streams of createEncodedStreams. */
export interface TransformOptions {
  readonly direction: 'send' | 'receive';
  readonly kind: 'audio' | 'video';
  /** One sender and one receiver may have the same. */
  readonly slot: SlotName;
  /** Which source of the sender: 0 camera and microphone (default), 1 screen, at most 3. Only for `send`. */
  readonly source?: number;
  /** MIME type of the codec, where neither frame metadata nor the payload type tells it. */
  readonly mimeType?: string;
}

/** What became of a frame. `behind`: the browser did not keep up. `failed`: an unexpected error in this one frame. */
export type FrameOutcome = 'open' | Refusal | 'codec not supported' | 'behind' | 'failed';

/** What a badge shows for a slot. `idle`: nothing has come for IDLE_MS, or since the slot was given to somebody else. */
export type SlotState = 'idle' | FrameOutcome;

/** What a badge shows for all that somebody sends. `browser not supported`: this browser can encrypt and open nothing. */
export type SenderState = SlotState | 'browser not supported';

/** Frames by what became of them; `open` counts those that went on. */
export type FrameCounters = Readonly<Record<FrameOutcome, number>>;

/** A slot, as data for a badge and for statistics. Survives structured cloning. */
export interface SlotReport {
  readonly slot: SlotName;
  readonly direction: 'send' | 'receive';
  readonly kind: 'audio' | 'video';
  readonly state: SlotState;
  /** Whom the forwarder announced for it: frames of others are dropped. Null: nobody, or `send`. */
  readonly expected: string | null;
  /** Who the last opened frame came from, authenticated by its key; null before that, and for `send`. */
  readonly participant: string | null;
  /** Source of the last opened frame, as in TransformOptions. */
  readonly source: number | null;
  /** Since the slot was given to `expected`. */
  readonly counters: FrameCounters;
  /** Frames that wait for their key. */
  readonly held: number;
  /** Frames were dropped, and no key frame has passed since. For `send`: the page should make the encoder give one. */
  readonly keyFrameWanted: boolean;
  readonly keyFrameRequests: number;
}

/** One sender, over all its slots. Survives structured cloning. */
export interface SenderReport {
  /** Whom the forwarder announced, else who the last opened frame came from; null: this participant itself. */
  readonly participant: string | null;
  /** The worst of its slots. */
  readonly state: SenderState;
  readonly slots: readonly SlotName[];
  /** The sums over its slots. */
  readonly counters: FrameCounters;
  readonly held: number;
  readonly keyFrameRequests: number;
}

/** All slots and the state of the keys. */
export interface MediaStats {
  /** The epoch that own frames are protected in. */
  readonly epoch: bigint | null;
  /** Epochs whose keys are held. */
  readonly epochs: number;
  readonly slots: readonly SlotReport[];
  /** This participant first, then the others in order of their slots. */
  readonly senders: readonly SenderReport[];
}

/** Where a key frame is wanted. */
export interface KeyFrameRequest {
  readonly direction: 'send' | 'receive';
  readonly slot: SlotName;
}

/** What the transforms need from the worker around them. */
export interface MediaEnvironment {
  /** Milliseconds on a clock that does not run backwards: `() => performance.now()`. */
  readonly now: () => number;
  /** Takes the report of one slot, at most every REPORT_CHANGE_MS. */
  readonly report: (report: SlotReport) => void;
  /**
   * Asks the page for a key frame where the transformer cannot: from the own encoder (`send`), or from the sender of
   * what a slot receives. Limited in rate already.
   */
  readonly requestKeyFrame?: (request: KeyFrameRequest) => void;
  /** Runs something later; `setTimeout` unless a test says otherwise. */
  readonly later?: (run: () => void, milliseconds: number) => void;
}
