import { HOLD_MS, MAX_HELD_BYTES, MAX_HELD_FRAMES } from './limits.ts';
import { type EncodedFrame } from './types.ts';

/** A frame that waits for the key of a newer epoch. */
export interface HeldFrame {
  readonly frame: EncodedFrame;
  /** When it arrived. */
  readonly since: number;
}

/** Frames in order of arrival, bounded in number, bytes and age. The oldest goes first. */
export class HeldFrames {
  #frames: HeldFrame[] = [];
  #bytes = 0;

  get size(): number {
    return this.#frames.length;
  }

  /** Keeps a frame; gives how many had to go for it. */
  push(held: HeldFrame): number {
    this.#frames.push(held);
    this.#bytes += held.frame.data.byteLength;
    let dropped = 0;
    while (this.#frames.length > MAX_HELD_FRAMES || this.#bytes > MAX_HELD_BYTES) {
      this.#bytes -= this.#frames.shift()?.frame.data.byteLength ?? 0;
      dropped += 1;
    }
    return dropped;
  }

  /** Drops what is older than HOLD_MS; gives how many. */
  expire(now: number): number {
    const kept = this.#frames.filter(({ since }) => now - since <= HOLD_MS);
    const dropped = this.#frames.length - kept.length;
    if (dropped > 0) this.#keep(kept);
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
