import { type Codec, MANDATORY_CODECS, negotiatedCodec, VIDEO_CODECS, type VideoCodec } from './codecs.ts';
import { type MediaKind } from './messages.ts';

/** What a page offers to send and to receive, and in which order. Browser code. */
export class CodecPreferences {
  readonly #wanted: readonly VideoCodec[];
  /** Codecs that somebody did not receive. They stay out, so that a room costs a page a few offers at most. */
  readonly #unused = new Set<VideoCodec>();

  /** @param wanted the most wanted first; others come after them */
  constructor(wanted: readonly VideoCodec[]) {
    this.#wanted = [...new Set([...wanted, ...VIDEO_CODECS])];
  }

  /** The codecs of the camera, as far as the browser has them. */
  get #order(): readonly VideoCodec[] {
    return this.#wanted.filter((codec) => !this.#unused.has(codec));
  }

  /**
   * Uses no other codecs than these, and the one that everybody receives, from now on.
   *
   * @returns whether another codec comes first now
   */
  restrict(received: readonly VideoCodec[]): boolean {
    const [before] = this.#order;
    for (const codec of VIDEO_CODECS) {
      if (codec !== MANDATORY_CODECS.video && !received.includes(codec)) this.#unused.add(codec);
    }
    return this.#order[0] !== before;
  }

  /** For setCodecPreferences: one format of each codec of this kind, those that are not used last. */
  formats(kind: MediaKind): RTCRtpCodec[] {
    const formats = new Map<Codec, RTCRtpCodec>();
    for (const format of RTCRtpReceiver.getCapabilities(kind)?.codecs ?? []) {
      const codec = negotiatedCodec(format);
      if (codec !== null && !formats.has(codec)) formats.set(codec, format);
    }
    const order: readonly Codec[] =
      kind === 'audio' ? [MANDATORY_CODECS.audio] : [...this.#order, ...this.#unused];
    return order.flatMap((codec) => formats.get(codec) ?? []);
  }
}
