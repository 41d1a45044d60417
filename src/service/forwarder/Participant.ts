import {
  PictureLossIndication,
  type RTCDtlsTransport,
  type RtcpPacket,
  RtcpPayloadSpecificFeedback,
  type RTCPeerConnection,
} from 'werift';
import { VIDEO_CODECS, type VideoCodec } from '../../media/connection/codecs.ts';
import { Downlink } from './Downlink.ts';
import { TokenBucket } from '../TokenBucket.ts';
import { type ForwarderLimits } from './limits.ts';
import {
  type ForwarderErrorCode,
  type MediaKind,
  type PageMessage,
  parsePageMessage,
  type ServerMessage,
} from '../../media/connection/messages.ts';
import { type AcceptedOffer, checkOffer, type OfferedSection } from './offer.ts';
import { withIceLite } from './peer.ts';
import { boundTcp } from './tcp.ts';
import { type PacketCount, Uplink } from './Uplink.ts';

/** What a participant needs from its room. */
export interface ParticipantHost {
  readonly limits: ForwarderLimits;
  createPeer(): RTCPeerConnection;
  /** Something changed that slots depend on. */
  changed(): void;
  /** A message or a connection was refused; for counters and logs, `detail` is a code of its own. */
  refused(code: ForwarderErrorCode, detail?: string): void;
  connected(): void;
  closed(): void;
}

/** One page: its connection, its two streams up, and its slots down. No method throws. */
export class Participant {
  readonly id: string;
  readonly audio: Uplink;
  readonly video: Uplink;
  readonly downlinks: Downlink[] = [];
  readonly sent: Record<MediaKind, PacketCount> = {
    audio: { packets: 0, bytes: 0 },
    video: { packets: 0, bytes: 0 },
  };
  /** All RTP packets that arrived and were authentic, of known streams and others. */
  readonly arrived: PacketCount = { packets: 0, bytes: 0 };
  errors = 0;
  connected = false;
  readonly #host: ParticipantHost;
  readonly #send: (message: ServerMessage) => void;
  readonly #messages: TokenBucket;
  #peer: RTCPeerConnection | null = null;
  #transport: RTCDtlsTransport | null = null;
  #offer: AcceptedOffer | null = null;
  #offers = 0;
  #negotiating = false;
  #lastSlots = '';
  #lastCodecs = '';
  #closed = false;
  #connectTimer: NodeJS.Timeout | null = null;

  constructor(id: string, send: (message: ServerMessage) => void, host: ParticipantHost) {
    this.id = id;
    this.#host = host;
    this.#send = send;
    this.audio = new Uplink(id, 'audio', host.limits.keyFrameInterval);
    this.video = new Uplink(id, 'video', host.limits.keyFrameInterval);
    this.#messages = new TokenBucket(host.limits.messageBurst, host.limits.messagesPerSecond, Date.now());
  }

  uplink(kind: MediaKind): Uplink {
    return kind === 'audio' ? this.audio : this.video;
  }

  /** Takes anything at all from the page. */
  receive(input: unknown): void {
    if (this.#closed) {
      this.#refuse('closed');
      return;
    }
    if (!this.#messages.take(Date.now())) {
      this.#refuse('too_many_messages');
      return;
    }
    const message = parsePageMessage(input);
    if (message === null) {
      this.#refuse('malformed_message');
      return;
    }
    switch (message.type) {
      case 'offer': {
        this.#receiveOffer(message);
        return;
      }
      case 'sending':
        this.audio.active = message.audio;
        this.video.active = message.video;
        {
          this.#host.changed();
          return;
        }
      case 'keyFrame': {
        const downlink = this.downlinks.find(({ mid }) => mid === message.mid);
        if (downlink === undefined) {
          this.#refuse('unknown_slot');
          return;
        }
        return downlink.source?.requestKeyFrame();
      }
    }
  }

