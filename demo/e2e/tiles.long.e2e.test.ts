import jsQR from 'jsqr';
import { type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cameraEncoding } from '../../src/media/connection/videoEncoding.ts';
import { type Service } from '../../src/service/server.ts';
import { CallPage, PATIENCE } from './call/CallPage.ts';
import { NodeMember } from './call/NodeMember.ts';
import { keep, sent } from './call/kept.ts';
import { ANNA } from './call/people.ts';
import { buildPage, NEVER, newLink, serve } from './call/service.ts';
import { launchChromium } from '../../src/checking/browser/chromium.ts';

const poll = { timeout: PATIENCE, interval: 100 };
const PHONE = { width: 390, height: 844 };
const WINDOW = { width: 1_280, height: 800 };
const SIZES = [WINDOW, PHONE, { width: 844, height: 390 }, { width: 1_920, height: 600 }];

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

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Boxes of the tiles and of the room that they have, and whether anything has to be scrolled to see them. */
const layout = (page: Page): Promise<{ tiles: Box[]; room: Box; scrolls: boolean; wide: boolean }> =>
  page.evaluate(() => {
    const box = (element: Element): Box => {
      const { left, top, right, bottom } = element.getBoundingClientRect();
      return { left, top, right, bottom };
    };
    const room = document.querySelector('.tiles')!;
    const main = document.querySelector('main')!;
    return {
      tiles: [...document.querySelectorAll('.tile')].map(box),
      room: box(room),
      scrolls: room.scrollHeight > room.clientHeight || main.scrollHeight > main.clientHeight,
      wide: document.documentElement.scrollWidth > innerWidth,
    };
  });

/** What is wrong with a layout; empty where nothing is. */
function faults({ tiles, room, scrolls, wide }: Awaited<ReturnType<typeof layout>>, count: number): string[] {
  const found: string[] = [];
  if (tiles.length !== count) found.push(`${tiles.length} tiles`);
  if (scrolls) found.push('scrolls');
  if (wide) found.push('wider than the window');
  const first = tiles[0]!;
  for (const [index, tile] of tiles.entries()) {
    if (tile.left < room.left - 0.5 || tile.right > room.right + 0.5) found.push(`${index} beside the room`);
    if (tile.top < room.top - 0.5 || tile.bottom > room.bottom + 0.5) found.push(`${index} outside the room`);
    if (Math.abs(tile.right - tile.left - (first.right - first.left)) > 0.5)
      found.push(`${index} of another size`);
    for (const other of tiles.slice(index + 1))
      if (
        tile.left < other.right - 1 &&
        other.left < tile.right - 1 &&
        tile.top < other.bottom - 1 &&
        other.top < tile.bottom - 1
      )
        found.push(`${index} over another`);
  }
  const last = tiles.filter(({ top }) => Math.abs(top - tiles.at(-1)!.top) < 1);
  const middle = (last[0]!.left + last.at(-1)!.right) / 2;
  if (Math.abs(middle - (room.left + room.right) / 2) > 1) found.push('last row not in the middle');
  if (first.right - first.left < 80) found.push(`tiles of ${first.right - first.left} pixels`);
  return found;
}

/** What a QR reader sees in a screenshot. */
async function qrIn(page: Page, id: string): Promise<string | null> {
  const picture = await page.getByTestId(id).locator('svg').screenshot();
  const { rgba, width, height } = await page.evaluate(async (png) => {
    const bytes = Uint8Array.from(atob(png), (it) => it.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
    return { rgba: Array.from(data), width: bitmap.width, height: bitmap.height };
  }, picture.toString('base64'));
  return jsQR(Uint8ClampedArray.from(rgba), width, height)?.data ?? null;
}

describe('a call that grows', () => {
  test('1 to 12 tiles fit at every size; beyond four people the camera sends less; the link is shared', async () => {
    const link = newLink(service);
    const anna = await CallPage.open(browser, link, ANNA);
    await anna.page.addInitScript(keep);
    await anna.page.addInitScript(() => {
      navigator.share = async (data) => void Object.assign(globalThis, { shared: data?.url });
    });
    await anna.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await anna.page.reload();
    await anna.enter();
    await anna.expectMembers([ANNA]);

    await anna.click('show-invite-qr');
    await expect.poll(() => qrIn(anna.page, 'invite-qr'), poll).toBe(await anna.link());
    await anna.click('copy');
    await expect.poll(() => anna.text('invite-told'), poll).toContain('Copied');
    expect(await anna.page.evaluate(() => navigator.clipboard.readText())).toBe(await anna.link());
    await anna.click('share');
    await expect.poll(() => anna.text('invite-told'), poll).toBe('Shared.');
    expect(await anna.page.evaluate(() => (globalThis as { shared?: string }).shared)).toBe(
      await anna.link(),
    );
    await anna.screenshot('invite');
    await anna.click('show-invite-qr');

    const members: NodeMember[] = [];
    let looked = 0;
    for (let people = 1; people <= 12; people += 1) {
      if (people > 1) members.push(new NodeMember(link, `Person ${people}`));
      await expect.poll(() => anna.roster().then((all) => all.length), poll).toBe(people);
      const { maxBitrate, scaleResolutionDownBy: scale } = cameraEncoding(people);
      await expect.poll(() => sent(anna), poll).toMatchObject({ maxBitrate, scale });
      for (const size of SIZES) {
        await anna.page.setViewportSize(size);
        await expect
          .poll(async () => faults(await layout(anna.page), people), {
            ...poll,
            message: `${people} at ${size.width} x ${size.height}`,
          })
          .toEqual([]);
        looked += 1;
      }
    }
    console.log(`${looked} layouts`);
    expect(looked).toBe(48);
    // The camera gives pictures 320 wide.
    await expect.poll(() => sent(anna).then(({ width }) => width), poll).toBe(160);
    await anna.page.setViewportSize(WINDOW);
    await anna.screenshot('call-twelve');
    await anna.page.emulateMedia({ colorScheme: 'dark' });
    await anna.page.setViewportSize(PHONE);
    await anna.screenshot('call-twelve-phone');
    for (const member of members.splice(3)) member.leave();
    await expect.poll(() => sent(anna), poll).toMatchObject({ maxBitrate: 600_000, scale: 1, width: 320 });
    await anna.screenshot('call-four-phone');
    expect(anna.complaints).toEqual([]);
    for (const member of members) member.leave();
    await anna.close();
  });
});
