import { type Bytes, concatBytes } from '../sframe/index.ts';

/** A frame in two parts: what stays in clear, authenticated as SFrame metadata, and what is encrypted. */
export interface Split {
  /** The bytes in clear and, where a frame has several units, where they stand: two layouts never give the same. */
  readonly clear: Bytes;
  /** Of an encoder's frame: plaintext. Of a frame from the network: SFrame header, ciphertext and tag. */
  readonly body: Bytes;
  /**
   * The frame with another body: behind `split` the protected frame for the packetiser, behind `splitProtected` the
   * opened one for the decoder.
   */
  readonly join: (body: Bytes) => Bytes;
}

/**
 * What a codec's packetiser and depacketiser need of a frame, and nothing more. All functions take hostile bytes: they
 * give undefined, or false, for what they cannot read, and never throw.
 */
export interface CodecRules {
  /** MIME type in lower case, as in RTCRtpCodec. */
  readonly mimeType: string;
  readonly kind: 'audio' | 'video';
  /** Splits an encoder's frame. */
  readonly split: (frame: Bytes) => Split | undefined;
  /** Splits a protected frame as it came from the network. */
  readonly splitProtected: (frame: Bytes) => Split | undefined;
  /** Whether a frame in clear can be decoded without those before it. */
  readonly isKeyFrame: (frame: Bytes) => boolean;
}

/** Rules of a codec that keeps a number of bytes at the start clear; the same number before and after protection. */
export function prefixRules(
  mimeType: string,
  kind: 'audio' | 'video',
  clearBytes: number,
  isKeyFrame: (frame: Bytes) => boolean,
): CodecRules {
  const split = (frame: Bytes): Split | undefined => {
    if (frame.length < clearBytes) return undefined;
    const clear = frame.subarray(0, clearBytes);
    return {
      clear,
      body: frame.subarray(clearBytes),
      join: (body) => (clearBytes === 0 ? body : concatBytes(clear, body)),
    };
  };
  return { mimeType, kind, split, splitProtected: split, isKeyFrame };
}
