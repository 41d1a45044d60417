import { describe, expect, it, vi } from 'vitest';
import { epochInput } from '../sframe/testing.ts';
import { takeTransforms } from './take.ts';
import { encodedFrame, plainFrame, startWorker, type Worker } from './testing.ts';
import { type EncodedFrame } from './types.ts';

/** A worker's global scope whose page posts messages and makes script transforms. */
function startScope() {
  const worker = startWorker();
  const scope = new EventTarget();
  const refusals: string[] = [];
  takeTransforms(scope, worker.media, (error) => refusals.push((error as { code?: string }).code ?? ''));
  const post = (data: unknown): void => void scope.dispatchEvent(new MessageEvent('message', { data }));
  const rtctransform = (transformer: unknown): void =>
    void scope.dispatchEvent(Object.assign(new Event('rtctransform'), { transformer }));
  return { worker, post, rtctransform, refusals };
}

/** Waits until the worker is done with so many frames. */
const done = (worker: Worker, frames: number): Promise<void> =>
  vi.waitFor(() => {
    const { counters } = worker.media.stats().slots[0]!;
    expect(Object.values(counters).reduce((sum, count) => sum + count, 0)).toBe(frames);
  });

/** What createEncodedStreams gives, and the browser's ends of it. */
function encodedStreams() {
  const out: EncodedFrame[] = [];
  const source = new TransformStream<EncodedFrame, EncodedFrame>();
  const writable = new WritableStream<EncodedFrame>({ write: (frame) => void out.push(frame) });
  const writer = source.writable.getWriter();
  const frame = (made: EncodedFrame): void => void writer.write(made);
  return { readable: source.readable, writable, frame, out };
}

const options = { direction: 'send', kind: 'video', slot: 1 } as const;

describe('transforms that the page makes', () => {
  it('are taken by either API into the same way: nothing before keys, ciphertext after', async () => {
    for (const api of ['RTCRtpScriptTransform', 'createEncodedStreams']) {
      const { worker, post, rtctransform, refusals } = startScope();
      const { readable, writable, frame, out } = encodedStreams();
      if (api === 'createEncodedStreams') post({ type: 'encodedStreams', readable, writable, options });
      else rtctransform({ readable, writable, options });
      for (let number = 0; number < 3; number += 1) frame(encodedFrame(plainFrame(number), 'video/VP8'));
      await done(worker, 3);
      expect(out).toHaveLength(0);
      await worker.media.setEpoch(epochInput(0, 1));
      frame(encodedFrame(plainFrame(7), 'video/VP8'));
      await done(worker, 4);
      expect(out).toHaveLength(1);
      expect(new Uint8Array(out[0]!.data).subarray(10)).not.toEqual(plainFrame(7).subarray(10));
      // Where the transformer cannot ask for a key frame, the page is asked.
      expect(worker.pageRequests).toEqual([{ direction: 'send', slot: 1 }]);
      expect(worker.media.stats().slots).toMatchObject([{ counters: { 'no key yet': 3, open: 1 } }]);
      worker.media.clear();
      frame(encodedFrame(plainFrame(8), 'video/VP8'));
      await done(worker, 5);
      expect([out.length, refusals.length]).toEqual([1, 0]);
    }
  });

  it('know codecs by payload type where frames do not tell them, and drop what nobody negotiated', async () => {
    const { worker, post } = startScope();
    const { readable, writable, frame, out } = encodedStreams();
    post({ type: 'encodedStreams', readable, writable, options });
    await worker.media.setEpoch(epochInput(0, 1));
    const ofType = (payloadType: number): EncodedFrame => ({
      data: plainFrame(1).buffer,
      getMetadata: () => ({ payloadType }),
    });
    frame(ofType(96));
    await done(worker, 1);
    expect(worker.media.stats().slots[0]).toMatchObject({ state: 'codec not supported' });
    post({
      type: 'codecs',
      codecs: new Map([
        [96, 'video/VP8'],
        [97, 'video/rtx'],
      ]),
    });
    for (const payloadType of [96, 97, 98]) frame(ofType(payloadType));
    await done(worker, 4);
    expect(out).toHaveLength(1);
    expect(worker.media.stats().slots[0]!.counters).toMatchObject({ open: 1, 'codec not supported': 3 });
  });

  it('leave messages of others alone, and refuse what cannot be, with the worker going on', async () => {
    const { worker, post, rtctransform, refusals } = startScope();
    const others = [null, undefined, 7, 'encodedStreams', {}, { type: 'join' }, { type: 4 }, []];
    for (const data of others) post(data);
    expect(refusals).toEqual([]);
    const { readable, writable } = encodedStreams();
    const bad: unknown[] = [
      { type: 'encodedStreams', options },
      { type: 'encodedStreams', readable: {}, writable: {}, options },
      { type: 'encodedStreams', readable, writable, options: { ...options, direction: 'both' } },
      { type: 'codecs' },
      { type: 'codecs', codecs: { 96: 'video/VP8' } },
      { type: 'codecs', codecs: new Map([['96', 'video/VP8']]) },
      { type: 'codecs', codecs: new Map([[96, 7]]) },
      { type: 'codecs', codecs: new Map(Array.from({ length: 129 }, (_, index) => [index, 'a/b'])) },
    ];
    for (const data of bad) post(data);
    rtctransform({ readable, writable, options: null });
    rtctransform(undefined);
    console.log(
      `${others.length} messages of others left alone, ${refusals.length} of ${bad.length + 2} refused`,
    );
    expect(refusals).toHaveLength(bad.length + 2);
    expect(readable.locked).toBe(false);
    expect(worker.media.stats().slots).toEqual([]);
    post({ type: 'encodedStreams', readable, writable, options });
    post({ type: 'browserNotSupported' });
    expect(worker.media.stats().slots).toHaveLength(1);
    expect(worker.media.stats().senders[0]).toMatchObject({
      participant: null,
      state: 'browser not supported',
    });
  });
});
