/** What is measured: something that protects frames and opens them again. */
import type { Bytes } from '../../../media/sframe/index.ts';

export interface Frame {
  /** SFrame context: 0 microphone, 1 camera. */
  readonly context: number;
  /** What a packetiser reads, and so is only authenticated. */
  readonly metadata: Bytes;
  readonly plaintext: Bytes;
}

/**
 * Frames are opened once, in the order in which they were protected. `protect` and `open` do nothing that the one who is measured would
 * not do: what they give is looked into afterwards, when no clock runs.
 */
export interface Contender<P = unknown, O = unknown> {
  readonly name: string;
  protect(frame: Frame): P | Promise<P>;
  open(it: P, frame: Frame): O | Promise<O>;
  /** Bytes that go over the wire beyond the frame's own. */
  added(it: P, frame: Frame): number;
  /** What came out. Throws where it was not opened. */
  plain(it: O): Uint8Array;
}

/** Bytes of plaintext: an audio frame, a frame of a small picture, a key frame of a large one. */
export const SIZES = [160, 1_200, 20_000] as const;

/** Bytes in clear: none of an Opus packet, one of a VP8 frame. */
const METADATA: Readonly<Record<number, number>> = { 160: 0, 1_200: 1, 20_000: 1 };

const random = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length));

export const frameOf = (size: number): Frame => ({
  context: size === SIZES[0] ? 0 : 1,
  metadata: random(METADATA[size] ?? 0),
  plaintext: random(size),
});

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at += 1) if (a[at] !== b[at]) return false;
  return true;
}