  /** Tells the page what is in its slots, and how many it should have. */
  sendSlots(wanted: number): void {
    if (this.#offer === null || this.#negotiating) return;
    const slots = this.downlinks.map(({ mid, kind, source }) => ({
      mid,
      kind,
      participant: source?.owner ?? null,
      active: source?.active ?? false,
    }));
    const message: ServerMessage = { type: 'slots', slots, wanted };
    const text = JSON.stringify(message);
    if (text === this.#lastSlots) return;
    this.#lastSlots = text;
    this.#deliver(message);
  }

  /** Video codecs that the page receives in all its slots. All where it has not said yet. */
  get received(): readonly VideoCodec[] {
    const slots = (this.#offer?.sections ?? []).filter(
      ({ kind, direction }) => kind === 'video' && direction === 'receive',
    );
    return VIDEO_CODECS.filter((codec) => slots.every(({ payloadTypes }) => payloadTypes.has(codec)));
  }

  /** Tells the page which codecs everybody receives to whom its camera goes. */
  sendVideoCodecs(codecs: readonly VideoCodec[]): void {
    const text = codecs.join(' ');
    if (this.#offer === null || text === this.#lastCodecs) return;
    this.#lastCodecs = text;
    this.#deliver({ type: 'videoCodecs', codecs: [...codecs] });
  }

  /** Ends the connection and tells the page why. */
  fail(code: ForwarderErrorCode, detail?: string): void {
    if (this.#closed) return;
    this.#host.refused(code, detail);
    this.errors += 1;
    this.#deliver({ type: 'error', code, fatal: true });
    this.close();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.connected = false;
    if (this.#connectTimer !== null) clearTimeout(this.#connectTimer);
    this.audio.close();
    this.video.close();
    for (const downlink of this.downlinks) downlink.setSource(null);
    this.#peer?.close().catch(() => undefined);
    this.#host.closed();
  }

  #refuse(code: ForwarderErrorCode, detail?: string): void {
    this.errors += 1;
    this.#host.refused(code, detail);
    if (!this.#closed) this.#deliver({ type: 'error', code, fatal: false });
  }

  #deliver(message: ServerMessage): void {
    try {
      this.#send(message);
    } catch {
      this.#host.refused('closed');
    }
  }

  #receiveOffer(message: Extract<PageMessage, { type: 'offer' }>): void {
    const { limits } = this.#host;
    if (this.#negotiating) {
      this.#refuse('offer_in_progress');
      return;
    }
    if (this.#offers >= limits.offers) {
      this.#refuse('too_many_offers');
      return;
    }
    if (message.sdp.length > limits.sdpLength) {
      this.#refuse('sdp_too_large');
      return;
    }
    const check = checkOffer(message.sdp, limits.participants - 1, this.#offer);
    if ('refusal' in check) {
      this.#refuse('sdp_refused', check.refusal);
      return;
    }
    this.#offers += 1;
    this.#negotiating = true;
    this.#answer(message.id, check.offer).catch((error: unknown) => {
      this.fail('negotiation_failed', error instanceof Error ? error.name : 'unknown');
    });
  }

  async #answer(id: number, offer: AcceptedOffer): Promise<void> {
    const peer = (this.#peer ??= this.#host.createPeer());
    await peer.setRemoteDescription({ type: 'offer', sdp: offer.sdp });
    if (this.#isClosed()) return;
    for (const section of offer.sections) this.#bind(peer, section);
    await peer.setLocalDescription(await peer.createAnswer());
    if (this.#isClosed()) return;
    boundTcp(peer);
    const sdp = peer.localDescription?.sdp;
    // Without a candidate the page could only wait: no address of ours can be listened on, or all UDP ports are taken.
    if (sdp?.includes('a=candidate:') !== true) {
      this.fail('negotiation_failed', sdp === undefined ? 'no_answer' : 'no_udp_port');
      return;
    }
    this.#offer = offer;
    this.#negotiating = false;
    this.#watch(peer);
    this.#deliver({ type: 'answer', id, sdp: withIceLite(sdp) });
    this.#host.changed();
  }

  /** As a call, because it changes while something is awaited. */
  #isClosed(): boolean {
    return this.#closed;
  }

  #bind(peer: RTCPeerConnection, section: OfferedSection): void {
    const { mid, kind, direction, payloadTypes } = section;
    const transceiver = peer.getTransceivers().find((candidate) => candidate.mid === mid);
    if (transceiver === undefined) throw new Error('section without transceiver');
    if (direction === 'send') {
      this.uplink(kind).bind(transceiver, payloadTypes);
      return;
    }
    if (this.downlinks.some((downlink) => downlink.mid === mid)) return;
    transceiver.setDirection('sendonly');
    this.downlinks.push(new Downlink(section, transceiver, this.sent[kind]));
  }

  #watch(peer: RTCPeerConnection): void {
    const transport = peer.dtlsTransports[0];
    if (transport === undefined || this.#transport !== null) return;
    this.#transport = transport;
    transport.onRtp.subscribe((packet) => {
      this.arrived.packets += 1;
      this.arrived.bytes += packet.payload.length;
    });
    transport.onRtcp.subscribe((packet) => this.#receiveRtcp(packet));
    transport.onStateChange.subscribe((state) => this.#transportState(state));
    this.#transportState(transport.state);
    if (this.connected || this.#closed) return;
    const { connectTimeout } = this.#host.limits;
    this.#connectTimer = setTimeout(() => this.fail('connection_timeout'), connectTimeout);
    this.#connectTimer.unref();
  }

  /**
   * Picture loss indications (RFC 4585 section 6.3.1) go to the source of the slot that they name. Taken here by
   * the media SSRC, because the stack goes by the SSRC of who sends the feedback first: in a bundle that is the
   * page's own camera.
   */
  #receiveRtcp(packet: RtcpPacket): void {
    if (!(packet instanceof RtcpPayloadSpecificFeedback)) return;
    // Feedback of a kind that the stack does not know is absent, whatever its type says.
    const feedback = packet.feedback as typeof packet.feedback | undefined;
    if (!(feedback instanceof PictureLossIndication)) return;
    const downlink = this.downlinks.find(({ ssrc }) => ssrc === feedback.mediaSsrc);
    downlink?.source?.requestKeyFrame();
  }

  #transportState(state: RTCDtlsTransport['state']): void {
    if (this.#closed) return;
    if (state === 'failed') {
      this.fail('connection_failed');
      return;
    }
    if (state === 'closed') {
      // The page said so (DTLS close_notify): nothing has failed.
      this.#deliver({ type: 'error', code: 'closed', fatal: true });
      this.close();
      return;
    }
    if (state !== 'connected' || this.connected) return;
    if (this.#connectTimer !== null) clearTimeout(this.#connectTimer);
    this.connected = true;
    this.#host.connected();
    for (const { source } of this.downlinks) source?.requestKeyFrame();
    this.#host.changed();
  }
}
