/** In place of production's guarded connection, in the benchmark's page alone: no transforms at all. Frames never leave the browser's own threads. */
import type { addGuardedTransceiver as Production } from '../../../../media/connection/transform.ts';

export * from '../../../../media/connection/transform.ts';

export const createGuardedPeerConnection = (): RTCPeerConnection =>
  new RTCPeerConnection({ bundlePolicy: 'max-bundle', iceServers: [] });

export const addGuardedTransceiver: typeof Production = (peer, _worker, kind, init) =>
  peer.addTransceiver(kind, init);
