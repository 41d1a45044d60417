/**
 * Keeps one outgoing RTP stream (RFC 3550) continuous while its source changes: a slot keeps its SSRC for ever,
 * so sequence numbers and timestamps of the next source are moved to follow those of the last one.
 */

/** The two header fields that are rewritten. */
export interface RtpPosition {
  /** 16 bits. */
  readonly sequenceNumber: number;
  /** 32 bits, in units of the clock rate. */
  readonly timestamp: number;
}

const MASK_16 = 0xffff;
/** A packet is older than the first of its source when it is behind it by less than half the number range. */
const isBefore = (sequenceNumber: number, reference: number): boolean =>
  ((sequenceNumber - reference) & MASK_16) > 0x7fff;

export class RtpRewriter {
  readonly #clockRate: number;
  #last: { sequenceNumber: number; timestamp: number; at: number } | null = null;
  #source: { sequenceOffset: number; timestampOffset: number; first: number; packets: number } | null = null;

  /** @param clockRate in hertz: 48000 for Opus, 90000 for video */
  constructor(clockRate: number) {
    this.#clockRate = clockRate;
  }

  /** The next packet is the first of another source. */
  changeSource(): void {
    this.#source = null;
  }

  /**
   * The position to send with; null for a packet that was sent before the first one that was forwarded of this
   * source: it would collide with packets of the source before.
   *
   * @param now milliseconds of any steady clock
   */
  rewrite(position: RtpPosition, now: number): RtpPosition | null {
    const source = (this.#source ??= this.#begin(position, now));
    if (source.packets < 0x4000 && isBefore(position.sequenceNumber, source.first)) return null;
    source.packets += 1;
    const sequenceNumber = (position.sequenceNumber + source.sequenceOffset) & MASK_16;
    const timestamp = (position.timestamp + source.timestampOffset) >>> 0;
    if (this.#last === null || !isBefore(sequenceNumber, this.#last.sequenceNumber))
      this.#last = { sequenceNumber, timestamp, at: now };
    return { sequenceNumber, timestamp };
  }

  #begin(
    position: RtpPosition,
    now: number,
  ): { sequenceOffset: number; timestampOffset: number; first: number; packets: number } {
    const first = position.sequenceNumber;
    if (this.#last === null) return { sequenceOffset: 0, timestampOffset: 0, first, packets: 0 };
    const elapsed = Math.max(1, Math.round(((now - this.#last.at) / 1000) * this.#clockRate));
    return {
      sequenceOffset: this.#last.sequenceNumber + 1 - first,
      timestampOffset: this.#last.timestamp + elapsed - position.timestamp,
      first,
      packets: 0,
    };
  }
}
