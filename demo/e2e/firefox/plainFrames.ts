/** The frames that Firefox's encoders make, taken before they are protected. Functions here are sent to the browser as text. */
import { type Page } from 'puppeteer-core';
import type { PlainFrame } from '../codecs/recording-worker.ts';

declare const plainFrames: () => Promise<PlainFrame[]>;

/** In the worker: keeps each frame that is sent, as it comes from its encoder, and gives them when it is asked. */
export function keepPlainFrames(): void {
  const kept: object[] = [];
  type Frame = {
    readonly type?: string;
    readonly timestamp?: number;
    readonly data: ArrayBuffer;
    getMetadata: () => { readonly rtpTimestamp?: number };
  };
  const base64 = (data: ArrayBuffer): string =>
    btoa([...new Uint8Array(data)].map((byte) => String.fromCharCode(byte)).join(''));
  addEventListener('rtctransform', (event) => {
    const { transformer } = event as Event & {
      transformer: { readonly readable: ReadableStream<Frame>; readonly options: Record<string, string> };
    };
    const { direction, kind } = transformer.options;
    if (direction !== 'send') return;
    const keep = new TransformStream<Frame, Frame>({
      transform(frame, controller) {
        if (kept.length < 5_000)
          kept.push({
            kind,
            mimeType: kind === 'audio' ? 'audio/opus' : 'video/VP8',
            type: kind === 'audio' ? null : frame.type,
            rtpTimestamp: frame.getMetadata().rtpTimestamp ?? frame.timestamp ?? -1,
            base64: base64(frame.data),
          });
        controller.enqueue(frame);
      },
    });
    Object.defineProperty(transformer, 'readable', { value: transformer.readable.pipeThrough(keep) });
  });
  addEventListener('message', ({ data }: MessageEvent<{ type?: string }>) => {
    if (data.type === 'plain frames') postMessage({ type: 'plain frames', kept });
  });
}

/** In the page, before its scripts: makes `plainFrames`, which asks the call's worker. */
function installPlainFrames(): void {
  let made: Worker | null = null;
  globalThis.Worker = new Proxy(Worker, {
    construct: (target, args: ConstructorParameters<typeof Worker>) => (made = new target(...args)),
  });
  const ask = (): Promise<unknown> =>
    new Promise((resolve) => {
      made?.addEventListener('message', ({ data }: MessageEvent<{ type?: string; kept?: unknown }>) => {
        if (data.type === 'plain frames') resolve(data.kept);
      });
      made?.postMessage({ type: 'plain frames' });
    });
  Object.assign(globalThis, { plainFrames: ask });
}

/** To be called before the page is loaded. */
export const preparePlainFrames = (page: Page): Promise<unknown> =>
  page.evaluateOnNewDocument(installPlainFrames);

/** What the page's encoders have made so far. Its worker must have begun with `keepPlainFrames`. */
export const plainFramesOf = (page: Page): Promise<PlainFrame[]> => page.evaluate(() => plainFrames());
