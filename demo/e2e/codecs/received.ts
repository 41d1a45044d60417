/** What the forwarding server receives, packet by packet, and the frames that the packets are of. */
import { type RtpPacket } from 'werift';
import { type Codec } from '../../../src/media/connection/codecs.ts';
import { Uplink } from '../../../src/service/forwarder/Uplink.ts';

/** The payloads of one frame: packets of one RTP timestamp, without a gap, the last one marked for video. */
export interface ReceivedFrame {
  readonly codec: Codec;
  readonly rtpTimestamp: number;
  readonly payloads: readonly Buffer[];
}

interface Received {
  readonly codec: Codec | undefined;
  readonly packet: RtpPacket;
}

export interface ReceivedPackets {
  /** Packets of a participant. */
  count(owner: string): number;
  /** The whole frames of a participant, in the order in which they were sent. */
  frames(owner: string, kind: 'audio' | 'video'): ReceivedFrame[];
  /** As if nobody had sent anything yet. */
  forget(): void;
  /** The server receives as before. */
  stop(): void;
}

/** Keeps all packets that come in at any forwarding server of this process, from now on. */
export function keepReceived(): ReceivedPackets {
  const streams = new Map<string, Received[]>();
  const seen = new Set<object>();
  const { bind } = Uplink.prototype;
  Uplink.prototype.bind = function (this: Uplink, transceiver, payloadTypes) {
    bind.call(this, transceiver, payloadTypes);
    const codecs = new Map([...payloadTypes].map(([codec, payloadType]) => [payloadType, codec]));
    const stream = streams.get(`${this.owner} ${this.kind}`) ?? [];
    streams.set(`${this.owner} ${this.kind}`, stream);
    for (const track of transceiver.receiver.tracks) {
      if (seen.has(track)) continue;
      seen.add(track);
      track.onReceiveRtp.subscribe((packet) =>
        stream.push({ codec: codecs.get(packet.header.payloadType), packet }),
      );
    }
  };
  const of = (owner: string, kind: 'audio' | 'video'): Received[] => streams.get(`${owner} ${kind}`) ?? [];
  return {
    count: (owner) => of(owner, 'audio').length + of(owner, 'video').length,
    frames: (owner, kind) => framesOf(inOrder(of(owner, kind)), kind),
    forget: () => streams.clear(),
    stop: () => {
      Uplink.prototype.bind = bind;
    },
  };
}

function framesOf(packets: readonly Received[], kind: 'audio' | 'video'): ReceivedFrame[] {
  const frames: ReceivedFrame[] = [];
  let payloads: Buffer[] = [];
  let whole = true;
  let last: number | undefined;
  let current: number | undefined;
  for (const { codec, packet } of packets) {
    const { sequenceNumber, timestamp, marker } = packet.header;
    // What was lost may be of this frame or of the one before.
    if (last !== undefined && sequenceNumber !== ((last + 1) & 0xffff)) whole = false;
    last = sequenceNumber;
    // A sender that makes way for a key frame sends the rest of a frame no more, and leaves no gap.
    if (timestamp !== current) payloads = [];
    current = timestamp;
    payloads.push(packet.payload);
    if (kind === 'video' && !marker) continue;
    if (whole && codec !== undefined) frames.push({ codec, rtpTimestamp: timestamp, payloads });
    payloads = [];
    whole = true;
  }
  return frames;
}

/** By sequence number, each once: retransmitted packets come late, and may come twice. */
function inOrder(packets: readonly Received[]): Received[] {
  const bySequence = new Map<number, Received>();
  let highest = packets[0]?.packet.header.sequenceNumber ?? 0;
  for (const received of packets) {
    const { sequenceNumber } = received.packet.header;
    const ahead = ((sequenceNumber - highest + 0x8000) & 0xffff) - 0x8000;
    bySequence.set(highest + ahead, received);
    highest = Math.max(highest, highest + ahead);
  }
  return [...bySequence].sort(([one], [other]) => one - other).map(([, received]) => received);
}
