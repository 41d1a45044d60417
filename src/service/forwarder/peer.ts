import { isIPv4 } from 'node:net';
import { type PeerConfig, RTCPeerConnection, RTCRtpCodecParameters, useNACK, usePLI, useREMB } from 'werift';
import { VIDEO_CODECS } from '../../media/connection/codecs.ts';
import { isOwnAddress } from './addresses.ts';

/** Where the forwarding server can be reached. */
export interface IceOptions {
  /** IP addresses that are offered as host candidates, a socket each. */
  readonly listenAddresses: readonly string[];
  /** First and last port; any when null. */
  readonly udpPorts: readonly [number, number] | null;
  /** Offer TCP as well, for networks without UDP: `boundTcp` belongs to it. */
  readonly tcp: boolean;
  /** Answer ICE checks of this machine only. */
  readonly onlyThisMachine: boolean;
  /** Addresses of this machine. */
  readonly own: ReadonlySet<string>;
  /** How many remote addresses may send checks to one connection. */
  readonly remoteAddresses: number;
}

const OPUS = { mimeType: 'audio/opus', clockRate: 48_000, channels: 2 };
/** By name alone: the offer was reduced to one format of each codec, which goes back in the answer as it came. */
const VIDEO = VIDEO_CODECS.map((mimeType) => ({
  mimeType,
  clockRate: 90_000,
  rtcpFeedback: [useNACK(), usePLI(), useREMB()],
}));

/**
 * A connection to one page: ICE-lite on the given addresses only, no STUN or TURN server, the codecs that are
 * negotiated, NACK, PLI and REMB, no transport-cc and no header extensions.
 */
export function createPeer(ice: IceOptions): RTCPeerConnection {
  const seen = new Set<string>();
  const [first] = ice.listenAddresses;
  const single = ice.listenAddresses.length === 1 && first !== undefined ? first : null;
  const config: Partial<PeerConfig> = {
    codecs: {
      audio: [new RTCRtpCodecParameters(OPUS)],
      video: VIDEO.map((codec) => new RTCRtpCodecParameters(codec)),
    },
    headerExtensions: { audio: [], video: [] },
    iceServers: [],
    iceLite: true,
    iceUseTcp: ice.tcp,
    bundlePolicy: 'max-bundle',
    // Without the machine's interfaces of its own choice: the listed addresses are all.
    iceUseIpv4: false,
    iceUseIpv6: false,
    iceAdditionalHostAddresses: [...ice.listenAddresses],
    icePortRange: ice.udpPorts === null ? undefined : [...ice.udpPorts],
    iceFilterStunResponse: (message, [host, port]) => {
      if (ice.onlyThisMachine && !isOwnAddress(host, ice.own)) return false;
      // The stack answers any binding request: only one that names both fragments (RFC 8445 section 7.2.2) counts.
      const connection = peer.iceTransports[0]?.connection;
      if (connection === undefined || connection.remoteUsername === '') return false;
      const name: unknown = message.getAttributeValue('USERNAME');
      if (name !== `${connection.localUsername}:${connection.remoteUsername}`) return false;
      const address = `${host} ${String(port)}`;
      if (!seen.has(address) && seen.size >= ice.remoteAddresses) return false;
      seen.add(address);
      return true;
    },
  };
  // An address of a router in front of this machine can be offered, but nothing here can listen on it.
  if (single !== null && isOwnAddress(single, ice.own))
    config.iceInterfaceAddresses = isIPv4(single) ? { udp4: single } : { udp6: single };
  const peer = new RTCPeerConnection(config);
  return peer;
}

/** The answer with `a=ice-lite` where RFC 8839 section 5.3 has it: at session level. */
export function withIceLite(sdp: string): string {
  const lines = sdp.split('\r\n').filter((line) => line !== 'a=ice-lite');
  const first = lines.findIndex((line) => line.startsWith('m='));
  lines.splice(first < 0 ? lines.length : first, 0, 'a=ice-lite');
  return lines.join('\r\n');
}
