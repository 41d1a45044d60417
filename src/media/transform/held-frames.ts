import { HOLD_MS, MAX_HELD_BYTES, MAX_HELD_FRAMES } from './limits.ts';
import { type EncodedFrame } from './types.ts';

/** Why a frame waits: the own group has not come to the frame's epoch yet, or there is no key at all. */
export type HeldRefusal = 'newer epoch' | 'no key yet';

/** A frame that waits for its key. */
export interface HeldFrame {
  readonly frame: EncodedFrame;
  /** When it arrived. */
  readonly since: number;
  /** What became of it when it was tried last. */
  readonly refusal: HeldRefusal;
}

/** Frames in order of arrival, bounded in number, bytes and age. The oldest goes first. */
export class HeldFrames {
  #frames: HeldFrame[] = [];
  #bytes = 0;

  get size(): number {
    return this.#frames.length;
  }

  /** Keeps a frame; gives those that had to go for it. */
  push(held: HeldFrame): HeldFrame[] {
    this.#frames.push(held);
    this.#bytes += held.frame.data.byteLength;
    const dropped: HeldFrame[] = [];
    while (this.#frames.length > MAX_HELD_FRAMES || this.#bytes > MAX_HELD_BYTES) {
      const oldest = this.#frames.shift();
      if (oldest === undefined) break;
      this.#bytes -= oldest.frame.data.byteLength;
      dropped.push(oldest);
    }
    return dropped;
  }

  /** Drops what is older than HOLD_MS; gives it. */
  expire(now: number): HeldFrame[] {
    const isKept = ({ since }: HeldFrame): boolean => now - since <= HOLD_MS;
    const dropped = this.#frames.filter((held) => !isKept(held));
    if (dropped.length > 0) this.#keep(this.#frames.filter(isKept));
    return dropped;
  }

  /** Takes all frames out. */
  take(): HeldFrame[] {
    const taken = this.#frames;
    this.#keep([]);
    return taken;
  }

  #keep(frames: HeldFrame[]): void {
    this.#frames = frames;
    this.#bytes = frames.reduce((sum, { frame }) => sum + frame.data.byteLength, 0);
  }
}
