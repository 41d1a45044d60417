import { type MediaStreamTrack, type RTCRtpTransceiver, type RtpPacket } from 'werift';
import { type Codec } from '../../media/connection/codecs.ts';
import { type Downlink } from './Downlink.ts';
import { type PayloadTypes } from './formats.ts';
import { KeyFrameRequests } from './KeyFrameRequests.ts';
import { type MediaKind } from '../../media/connection/messages.ts';

/** RTP packets and the bytes of their payloads. */
export interface PacketCount {
  packets: number;
  bytes: number;
}

/** A participant's microphone or camera as it arrives, and the slots of others that it goes out to. */
export class Uplink {
  readonly owner: string;
  readonly kind: MediaKind;
  /** Slots that receive this stream. */
  readonly outputs = new Set<Downlink>();
  readonly received: PacketCount = { packets: 0, bytes: 0 };
  readonly keyFrames: KeyFrameRequests;
  /** Whether the page says that it sends. */
  active = false;
  #transceiver: RTCRtpTransceiver | null = null;
  readonly #tracks = new Set<MediaStreamTrack>();
  #codecs: ReadonlyMap<number, Codec> = new Map();

  constructor(owner: string, kind: MediaKind, keyFrameInterval: number) {
    this.owner = owner;
    this.kind = kind;
    this.keyFrames = new KeyFrameRequests(keyFrameInterval, () => this.#sendPictureLossIndication());
  }

  /** Binds the media section that carries this stream; again after each offer, for tracks that are new. */
  bind(transceiver: RTCRtpTransceiver, payloadTypes: PayloadTypes): void {
    this.#transceiver = transceiver;
    this.#codecs = new Map([...payloadTypes].map(([codec, payloadType]) => [payloadType, codec]));
    for (const track of transceiver.receiver.tracks) {
      if (this.#tracks.has(track)) continue;
      this.#tracks.add(track);
      track.onReceiveRtp.subscribe((packet) => this.#receive(packet));
    }
  }

  /** Asks the sender for a key frame; limited in rate. Audio has none. */
  requestKeyFrame(): void {
    if (this.kind === 'video') this.keyFrames.request();
  }

  close(): void {
    this.keyFrames.close();
    for (const output of [...this.outputs]) output.setSource(null);
  }

  #receive(packet: RtpPacket): void {
    this.received.packets += 1;
    this.received.bytes += packet.payload.length;
    const codec = this.#codecs.get(packet.header.payloadType);
    if (codec === undefined) return;
    for (const output of this.outputs) output.forward(packet, codec);
  }

  #sendPictureLossIndication(): void {
    const transceiver = this.#transceiver;
    if (transceiver?.dtlsTransport.state !== 'connected') return;
    for (const { ssrc } of this.#tracks) {
      if (ssrc !== undefined) transceiver.receiver.sendRtcpPLI(ssrc).catch(() => undefined);
    }
  }
}
