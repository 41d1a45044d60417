/** The page's side of the forwarding server: one RTCPeerConnection, browser code, runs in the window. */
import { type VideoCodec } from './codecs.ts';
import {
  type ForwarderErrorCode,
  type MediaKind,
  type PageMessage,
  parseServerMessage,
  type ServerMessage,
  type Slot,
} from './messages.ts';
import { MediaConnectionError } from './errors.ts';
import { CodecPreferences } from './CodecPreferences.ts';
import { SenderParameters } from './SenderParameters.ts';
import { FULL_VIDEO, type VideoEncoding } from './videoEncoding.ts';
import { addGuardedTransceiver, createGuardedPeerConnection, isKeyFrameRequest } from './transform.ts';

export type MediaConnectionState = 'connecting' | 'connected' | 'disconnected' | 'failed' | 'closed';

/** A slot and the track that comes out of it. The track stays the same while participants change. */
export interface MediaSlot {
  /** Index of the media section, as in TransformOptions. */
  readonly slot: number;
  readonly mid: string;
  readonly kind: MediaKind;
  /** Whose stream the server says it is; null: nobody's. Who it is, is told by the SFrame key id. */
  readonly participant: string | null;
  /** Whether that participant says that it sends this kind now. */
  readonly active: boolean;
  readonly track: MediaStreamTrack;
}

export interface MediaConnectionOptions {
  /** Delivers a message to the server, in order. */
  readonly send: (message: PageMessage) => void;
  /** The worker that holds the SFrame transform: it gets an `rtctransform` event for each stream. */
  readonly worker: Worker;
  /** All slots that the page has, whenever one changes. */
  readonly onSlots: (slots: readonly MediaSlot[]) => void;
  readonly onState?: (state: MediaConnectionState) => void;
  readonly onError?: (error: MediaConnectionError) => void;
  readonly microphone?: MediaStreamTrack | null;
  readonly camera?: MediaStreamTrack | null;
  /** Slots of each kind in the first offer; more are added as the room grows. */
  readonly initialSlots?: number;
  /** What the camera begins with. Default: FULL_VIDEO. */
  readonly videoEncoding?: VideoEncoding;
  /**
   * Codecs for the camera, the most wanted first; the others come after them. Those that this browser does not encode,
   * or that somebody in the room does not receive, are not used. Default: VIDEO_CODECS, which has VP8 first.
   */
  readonly videoCodecs?: readonly VideoCodec[];
}

export interface MediaConnection {
  /** Takes a message of the server, of whatever shape. */
  receive(message: unknown): void;
  /** Sends this track, or none. Rejects with MediaConnectionError. */
  setMicrophone(track: MediaStreamTrack | null): Promise<void>;
  /** Also another picture in the place of the camera: a screen. */
  setCamera(track: MediaStreamTrack | null): Promise<void>;
  /**
   * Sends the camera like that from now on, without an offer (RTCRtpSender.setParameters). See `cameraEncoding` for how much is
   * sent by number of people. Rejects with MediaConnectionError.
   */
  setVideoEncoding(encoding: VideoEncoding): Promise<void>;
  /** A key frame of the own camera (`send`) or of what comes in a slot (`receive`); limited in rate. */
  requestKeyFrame(direction: 'send' | 'receive', slot: number): void;
  readonly state: MediaConnectionState;
  /** The statistics of the RTCPeerConnection. */
  getStats(): Promise<RTCStatsReport>;
  close(): void;
}

const CAMERA = 1;
const DEFAULT_INITIAL_SLOTS = 3;
/** Milliseconds between two key frame requests for one stream. */
const KEY_FRAME_INTERVAL = 500;
/** Codes that tell that the offer in flight was refused. */
const OFFER_REFUSALS: ReadonlySet<ForwarderErrorCode> = new Set([
  'malformed_message',
  'too_many_messages',
  'sdp_too_large',
  'sdp_refused',
  'too_many_offers',
]);

/**
 * Connects to the forwarding server: offers at once, adds slots when the server wants more.
 *
 * @throws MediaConnectionError `encoded_transform_unsupported`, before any connection is made
 */
