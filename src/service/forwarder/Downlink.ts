import { performance } from 'node:perf_hooks';
import { type RTCRtpTransceiver, RtpHeader, RtpPacket } from 'werift';
import { type Codec } from '../../media/connection/codecs.ts';
import { type MediaKind } from '../../media/connection/messages.ts';
import { type PayloadTypes } from './formats.ts';
import { RtpRewriter } from './RtpRewriter.ts';
import { type OfferedSection } from './offer.ts';
import { type PacketCount, type Uplink } from './Uplink.ts';

const CLOCK_RATES: Record<MediaKind, number> = { audio: 48_000, video: 90_000 };

/**
 * A slot: one media section on which a participant receives somebody's stream. It keeps its SSRC for ever and
 * changes its source, and with it the codec. The payload passes untouched and unread: it is encrypted end to end.
 */
export class Downlink {
  readonly mid: string;
  readonly kind: MediaKind;
  readonly #transceiver: RTCRtpTransceiver;
  readonly #rewriter: RtpRewriter;
  readonly #payloadTypes: PayloadTypes;
  readonly #sent: PacketCount;
  #source: Uplink | null = null;

  /** Packets that were not sent on, because the page does not receive their codec. */
  undecodable = 0;

  /**
   * @param payloadTypes those of the page that receives on this slot
   * @param sent counter of that participant
   */
  constructor(
    { mid, kind, payloadTypes }: OfferedSection,
    transceiver: RTCRtpTransceiver,
    sent: PacketCount,
  ) {
    this.mid = mid;
    this.kind = kind;
    this.#transceiver = transceiver;
    this.#payloadTypes = payloadTypes;
    this.#rewriter = new RtpRewriter(CLOCK_RATES[kind]);
    this.#sent = sent;
  }

  /** The RTP stream's SSRC, which stays. */
  get ssrc(): number {
    return this.#transceiver.sender.ssrc;
  }

  get source(): Uplink | null {
    return this.#source;
  }

  /** Puts another stream into this slot, or none. */
  setSource(source: Uplink | null): void {
    if (source === this.#source) return;
    this.#source?.outputs.delete(this);
    this.#source = source;
    this.#rewriter.changeSource();
    if (source === null) return;
    source.outputs.add(this);
    source.requestKeyFrame();
  }

  /** Sends a packet of the source on. Nothing of the packet that came in is changed or kept. */
  forward(packet: RtpPacket, codec: Codec): void {
    const { sender, dtlsTransport } = this.#transceiver;
    const payloadType = this.#payloadTypes.get(codec);
    if (payloadType === undefined) {
      this.undecodable += 1;
      // What comes next follows what was sent last: the page misses nothing and asks for nothing.
      this.#rewriter.changeSource();
      return;
    }
    const format = this.#transceiver.codecs.find((each) => each.payloadType === payloadType);
    if (dtlsTransport.state !== 'connected' || format === undefined) return;
    // The stack writes this format's payload type into the packet.
    sender.codec = format;
    const position = this.#rewriter.rewrite(packet.header, performance.now());
    if (position === null) return;
    this.#sent.packets += 1;
    this.#sent.bytes += packet.payload.length;
    // A header of its own for each output, because sending writes into it; no header extensions, because the
    // numbers that they go by are another connection's.
    const header = new RtpHeader({
      marker: packet.header.marker,
      padding: packet.header.padding,
      paddingSize: packet.header.paddingSize,
      ...position,
    });
    sender.sendRtp(new RtpPacket(header, packet.payload)).catch(() => undefined);
  }
}
