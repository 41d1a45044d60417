/**
 * Encoded transforms (W3C WebRTC Encoded Transform) on every sender and receiver, so set that the connection
 * fails closed: without the worker's transform no frame leaves and none is shown.
 */
import { MediaConnectionError } from './errors.ts';
import { type MediaKind } from './messages.ts';

/** The options of each RTCRtpScriptTransform, as the worker sees them in `event.transformer.options`. */
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

/** @throws MediaConnectionError `encoded_transform_unsupported` where the browser has no script transforms */
export function requireEncodedTransform(): void {
  const present = typeof RTCRtpScriptTransform === 'function' && typeof RTCPeerConnection === 'function';
  if (!present) throw new MediaConnectionError('encoded_transform_unsupported');
}

/**
 * A connection on which frames wait for a transform. Without the flag, Chromium sends plain frames from a sender
 * whose transform is set later than the task that made it; browsers that do not know the flag ignore it.
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

/** Adds a transceiver and sets the transforms of its sender and its receiver, in one task. */
export function addGuardedTransceiver(
  peer: RTCPeerConnection,
  worker: Worker,
  kind: MediaKind,
  init: RTCRtpTransceiverInit,
): RTCRtpTransceiver {
  const slot = peer.getTransceivers().length;
  const transceiver = peer.addTransceiver(kind, init);
  const transformFor = (direction: TransformOptions['direction']): RTCRtpScriptTransform =>
    new RTCRtpScriptTransform(worker, { direction, kind, slot } satisfies TransformOptions);
  transceiver.sender.transform = transformFor('send');
  transceiver.receiver.transform = transformFor('receive');
  return transceiver;
}
