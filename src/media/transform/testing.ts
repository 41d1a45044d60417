import { createMediaTransforms, type MediaTransforms } from './media-transforms.ts';
import { type EncodedFrame, type KeyFrameRequest, type SlotReport, type TransformOptions } from './types.ts';

/** An encoded frame as a browser would hand it over. */
export function encodedFrame(data: Uint8Array, mimeType: string | undefined): EncodedFrame {
  return {
    data: data.slice().buffer,
    getMetadata: () => (mimeType === undefined ? {} : { mimeType }),
  };
}

/** A frame in clear with `length` bytes that tells its number; `key` as VP8 has it, in bit 0 of the first byte. */
export function plainFrame(number: number, length = 60, key = false): Uint8Array<ArrayBuffer> {
  const data = new Uint8Array(length).fill(number & 0xff);
  data[0] = key ? 0x10 : 0x11;
  return data;
}

/** One transform, driven from both ends. */
export interface Track {
  /** Gives a frame to the transform and waits until it was worked on. */
  readonly push: (data: Uint8Array, mimeType?: string) => Promise<void>;
  /** Pushes something that is no frame at all. */
  readonly pushRaw: (frame: unknown) => Promise<void>;
  readonly end: () => Promise<void>;
  /** What came out so far. */
  readonly out: Uint8Array<ArrayBuffer>[];
  /** Key frames asked for on the transformer. */
  readonly asked: () => number;
}

/** A clock that moves when a test says so. */
export interface Clock {
  readonly now: () => number;
  readonly later: (run: () => void, milliseconds: number) => void;
  /** Moves on, and runs what is due. */
  readonly pass: (milliseconds: number) => void;
}

export function startClock(): Clock {
  let time = 1_000;
  const timers: { readonly at: number; readonly run: () => void }[] = [];
  return {
    now: () => time,
    later: (run, milliseconds) => void timers.push({ at: time + milliseconds, run }),
    pass: (milliseconds) => {
      time += milliseconds;
      for (const timer of timers.filter(({ at }) => at <= time)) {
        timers.splice(timers.indexOf(timer), 1);
        timer.run();
      }
    },
  };
}

/** A media worker in this process; with a clock of its own, unless a test has several that share one. */
export interface Worker {
  readonly media: MediaTransforms;
  readonly reports: SlotReport[];
  readonly pageRequests: KeyFrameRequest[];
  readonly pass: Clock['pass'];
  readonly attach: (options: TransformOptions, extra?: { silent?: boolean; stuck?: boolean }) => Track;
}

/** Lets everything that can go on without the clock go on. WebCrypto works on threads of its own. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 8; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Waits until no slot holds a frame any more, as after a new key; at most 10 s where one goes on holding. */
export async function drained({ media }: Worker): Promise<void> {
  const until = performance.now() + 10_000;
  const isHolding = (): boolean => media.stats().slots.some(({ held }) => held > 0);
  while (isHolding() && performance.now() < until) await settle();
}

export function startWorker(clock = startClock()): Worker {
  const reports: SlotReport[] = [];
  const pageRequests: KeyFrameRequest[] = [];
  const media = createMediaTransforms({
    now: clock.now,
    report: (report) => reports.push(report),
    requestKeyFrame: (request) => pageRequests.push(request),
    later: clock.later,
  });
  return {
    media,
    reports,
    pageRequests,
    pass: clock.pass,
    attach: (options, { silent = false, stuck = false } = {}) => attach(media, options, silent, stuck),
  };
}

/** A stream whose reader is known to be done with a chunk: when it asks for the next one. */
class Source {
  #asked: (() => void) | null = null;
  #next: Promise<void>;
  readonly readable: ReadableStream;
  #controller!: ReadableStreamDefaultController;
  #answered: (() => void) | null = null;

  constructor() {
    this.#next = this.#wait();
    const pull = async (): Promise<void> => {
      this.#asked?.();
      await new Promise<void>((answered) => (this.#answered = answered));
    };
    this.readable = new ReadableStream(
      { start: (controller) => void (this.#controller = controller), pull },
      { highWaterMark: 0 },
    );
  }

  /** Gives one chunk, and waits until its reader is done with it. */
  async push(chunk: unknown): Promise<void> {
    await this.#next;
    this.#next = this.#wait();
    this.#controller.enqueue(chunk);
    this.#answered?.();
    await this.#next;
  }

  async end(): Promise<void> {
    await this.#next;
    this.#controller.close();
    this.#answered?.();
  }

  #wait(): Promise<void> {
    return new Promise((asked) => (this.#asked = asked));
  }
}

function attach(media: MediaTransforms, options: TransformOptions, silent: boolean, stuck: boolean): Track {
  const out: Uint8Array<ArrayBuffer>[] = [];
  let asked = 0;
  const count = async (): Promise<void> => {
    asked += 1;
  };
  const writable = new WritableStream<EncodedFrame>({
    write: stuck
      ? async () => new Promise<void>(() => undefined)
      : (frame) => void out.push(new Uint8Array(frame.data)),
  });
  const source = new Source();
  media.attach({
    readable: source.readable,
    writable,
    options,
    ...(silent ? {} : { sendKeyFrameRequest: count, generateKeyFrame: count }),
  });
  const pushRaw = async (frame: unknown): Promise<void> => {
    await source.push(frame);
    await new Promise((resolve) => setImmediate(resolve));
  };
  const usual = options.kind === 'audio' ? 'audio/opus' : 'video/VP8';
  return {
    push: async (data, mimeType = usual) => pushRaw(encodedFrame(data, mimeType)),
    pushRaw,
    end: async () => {
      await source.end();
      await settle();
    },
    out,
    asked: () => asked,
  };
}
