/** Nothing leaves a page in clear, measured where it would arrive: at the forwarding server, over both APIs. */
import { type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium } from '../../src/checking/browser/chromium.ts';
import type { JoinOptions, MediaTest } from './media/page.ts';
import { startTransformServer, type TransformServer } from './media/server.ts';

declare const mediaTest: MediaTest;

/** Frames of the camera that must have come to nothing: at 15 a second, three seconds. */
const FRAMES = 45;
const poll = { timeout: 60_000, interval: 100 };

let server: TransformServer;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startTransformServer(), launchChromium()]);
});
afterAll(async () => {
  await browser.close();
  await server.close();
});

const arrived = (): number =>
  server.forwarder.stats().participants.find(({ participant }) => participant === 'quiet')?.in.total
    .packets ?? 0;
const connected = (): boolean => server.forwarder.stats().participants.some((it) => it.connected);

class QuietPage {
  readonly page: Page;
  private constructor(page: Page) {
    this.page = page;
  }

  /** Joins, and waits for the connection: only the transforms are in the way of packets then. */
  static async join(options: JoinOptions): Promise<QuietPage> {
    const page = await (await browser.newContext()).newPage();
    page.on('pageerror', (error) => console.error(error));
    await page.goto(server.url);
    await page.waitForFunction(() => 'mediaTest' in globalThis);
    expect(await page.evaluate((it) => mediaTest.join(it), options)).toBe(options.api);
    await expect.poll(connected, poll).toBe(true);
    return new QuietPage(page);
  }

  tell = (type: 'key' | 'clear'): Promise<void> =>
    this.page.evaluate((it) => mediaTest.tell({ type: it }), type);
  sent = () => this.page.evaluate(() => mediaTest.sent());
  frames = () => this.page.evaluate(() => mediaTest.frames());

  /** Waits until the camera has given so many more frames; gives how many packets arrived meanwhile. */
  async quietFor(frames = FRAMES): Promise<number> {
    const [before, { sourceFrames }] = [arrived(), await this.sent()];
    await expect
      .poll(async () => (await this.sent()).sourceFrames, poll)
      .toBeGreaterThanOrEqual(sourceFrames + frames);
    return arrived() - before;
  }

  async leave(): Promise<void> {
    expect(await this.page.evaluate(() => mediaTest.errors())).toEqual([]);
    await this.page.evaluate(() => mediaTest.leave());
    await this.page.context().close();
    await expect.poll(() => server.forwarder.stats().participants.length, poll).toBe(0);
  }
}

describe.each(['RTCRtpScriptTransform', 'createEncodedStreams'] as const)('%s', (api) => {
  const told: Record<string, number> = {};
  afterAll(() => {
    console.log(`${api}: packets at the forwarding server`, told);
    expect(Object.keys(told)).toHaveLength(8);
  });

  test('no packet before the first key, none after eviction; with a key, what the worker gives out and nothing else', async () => {
    const page = await QuietPage.join({ api, worker: '/key-worker.js' });
    told['before the first key'] = await page.quietFor();
    expect(arrived()).toBe(0);
    expect((await page.sent()).packets).toEqual({ audio: 0, video: 0 });
    const waiting = await page.frames();
    expect(Math.min(...waiting.map((it) => it['no key yet']))).toBeGreaterThan(FRAMES / 2);

    await page.tell('key');
    await expect.poll(arrived, poll).toBeGreaterThan(100);
    await page.tell('clear');
    // What is on its way was protected before.
    await page.quietFor(8);
    told['after eviction'] = await page.quietFor();
    expect(told['after eviction']).toBe(0);

    await page.tell('key');
    told['with a key'] = await page.quietFor();
    expect(told['with a key']).toBeGreaterThan(FRAMES);
    await page.page.evaluate(() => mediaTest.mute());
    // Each frame of this picture and this tone is one packet.
    // Each frame of this picture and this tone is one packet.
    const counts = async () => {
      const [frames, { packets, encoded }] = [await page.frames(), await page.sent()];
      const { audio, video } = server.forwarder.stats().participants[0]!.in;
      return {
        audio: { worker: frames[0]!.open, browser: packets.audio, server: audio.packets },
        video: { worker: frames[1]!.open, browser: packets.video, server: video.packets },
        encoded: { worker: frames[1]!.open + frames[1]!['no key yet'], browser: encoded },
      };
    };
    // What left the browser is what the worker gave out, and nothing arrived besides.
    const isEven = async (): Promise<boolean> => {
      const { audio, video } = await counts();
      return [audio, video].every((it) => it.worker === it.browser && it.server <= it.browser);
    };
    await expect.poll(isEven, poll).toBe(true);
    console.log(`${api}: audio and video frames given out, and packets ${JSON.stringify(await counts())}`);
    expect((await counts()).video.server).toBeGreaterThan(FRAMES / 2);
    await page.leave();
  });

  test('no packet while the worker starts up; then they flow', async () => {
    const page = await QuietPage.join({ api, worker: '/key-worker.js?held' });
    await page.tell('key');
    told["during the worker's start-up"] = await page.quietFor();
    expect(arrived()).toBe(0);
    server.release();
    await expect.poll(arrived, poll).toBeGreaterThan(50);
    await page.leave();
  });

  test('no packet before a transform that is set late; then they flow', async () => {
    const page = await QuietPage.join({ api, worker: '/key-worker.js', late: true });
    await page.tell('key');
    told['with a late transform'] = await page.quietFor();
    expect(arrived()).toBe(0);
    // Two of own media and two of a slot, each with a sender and a receiver.
    expect(await page.page.evaluate(() => mediaTest.setTransforms())).toBe(8);
    await expect.poll(arrived, poll).toBeGreaterThan(50);
    await page.leave();
  });

  test('no packet with a worker that never answers, or has ended', async () => {
    for (const [name, worker] of [
      ['never answers', '/silent-worker.js'],
      ['is not found', '/no-worker.js'],
    ] as const) {
      const page = await QuietPage.join({ api, worker });
      told[`with a worker that ${name}`] = await page.quietFor();
      expect(arrived()).toBe(0);
      expect((await page.sent()).packets).toEqual({ audio: 0, video: 0 });
      await page.leave();
    }
    const page = await QuietPage.join({ api, worker: '/key-worker.js' });
    await page.tell('key');
    await expect.poll(arrived, poll).toBeGreaterThan(50);
    await page.page.evaluate(() => mediaTest.endWorker());
    await page.quietFor(8);
    told['with a worker that ended'] = await page.quietFor();
    expect(told['with a worker that ended']).toBe(0);
    await page.leave();
  });
});