export function createMediaConnection(options: MediaConnectionOptions): MediaConnection {
  const { worker, send } = options;
  const peer = createGuardedPeerConnection();
  let state: MediaConnectionState = 'connecting';
  let offerId = 0;
  let awaited: { readonly id: number; readonly answered: (sdp: string) => void } | null = null;
  let negotiation: Promise<void> | null = null;
  let wanted = options.initialSlots ?? DEFAULT_INITIAL_SLOTS;
  let assigned: readonly Slot[] = [];
  const lastKeyFrame = new Map<string, number>();
  const preferences = new CodecPreferences(options.videoCodecs ?? []);
  let offerIsOld = false;

  const add = (kind: MediaKind, init: RTCRtpTransceiverInit): RTCRtpTransceiver => {
    const transceiver = addGuardedTransceiver(peer, worker, kind, init);
    transceiver.setCodecPreferences(preferences.formats(kind));
    return transceiver;
  };
  const microphone = add('audio', { direction: 'sendonly' });
  const sendEncodings = [{ ...(options.videoEncoding ?? FULL_VIDEO) }];
  const camera = add('video', { direction: 'sendonly', sendEncodings });
  const cameraParameters = new SenderParameters(camera.sender);

  const report = (error: MediaConnectionError): void => {
    if (state !== 'closed') options.onError?.(error);
  };

  const enter = (next: MediaConnectionState): void => {
    if (state === next || state === 'closed' || (state === 'failed' && next !== 'closed')) return;
    state = next;
    options.onState?.(next);
    if (next === 'failed') peer.close();
  };

  const fail = (error: MediaConnectionError): void => {
    report(error);
    enter('failed');
  };

  /** As a call, because it changes while something is awaited. */
  const isOfferOld = (): boolean => offerIsOld;
  const slotCount = (): number => (peer.getTransceivers().length - 2) / 2;

  const publishSlots = (): void => {
    const transceivers = peer.getTransceivers();
    const slots = assigned.flatMap(({ mid, kind, participant, active }): MediaSlot[] => {
      const slot = transceivers.findIndex((transceiver) => transceiver.mid === mid);
      const transceiver = transceivers[slot];
      if (slot <= CAMERA || transceiver === undefined) return [];
      return [{ slot, mid, kind, participant, active, track: transceiver.receiver.track }];
    });
    options.onSlots(slots);
  };

  /** One offer and its answer, again while slots are missing or the camera's codec has changed. */
  const negotiate = async (): Promise<void> => {
    do {
      offerIsOld = false;
      while (slotCount() < wanted) {
        add('audio', { direction: 'recvonly' });
        add('video', { direction: 'recvonly' });
      }
      await peer.setLocalDescription(await peer.createOffer());
      const id = (offerId += 1);
      const answer = new Promise<string>((answered) => {
        awaited = { id, answered };
      });
      send({ type: 'offer', id, sdp: peer.localDescription?.sdp ?? '' });
      await peer.setRemoteDescription({ type: 'answer', sdp: await answer });
      publishSlots();
    } while (slotCount() < wanted || isOfferOld());
  };

  const startNegotiation = (): void => {
    negotiation ??= negotiate()
      .catch((cause: unknown) => {
        if (state !== 'closed' && state !== 'failed')
          fail(new MediaConnectionError('negotiation_failed', { cause }));
      })
      .finally(() => {
        negotiation = null;
      });
  };

  const sendSending = (): void => {
    const audio = microphone.sender.track !== null;
    send({ type: 'sending', audio, video: camera.sender.track !== null });
  };

  const replace = async (transceiver: RTCRtpTransceiver, track: MediaStreamTrack | null): Promise<void> => {
    if (state === 'closed' || state === 'failed') throw new MediaConnectionError('closed');
    try {
      await transceiver.sender.replaceTrack(track);
    } catch (cause) {
      throw new MediaConnectionError('negotiation_failed', { cause });
    }
    sendSending();
  };

  const setVideoEncoding = async (encoding: VideoEncoding): Promise<void> => {
    if (state === 'closed' || state === 'failed') throw new MediaConnectionError('closed');
    try {
      await cameraParameters.encode(encoding);
    } catch (cause) {
      throw new MediaConnectionError('negotiation_failed', { cause });
    }
  };

  const requestKeyFrame = (direction: 'send' | 'receive', slot: number): void => {
    const transceiver = peer.getTransceivers()[slot];
    if (state !== 'connected' || transceiver?.receiver.track.kind !== 'video') return;
    if ((slot === CAMERA) !== (direction === 'send')) return;
    const now = performance.now();
    const last = lastKeyFrame.get(`${direction} ${slot}`);
    if (last !== undefined && now - last < KEY_FRAME_INTERVAL) return;
    lastKeyFrame.set(`${direction} ${slot}`, now);
    if (direction === 'send') cameraParameters.keyFrame().catch(() => undefined);
    else if (transceiver.mid !== null) send({ type: 'keyFrame', mid: transceiver.mid });
  };

  const onWorkerMessage = (event: MessageEvent<unknown>): void => {
    if (isKeyFrameRequest(event.data)) requestKeyFrame(event.data.direction, event.data.slot);
  };

  const take = (message: ServerMessage): void => {
    switch (message.type) {
      case 'answer':
        if (awaited?.id !== message.id) return;
        awaited.answered(message.sdp);
        awaited = null;
        return;
      case 'slots':
        assigned = message.slots;
        wanted = Math.max(wanted, message.wanted);
        publishSlots();
        if (slotCount() < wanted) startNegotiation();
        return;
      case 'videoCodecs':
        if (!preferences.restrict(message.codecs)) return;
        // The first codec of the answer, which keeps the offer's order, is what the browser sends (RFC 3264).
        camera.setCodecPreferences(preferences.formats('video'));
        offerIsOld = true;
        startNegotiation();
        return;
      case 'error': {
        const error = new MediaConnectionError('refused', { server: message.code });
        // An offer that got refused gets no answer: without one this connection cannot go on.
        if (message.fatal || (awaited !== null && OFFER_REFUSALS.has(message.code))) fail(error);
        else report(error);
      }
    }
  };

  peer.addEventListener('connectionstatechange', () => {
    if (peer.connectionState === 'failed') fail(new MediaConnectionError('connection_failed'));
    else if (peer.connectionState !== 'new' && peer.connectionState !== 'closed') enter(peer.connectionState);
  });
  worker.addEventListener('message', onWorkerMessage);

  const start = async (): Promise<void> => {
    if (options.microphone) await microphone.sender.replaceTrack(options.microphone);
    if (options.camera) await camera.sender.replaceTrack(options.camera);
    sendSending();
    startNegotiation();
  };
  start().catch((cause: unknown) => fail(new MediaConnectionError('negotiation_failed', { cause })));

  return {
    receive: (input) => {
      if (state === 'closed' || state === 'failed') return;
      const message = parseServerMessage(input);
      if (message === null) report(new MediaConnectionError('malformed_message'));
      else take(message);
    },
    setMicrophone: (track) => replace(microphone, track),
    setCamera: (track) => replace(camera, track),
    setVideoEncoding,
    requestKeyFrame,
    get state() {
      return state;
    },
    getStats: () => peer.getStats(),
    close: () => {
      if (state === 'closed') return;
      worker.removeEventListener('message', onWorkerMessage);
      peer.close();
      enter('closed');
    },
  };
}
