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

/** A media worker in this process with a clock of its own. */
export interface Worker {
  readonly media: MediaTransforms;
  readonly reports: SlotReport[];
  readonly pageRequests: KeyFrameRequest[];
  /** Moves the clock, and runs what is due. */
  readonly pass: (milliseconds: number) => void;
  readonly attach: (options: TransformOptions, extra?: { silent?: boolean; stuck?: boolean }) => Track;
}

/** Lets everything that can go on without the clock go on. WebCrypto works on threads of its own. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 8; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

export function startWorker(): Worker {
  let time = 1_000;
  const timers: { at: number; run: () => void }[] = [];
  const reports: SlotReport[] = [];
  const pageRequests: KeyFrameRequest[] = [];
  const media = createMediaTransforms({
    now: () => time,
    report: (report) => reports.push(report),
    requestKeyFrame: (request) => pageRequests.push(request),
    later: (run, milliseconds) => timers.push({ at: time + milliseconds, run }),
  });
  return {
    media,
    reports,
    pageRequests,
    pass: (milliseconds) => {
      time += milliseconds;
      const due = timers.filter(({ at }) => at <= time);
      for (const timer of due) {
        timers.splice(timers.indexOf(timer), 1);
        timer.run();
      }
    },
    attach: (options, { silent = false, stuck = false } = {}) => attach(media, options, silent, stuck),
  };
}

function attach(media: MediaTransforms, options: TransformOptions, silent: boolean, stuck: boolean): Track {
  const out: Uint8Array<ArrayBuffer>[] = [];
  let asked = 0;
  const count = async (): Promise<void> => {
    asked += 1;
  };
  const source = new TransformStream<unknown, unknown>();
  const writable = new WritableStream<EncodedFrame>({
    write: stuck
      ? async () => new Promise<void>(() => undefined)
      : (frame) => void out.push(new Uint8Array(frame.data)),
  });
  media.attach({
    readable: source.readable,
    writable,
    options,
    ...(silent ? {} : { sendKeyFrameRequest: count, generateKeyFrame: count }),
  });
  const writer = source.writable.getWriter();
  const seen = (): number => {
    const found = media
      .stats()
      .slots.find((slot) => slot.slot === options.slot && slot.direction === options.direction);
    return found === undefined
      ? 0
      : Object.values(found.counters).reduce((sum, each) => sum + each, found.held);
  };
  const pushRaw = async (frame: unknown): Promise<void> => {
    const before = seen();
    await writer.write(frame);
    while (seen() === before) await new Promise((resolve) => setImmediate(resolve));
    await settle();
  };
  const usual = options.kind === 'audio' ? 'audio/opus' : 'video/VP8';
  return {
    push: async (data, mimeType = usual) => pushRaw(encodedFrame(data, mimeType)),
    pushRaw,
    end: async () => {
      await writer.close();
      await settle();
    },
    out,
    asked: () => asked,
  };
}
