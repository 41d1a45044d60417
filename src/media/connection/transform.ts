/**
 * Encoded transforms (W3C WebRTC Encoded Transform) on every sender and receiver, so set that the connection
 * fails closed: without the worker's transform no frame leaves and none is shown.
 */
import type { TransformMessage } from '../transform/take.ts';
import { MediaConnectionError } from './errors.ts';
import { type MediaKind } from './messages.ts';

/** The options of each transform, as the worker sees them. */
export interface TransformOptions {
  readonly direction: 'send' | 'receive';
  readonly kind: MediaKind;
  /** Index of the media section: 0 microphone, 1 camera, from 2 on what others send. */
  readonly slot: number;
}

/**
 * What the worker posts to the window to get a key frame: of the camera when it has a new key, of another's
 * stream when it could not open one.
 */
export interface KeyFrameRequest {
  readonly type: 'keyFrameRequest';
  readonly direction: 'send' | 'receive';
  readonly slot: number;
}

/** Whether a message of the worker is a KeyFrameRequest; others are left to whom they are for. */
export function isKeyFrameRequest(data: unknown): data is KeyFrameRequest {
  if (typeof data !== 'object' || data === null) return false;
  const { type, direction, slot } = data as Partial<Record<keyof KeyFrameRequest, unknown>>;
  return (
    type === 'keyFrameRequest' &&
    (direction === 'send' || direction === 'receive') &&
    typeof slot === 'number' &&
    Number.isInteger(slot)
  );
}

/** How frames get into the worker: the standard's way, or that of Chromium before 141. */
export type EncodedTransformApi = 'RTCRtpScriptTransform' | 'createEncodedStreams';

/** What only some Chromium has: once made, the streams can be transferred to a worker. */
interface EncodedStreamsOwner {
  createEncodedStreams: () => { readonly readable: ReadableStream; readonly writable: WritableStream };
}

/** Whether streams can be transferred (Chromium 87): a message with one in it throws where they cannot. */
function canTransferStreams(): boolean {
  const { port1, port2 } = new MessageChannel();
  try {
    const stream = new ReadableStream();
    port1.postMessage(stream, [stream]);
    return true;
  } catch {
    return false;
  } finally {
    port1.close();
    port2.close();
  }
}

/** Which API this browser's transforms are made by; null where it has neither. Decided here and nowhere else. */
export function encodedTransformApi(): EncodedTransformApi | null {
  const { RTCPeerConnection: Peer, RTCRtpScriptTransform: Script } = globalThis as Partial<typeof globalThis>;
  const { RTCRtpSender: Sender, RTCRtpReceiver: Receiver } = globalThis as Partial<typeof globalThis>;
  if (Peer === undefined || Sender === undefined || Receiver === undefined) return null;
  const both = (name: string): boolean => name in Sender.prototype && name in Receiver.prototype;
  if (Script !== undefined && both('transform')) return 'RTCRtpScriptTransform';
  return both('createEncodedStreams') && canTransferStreams() ? 'createEncodedStreams' : null;
}

/** @throws MediaConnectionError `encoded_transform_unsupported` where the browser has no encoded transforms */
export function requireEncodedTransform(): EncodedTransformApi {
  const api = encodedTransformApi();
  if (api === null) throw new MediaConnectionError('encoded_transform_unsupported');
  return api;
}

/**
 * A connection on which frames wait for a transform. Without the flag, Chromium sends plain frames from a sender
 * whose transform is set later than the task that made it; browsers that do not know the flag ignore it.
 *
 * @throws MediaConnectionError `encoded_transform_unsupported`, before any connection is made
 */
export function createGuardedPeerConnection(): RTCPeerConnection {
  requireEncodedTransform();
  const configuration: RTCConfiguration & { encodedInsertableStreams: true } = {
    encodedInsertableStreams: true,
    bundlePolicy: 'max-bundle',
    iceServers: [],
  };
  return new RTCPeerConnection(configuration);
}

const post = (worker: Worker, message: TransformMessage, transfer: Transferable[] = []): void =>
  worker.postMessage(message, transfer);

/** Makes the one transform of a sender or receiver. With streams, nothing flows until the worker reads them. */
function setTransform(
  api: EncodedTransformApi,
  owner: RTCRtpSender | RTCRtpReceiver,
  worker: Worker,
  options: TransformOptions,
): void {
  if (api === 'RTCRtpScriptTransform') {
    owner.transform = new RTCRtpScriptTransform(worker, options);
    return;
  }
  const streams = (owner as typeof owner & EncodedStreamsOwner).createEncodedStreams();
  const { readable, writable } = streams;
  post(worker, { type: 'encodedStreams', readable, writable, options }, [readable, writable]);
}

/** The codecs of an SDP by RTP payload type, as MIME types (RFC 8866 section 6.6). All media share one transport. */
export function codecsIn(sdp: string): Map<number, string> {
  const codecs = new Map<number, string>();
  for (const section of sdp.split(/^m=/m).slice(1)) {
    const [kind] = section.split(' ', 1);
    for (const [, payloadType, name] of section.matchAll(/^a=rtpmap:(\d+) ([^/\s]+)\//gm))
      codecs.set(Number(payloadType), `${kind}/${name}`);
  }
  return codecs;
}

/** Tells the worker what was negotiated, each time that it was. */
function announceCodecs(peer: RTCPeerConnection, worker: Worker): void {
  peer.addEventListener('signalingstatechange', () => {
    const sdp = peer.currentLocalDescription?.sdp;
    if (peer.signalingState === 'stable' && sdp !== undefined)
      post(worker, { type: 'codecs', codecs: codecsIn(sdp) });
  });
}

/**
 * Adds a transceiver and sets the transforms of its sender and its receiver, in one task.
 *
 * @throws MediaConnectionError `encoded_transform_unsupported` where the browser makes none; the connection is closed
 */
export function addGuardedTransceiver(
  peer: RTCPeerConnection,
  worker: Worker,
  kind: MediaKind,
  init: RTCRtpTransceiverInit,
): RTCRtpTransceiver {
  const api = requireEncodedTransform();
  const slot = peer.getTransceivers().length;
  if (slot === 0) announceCodecs(peer, worker);
  const transceiver = peer.addTransceiver(kind, init);
  try {
    setTransform(api, transceiver.sender, worker, { direction: 'send', kind, slot });
    setTransform(api, transceiver.receiver, worker, { direction: 'receive', kind, slot });
  } catch (cause) {
    peer.close();
    throw new MediaConnectionError('encoded_transform_unsupported', { cause });
  }
  return transceiver;
}
