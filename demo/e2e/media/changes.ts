/** What tests change in a page, its worker or its browser. Nothing of this can be had from a page as it is served. */
import { type Page } from 'playwright-core';
import { type EncodedTransformApi } from '../../../src/media/connection/transform.ts';

declare const workers: Worker[];

/** Keeps the page's workers, for `tellWorker`. To be called before the page is loaded. */
export const keepWorkers = (page: Page): Promise<unknown> =>
  page.addInitScript(() => {
    const made: Worker[] = [];
    globalThis.Worker = new Proxy(Worker, {
      construct(target, args: ConstructorParameters<typeof Worker>) {
        const worker = new target(...args);
        made.push(worker);
        return worker;
      },
    });
    Object.assign(globalThis, { workers: made });
  });

/** Says something to the page's worker. */
export const tellWorker = (page: Page, message: unknown): Promise<void> =>
  page.evaluate((it) => workers.at(-1)?.postMessage(it), message);

/** In the worker: while it is told `wrong keys`, the media keys of epochs that come are others than the group's. */
export function canHaveWrongKeys(): void {
  let wrong = false;
  addEventListener('message', ({ data }: MessageEvent<{ type?: string; on?: boolean }>) => {
    if (data.type === 'wrong keys') wrong = data.on === true;
  });
  const importKey = crypto.subtle.importKey.bind(crypto.subtle) as (...all: unknown[]) => Promise<CryptoKey>;
  const changed = (format: string, bytes: Uint8Array, algorithm: unknown, ...rest: unknown[]) =>
    importKey(
      format,
      wrong && algorithm === 'HKDF' ? bytes.map((byte) => byte ^ 1) : bytes,
      algorithm,
      ...rest,
    );
  Object.defineProperty(crypto.subtle, 'importKey', { value: changed });
}

/** In the worker: frames tell the payload type of their codec, and not its MIME type, as in older browsers. */
export function tellsNoMimeType(): void {
  type Frame = { getMetadata: () => { mimeType?: string } };
  const scope = globalThis as unknown as Record<string, { prototype: Frame }>;
  for (const name of ['RTCEncodedVideoFrame', 'RTCEncodedAudioFrame']) {
    const frame = scope[name]?.prototype;
    if (frame === undefined) throw new Error(`a worker without ${name}`);
    const original = frame.getMetadata;
    frame.getMetadata = function (): ReturnType<typeof original> {
      const { mimeType, ...rest } = original.call(this);
      if (mimeType === undefined) throw new Error('nothing to hide');
      return rest;
    };
  }
}

/** Hides APIs from the page, as in a browser that has not got them. To be called before the page is loaded. */
export const hideApis = (page: Page, ...apis: readonly EncodedTransformApi[]): Promise<unknown> =>
  page.addInitScript((hidden) => {
    if (hidden.includes('RTCRtpScriptTransform')) Reflect.deleteProperty(globalThis, 'RTCRtpScriptTransform');
    if (!hidden.includes('createEncodedStreams')) return;
    for (const { prototype } of [RTCRtpSender, RTCRtpReceiver])
      Reflect.deleteProperty(prototype, 'createEncodedStreams');
  }, apis);
