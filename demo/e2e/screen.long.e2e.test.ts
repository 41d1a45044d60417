import { type Browser, type Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FULL_VIDEO, SCREEN_VIDEO } from '../../src/media/connection/videoEncoding.ts';
import { type Service } from '../../src/service/server.ts';
import { CallPage, PATIENCE } from './call/CallPage.ts';
import { coloursAt, endScreen, keep, openTracks, sent } from './call/kept.ts';
import { ANNA, BEN, CAROL } from './call/people.ts';
import { buildPage, NEVER, newLink, serve } from './call/service.ts';
import { launchChromium } from '../../src/checking/browser/chromium.ts';

const poll = { timeout: PATIENCE, interval: 100 };

let service: Service;
let browser: Browser;
beforeAll(async () => {
  await buildPage();
  service = await serve({ graceMs: NEVER, pingMs: NEVER });
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  await service.close();
});

const COLOURS = { yellow: [220, 200, 30], red: [220, 30, 30], blue: [40, 60, 220], white: [255, 255, 255] };

/** Pictures that were looked at. */
let looked = 0;

/** The colours of a picture of 640 x 400 at its middle, its left, its right and its upper edge, where a tile shows all of it. */
async function edges(tile: Locator): Promise<string[]> {
  const places = [
    [0.5, 0.5],
    [0.04, 0.5],
    [0.96, 0.5],
    [0.5, 0.018],
  ] as const;
  // The tile is 16 wide to 9 high, the picture in its middle 16 to 10.
  const colours = await coloursAt(
    tile,
    places.map(([x, y]) => [0.5 + (x - 0.5) * 0.9, y]),
  );
  looked += 1;
  return colours.map((seen) => {
    const near = Object.entries(COLOURS).find(([, rgb]) =>
      rgb.every((it, i) => Math.abs(it - seen[i]!) < 60),
    );
    return near?.[0] ?? seen.join(' ');
  });
}

const SCREEN = ['yellow', 'red', 'blue', 'white'];

test('a screen takes the place of the camera, whole and unmirrored, and the camera comes back', async () => {
  const link = newLink(service);
  const anna = await CallPage.join(browser, link, ANNA);
  await anna.expectMembers([ANNA]);
  const ben = await CallPage.open(browser, link, BEN);
  await ben.page.addInitScript(keep);
  await ben.page.reload();
  await ben.enter();
  await anna.expectReceived([BEN]);
  const camera = { ...FULL_VIDEO, scale: 1, hint: '' };
  const full = ({ maxBitrate, scale, hint }: Awaited<ReturnType<typeof sent>>) => ({
    maxBitrate,
    scale,
    hint,
  });
  expect(full(await sent(ben))).toEqual({ maxBitrate: camera.maxBitrate, scale: 1, hint: '' });
  expect(await openTracks(ben)).toEqual({ devices: ['audio', 'video'], screens: 0 });

  await ben.click('screen');
  await expect.poll(() => edges(anna.page.getByTestId('tile')), poll).toEqual(SCREEN);
  await expect.poll(() => edges(ben.page.getByTestId('own-tile')), poll).toEqual(SCREEN);
  expect(full(await sent(ben))).toEqual({ maxBitrate: SCREEN_VIDEO.maxBitrate, scale: 1, hint: 'detail' });
  // The camera's light is off.
  expect(await openTracks(ben)).toEqual({ devices: ['audio'], screens: 1 });
  expect(await ben.pressed('camera')).toBe(false);
  await anna.screenshot('screen-seen');
  await ben.screenshot('screen-own');
  // It can be read on the whole screen.
  const whole = (): Promise<string | undefined> =>
    anna.page.evaluate(() => (document.fullscreenElement as HTMLElement | null)?.dataset['testid']);
  await anna.page.getByRole('button', { name: 'Show Ben on the whole screen' }).click();
  await expect.poll(whole, poll).toBe('tile');
  await anna.screenshot('screen-whole');
  await anna.page.getByTestId('tile').getByTestId('enlarge').click();
  await expect.poll(whole, poll).toBeUndefined();

  await ben.click('screen');
  await anna.expectReceived([BEN]);
  expect(full(await sent(ben))).toEqual({ maxBitrate: camera.maxBitrate, scale: 1, hint: '' });
  expect(await openTracks(ben)).toEqual({ devices: ['audio', 'video'], screens: 0 });

  // The browser's own button ends it.
  await ben.click('screen');
  await expect.poll(() => edges(anna.page.getByTestId('tile')), poll).toEqual(SCREEN);
  await endScreen(ben);
  await anna.expectReceived([BEN]);
  expect(await ben.text('screen')).toBe('Share screen');

  // Refused: the camera goes on, and the page says why.
  await ben.page.evaluate(() => {
    const { mediaDevices } = navigator;
    const works = mediaDevices.getDisplayMedia;
    mediaDevices.getDisplayMedia = () => {
      mediaDevices.getDisplayMedia = works;
      return Promise.reject(new DOMException('', 'NotAllowedError'));
    };
  });
  await ben.click('screen');
  await expect.poll(() => ben.text('problem'), poll).toContain('Your screen is not shown');
  await anna.expectReceived([BEN]);
  await ben.screenshot('screen-refused');

  // Whose camera was off has it off afterwards.
  await ben.click('camera');
  await expect.poll(() => ben.page.getByTestId('problem').isVisible(), poll).toBe(false);
  await ben.click('screen');
  await expect.poll(() => edges(anna.page.getByTestId('tile')), poll).toEqual(SCREEN);
  await ben.click('screen');
  await expect.poll(() => openTracks(ben), poll).toEqual({ devices: ['audio'], screens: 0 });
  await expect.poll(() => anna.observe().then(([it]) => it?.colour), poll).toBeNull();

  await ben.click('screen');
  await ben.click('leave');
  await ben.page.getByTestId('ended').waitFor();
  expect(await openTracks(ben)).toEqual({ devices: [], screens: 0 });
  expect([...anna.complaints, ...ben.complaints]).toEqual([]);
  console.log(`${looked} pictures looked at`);
  expect(looked).toBeGreaterThanOrEqual(4);
  await Promise.all([anna.close(), ben.close()]);
});

test('a phone has no button for what it cannot do, and its panel is one tap away', async () => {
  const carol = await CallPage.open(browser, newLink(service), CAROL);
  await carol.page.setViewportSize({ width: 390, height: 844 });
  await carol.page.addInitScript(() => Reflect.deleteProperty(MediaDevices.prototype, 'getDisplayMedia'));
  await carol.page.reload();
  await carol.enter();
  await carol.expectMembers([CAROL]);
  expect(await carol.page.getByTestId('screen').isVisible()).toBe(false);
  await carol.screenshot('phone-call');
  /** Whether its middle can be tapped where it is. */
  const inView = (id: string): Promise<boolean> =>
    carol.page.getByTestId(id).evaluate((it) => {
      const { left, right, top, bottom } = it.getBoundingClientRect();
      return it.contains(document.elementFromPoint((left + right) / 2, (top + bottom) / 2));
    });
  expect(await inView('link')).toBe(false);
  await carol.click('to-panel');
  await expect.poll(() => inView('link'), poll).toBe(true);
  for (const id of ['microphone', 'camera', 'leave', 'standing']) expect(await inView(id)).toBe(true);
  await carol.screenshot('phone-panel');
  await carol.close();
});
