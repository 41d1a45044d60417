import { type Bytes } from '../sframe/index.ts';

/** A frame in two parts: what stays in clear, authenticated as SFrame metadata, and what is encrypted. */
export interface Split {
  readonly clear: Bytes;
  /** Before protection: plaintext. After: SFrame header, ciphertext and tag. */
  readonly body: Bytes;
}

/**
 * What a codec's packetiser needs of a frame, and nothing more. All four functions take hostile bytes and give
 * undefined, or false, for what they cannot read.
 */
export interface CodecRules {
  /** MIME type in lower case, as in RTCRtpCodec. */
  readonly mimeType: string;
  readonly kind: 'audio' | 'video';
  /** Splits an encoder's frame. */
  readonly split: (frame: Bytes) => Split | undefined;
  /** Puts a protected, or an opened, frame together. */
  readonly join: (split: Split) => Bytes;
  /** Splits a protected frame as it came from the network. */
  readonly splitProtected: (frame: Bytes) => Split | undefined;
  /** Whether a frame in clear can be decoded without those before it. */
  readonly isKeyFrame: (frame: Bytes) => boolean;
}

/** Rules of a codec that keeps a number of bytes at the start clear; `clearBytes` sees the frame from its first byte. */
export function prefixRules(
  mimeType: string,
  kind: 'audio' | 'video',
  clearBytes: (frame: Bytes) => number | undefined,
  isKeyFrame: (frame: Bytes) => boolean,
): CodecRules {
  const split = (frame: Bytes): Split | undefined => {
    const count = clearBytes(frame);
    if (count === undefined || count > frame.length) return undefined;
    return { clear: frame.subarray(0, count), body: frame.subarray(count) };
  };
  const join = ({ clear, body }: Split): Bytes => {
    if (clear.length === 0) return body;
    const frame = new Uint8Array(clear.length + body.length);
    frame.set(clear);
    frame.set(body, clear.length);
    return frame;
  };
  return { mimeType, kind, split, join, splitProtected: split, isKeyFrame };
}
