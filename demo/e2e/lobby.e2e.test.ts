import { type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Service } from '../../src/service/server.ts';
import { PATIENCE } from './call/CallPage.ts';
import { keep, openTracks, sentTracks, settings } from './call/kept.ts';
import { buildPage, newLink, serve } from './call/service.ts';
import { launchChromium } from '../../src/checking/browser/chromium.ts';

const poll = { timeout: PATIENCE, interval: 50 };

let service: Service;
let browser: Browser;
beforeAll(async () => {
  await buildPage();
  service = await serve();
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  await service.close();
});

const opened = async (page: Page): Promise<string[]> => (await openTracks({ page })).devices;

/** Values of the options of a choice of devices. */
const options = (page: Page, id: string): Promise<string[]> =>
  page
    .getByTestId(id)
    .locator('option')
    .evaluateAll((all) => all.map((it) => (it as HTMLOptionElement).value));

const level = (page: Page): Promise<number> =>
  page.getByTestId('level').evaluate((it) => (it as HTMLMeterElement).value);

/** Waits for the picture and the sound of the browser's own fake devices, which beep once a second. */
async function expectPreview(page: Page): Promise<void> {
  const width = (): Promise<number> =>
    page.getByTestId('preview-video').evaluate((it) => (it as HTMLVideoElement).videoWidth);
  await expect.poll(width, poll).toBeGreaterThan(0);
  let loudest = 0;
  let quietest = 1;
  const range = async (): Promise<boolean> => {
    const now = await level(page);
    loudest = Math.max(loudest, now);
    quietest = Math.min(quietest, now);
    return loudest > 0.3 && quietest < loudest - 0.2;
  };
  await expect.poll(range, { ...poll, message: 'a level that moves' }).toBe(true);
  console.log(`level from ${quietest.toFixed(2)} to ${loudest.toFixed(2)}`);
}

test('devices are tried in the lobby, chosen, used by the call, and closed after it', async () => {
  const context = await browser.newContext({ viewport: { width: 1_280, height: 800 } });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.setDefaultTimeout(PATIENCE);
  await page.addInitScript(keep);
  await page.goto(newLink(service));
  await page.getByTestId('name').fill('Anna');
  // Nothing is opened before somebody asks for it.
  expect(await settings({ page })).toEqual([]);
  await page.screenshot({ path: 'test-results/lobby.png' });

  await page.getByTestId('preview').click();
  await expectPreview(page);
  expect(await opened(page)).toEqual(['audio', 'video']);
  // What was typed stays.
  expect(await page.getByTestId('name').inputValue()).toBe('Anna');
  // Screen readers find the bar by its label.
  expect(await page.getByLabel('Loudness of your microphone').getAttribute('data-testid')).toBe('level');
  await page.screenshot({ path: 'test-results/lobby-preview.png' });
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.screenshot({ path: 'test-results/lobby-preview-phone.png', fullPage: true });
  await page.setViewportSize({ width: 1_280, height: 800 });
  await page.emulateMedia({ colorScheme: 'light' });

  // Another microphone.
  const [, ...microphones] = await options(page, 'choose-microphone');
  console.log(`${microphones.length} microphones`);
  expect(microphones.length).toBeGreaterThanOrEqual(2);
  const before = await settings({ page });
  const other = microphones.find((id) => before.every((it) => it.deviceId !== id))!;
  await page.getByTestId('choose-microphone').selectOption(other);
  await expect.poll(() => settings({ page }).then((all) => all.length), poll).toBe(4);
  expect((await settings({ page })).slice(2).find(({ kind }) => kind === 'audio')?.deviceId).toBe(other);
  await expect.poll(() => opened(page), poll).toEqual(['audio', 'video']);

  // What is open follows what is chosen.
  await page.getByTestId('devices-microphone').check();
  await expect.poll(() => opened(page), poll).toEqual(['audio']);
  expect(await page.getByTestId('preview-video').isVisible()).toBe(false);
  await page.getByTestId('devices-none').check();
  await expect.poll(() => opened(page), poll).toEqual([]);
  await page.getByTestId('devices-camera-and-microphone').check();
  expect(await opened(page)).toEqual([]);
  await page.getByTestId('preview').click();
  await expectPreview(page);

  // The call gets the tracks of the preview, and opens no other.
  const tried = await settings({ page });
  console.log(`${tried.length} tracks opened in the lobby`);
  expect(tried).toHaveLength(7);
  await page.getByTestId('join').click();
  await expect.poll(() => page.getByTestId('standing').innerText(), poll).toContain('Nobody else');
  expect(await settings({ page })).toHaveLength(tried.length);
  expect(await sentTracks({ page })).toEqual(tried.slice(-2).map(({ id }) => id));
  expect(await opened(page)).toEqual(['audio', 'video']);
  // Turned on again, it is the chosen one. A reload takes it too.
  await page.reload();
  await expect.poll(() => page.getByTestId('standing').innerText(), poll).toContain('Nobody else');
  expect((await settings({ page })).find(({ kind }) => kind === 'audio')?.deviceId).toBe(other);
  await page.getByTestId('camera').click();
  await expect.poll(() => opened(page), poll).toEqual(['audio']);
  await page.getByTestId('camera').click();
  await expect.poll(() => opened(page), poll).toEqual(['audio', 'video']);
  await page.getByTestId('leave').click();
  await page.getByTestId('ended').waitFor();
  await expect.poll(() => opened(page), poll).toEqual([]);

  // The chosen microphone is gone.
  await page.evaluate(() => {
    for (const key of Object.keys(localStorage)) localStorage.setItem(key, 'ab'.repeat(32));
  });
  await page.getByRole('button', { name: 'Join again' }).click();
  await page.getByTestId('preview').click();
  await expectPreview(page);
  expect(await page.getByTestId('choose-microphone').inputValue()).toBe('');
  expect(await page.getByTestId('problem').isVisible()).toBe(false);
  await page.getByTestId('preview').click();
  await expect.poll(() => opened(page), poll).toEqual([]);
  expect(complaints).toEqual([]);
  await context.close();
});
