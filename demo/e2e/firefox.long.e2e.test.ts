/** Firefox and Chromium in one call, over the page that users get. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser as Chromium } from 'playwright-core';
import type { Browser as Firefox } from 'puppeteer-core';
import type { Service } from '../../src/service/server.ts';
import { CallPage, commonCode, PATIENCE } from './call/CallPage.ts';
import { ANNA, BEN } from './call/people.ts';
import { buildPage, NEVER, newLink, serve } from './call/service.ts';
import { NodeMember } from './call/NodeMember.ts';
import { compare } from './codecs/compare.ts';
import { keepReceived, type ReceivedFrame, type ReceivedPackets } from './codecs/received.ts';
import type { PlainFrame } from './codecs/recording-worker.ts';
import { launchFirefox } from './firefox/browser.ts';
import { FirefoxPage } from './firefox/FirefoxPage.ts';
import { keepPlainFrames, plainFramesOf, preparePlainFrames } from './firefox/plainFrames.ts';
import { launchChromium } from '../../src/checking/browser/chromium.ts';
import { ChangedSite } from './media/ChangedSite.ts';

const poll = { timeout: PATIENCE, interval: 250 };

/** Frames at the server, by participant and kind, taken before those of the encoders. */
const arrived = new Map<string, ReceivedFrame[]>();
let received: ReceivedPackets;
let service: Service;
let site: ChangedSite;
let chromium: Chromium;
let firefox: Firefox;
beforeAll(async () => {
  received = keepReceived();
  [chromium, firefox] = await Promise.all([launchChromium(), launchFirefox(), buildPage()]);
  service = await serve({ graceMs: NEVER, pingMs: NEVER });
  site = await ChangedSite.of(service.url, keepPlainFrames);
  console.log(`Chromium ${chromium.version()}, ${await firefox.version()}`);
});
afterAll(async () => {
  await Promise.all([chromium.close(), firefox.close()]);
  site.close();
  await service.close();
  received.stop();
});

/** Frames that were compared, and secret bytes in them, are at least as many. */
const FLOORS = {
  'audio/opus': { frames: 100, secret: 10_000 },
  'video/vp8 key': { frames: 1, secret: 100 },
  'video/vp8 delta': { frames: 40, secret: 2_000 },
} as const;

/** Compares what Firefox's encoders made with what arrived at the server, byte by byte. */
function expectSecret(plain: readonly PlainFrame[], id: string): void {
  const seen: string[] = [];
  for (const kind of ['audio', 'video'] as const) {
    const ofKind = plain.filter((frame) => frame.kind === kind);
    const { comparisons, unmatched } = compare(ofKind, arrived.get(`${id} ${kind}`) ?? []);
    expect(unmatched).toBe(0);
    for (const [type, { frames, bytes, clear, secret, equal, leaked, problems }] of comparisons) {
      console.log(`${type}: ${JSON.stringify({ frames, bytes, clear, secret, equal, leaked })}`);
      seen.push(type);
      const floor = FLOORS[type as keyof typeof FLOORS];
      expect(problems).toEqual([]);
      expect(frames).toBeGreaterThanOrEqual(floor.frames);
      expect(secret).toBeGreaterThanOrEqual(floor.secret);
      // The first byte of each VP8 frame, and nothing of Opus.
      expect(clear).toBe(kind === 'audio' ? 0 : frames);
      expect(leaked).toBe(0);
      // Of random bytes one in 256 is equal. Of few, a handful.
      expect(equal).toBeLessThan(10 + (3 * secret) / 256);
    }
  }
  expect(seen).toEqual(Object.keys(FLOORS));
}

test('Firefox waits without a packet, admits Chromium; they see and hear each other, and nothing passes in clear', async () => {
  const link = newLink(service);
  const first = new NodeMember(link, 'Anna');
  await expect.poll(() => first.members, poll).toBe(1);
  first.hold();
  const ben = await FirefoxPage.open(firefox, site.link(link), BEN, preparePlainFrames);
  // It can keep a person key: Ed25519 that no script reads, in IndexedDB.
  await expect.poll(() => ben.attribute('kept-person', 'data-state'), poll).toBe('none');
  await ben.enter();
  await expect.poll(() => first.held, poll).toBe(1);
  const id = await ben.id();
  const atServer = () => service.stats().forwarder.participants.find((it) => it.participant === id);
  await expect.poll(() => atServer()?.connected, poll).toBe(true);
  // Frames reach the worker: 100 and more come to nothing.
  await expect.poll(async () => (await plainFramesOf(ben.page)).length, poll).toBeGreaterThan(100);
  expect(atServer()?.in.total.packets).toBe(0);
  expect(received.count(id)).toBe(0);
  first.release();
  await expect.poll(() => received.count(id), poll).toBeGreaterThan(20);

  // Who let it in goes: Firefox is the committer now, and lets Chromium in.
  first.leave();
  const anna = await CallPage.join(chromium, link, ANNA);
  await anna.expectMembers([BEN, ANNA]);
  await anna.expectReceived([BEN]);
  await ben.expectReceived([ANNA]);
  await commonCode([anna, ben]);
  await Promise.all([ben.screenshot('firefox'), anna.screenshot('firefox-in-chromium')]);

  // Off and on again: a new track, and a key frame that receivers ask for.
  await ben.click('camera');
  await expect.poll(async () => (await anna.observe())[0]?.colour ?? null, poll).toBeNull();
  await ben.click('camera');
  await anna.expectReceived([BEN]);

  const enough = (): boolean =>
    received.frames(id, 'audio').length > 150 && received.frames(id, 'video').length > 60;
  await expect.poll(enough, poll).toBe(true);
  for (const kind of ['audio', 'video'] as const) arrived.set(`${id} ${kind}`, received.frames(id, kind));
  expectSecret(await plainFramesOf(ben.page), id);
  expect([...anna.complaints, ...ben.complaints]).toEqual([]);
});
