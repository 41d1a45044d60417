import { MAX_BEHIND_FRAMES } from './limits.ts';
import { type EncodedFrame, type EncodedTransformer } from './types.ts';

/** Hands a frame on to the browser; false when it does not keep up, or takes no more. */
export type Emit = (frame: EncodedFrame, data: Uint8Array<ArrayBuffer>) => boolean;

/** What is done with each frame. Only what it hands to `emit` goes on. */
export type FrameWork = (frame: EncodedFrame, emit: Emit) => Promise<void>;

/** Reads a transform from its start to its end, one frame after the other, and never pipes anything through. */
export class Pipeline {
  readonly #transformer: EncodedTransformer;
  readonly #writer: WritableStreamDefaultWriter<EncodedFrame>;
  readonly #failed: () => void;
  #last: Promise<void> = Promise.resolve();

  /** `failed` is told of each frame whose work threw; that frame is dropped. */
  constructor(transformer: EncodedTransformer, failed: () => void) {
    this.#transformer = transformer;
    this.#writer = transformer.writable.getWriter() as WritableStreamDefaultWriter<EncodedFrame>;
    this.#writer.closed.catch(() => undefined);
    this.#failed = failed;
  }

  /** Hands a frame on with new contents. */
  readonly emit: Emit = (frame, data) => {
    const room = this.#writer.desiredSize;
    if (room === null || room < -MAX_BEHIND_FRAMES) return false;
    const whole = data.byteOffset === 0 && data.byteLength === data.buffer.byteLength;
    frame.data = whole ? data.buffer : data.slice().buffer;
    this.#writer.write(frame).catch(() => undefined);
    return true;
  };

  /** Runs work after all that was begun before. Never rejects. */
  enqueue(work: () => Promise<void>): Promise<void> {
    this.#last = this.#last.then(work).catch(() => this.#failed());
    return this.#last;
  }

  /** Works on all frames; resolves when the transform has ended. Never rejects. */
  async run(work: FrameWork): Promise<void> {
    try {
      const reader = this.#transformer.readable.getReader() as ReadableStreamDefaultReader<EncodedFrame>;
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        await this.enqueue(() => work(value, this.emit));
      }
      await this.#writer.close();
    } catch {
      await this.#writer.abort().catch(() => undefined);
    }
  }
}
