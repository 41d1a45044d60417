/** What the page is to a browser: to its accessibility tree, its keyboard, its security policy and its network. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MOST_GZIP_BYTES, weigh } from '../../src/cli/bench/page/weight.ts';
import type { Service } from '../../src/service/server.ts';
import { CallPage, PATIENCE } from './call/CallPage.ts';
import { ANNA, BEN } from './call/people.ts';
import { buildPage, demoDist, NEVER, newLink, serve } from './call/service.ts';
import { launchChromium } from '../../src/checking/browser/chromium.ts';
import { ChangedSite } from './media/ChangedSite.ts';
import { axeReports, type AxeReport } from './page/axe.ts';
import { tabTo } from './page/keyboard.ts';
import { keepViolations, tryForbidden, Watch } from './page/watch.ts';

const poll = { timeout: PATIENCE, interval: 100 };

let service: Service;
let site: ChangedSite;
let browser: Browser;
beforeAll(async () => {
  [browser] = await Promise.all([launchChromium(), buildPage()]);
  service = await serve({ graceMs: NEVER, pingMs: NEVER });
  site = await ChangedSite.of(service.url, keepViolations);
});
afterAll(async () => {
  await browser.close();
  site.close();
  await service.close();
});

/** Rules of axe that pass at least, on the screen that has the least to look at, and in a call. */
const FLOOR = { lobby: 18, call: 30, ended: 12 };

test('the page is below its limit of weight, and only its style holds the first paint up', async () => {
  const { files, withoutWasm } = await weigh(demoDist);
  console.log(
    `${files.length} files; without wasm ${JSON.stringify(withoutWasm)}, of ${MOST_GZIP_BYTES} by gzip`,
  );
  expect(files.length).toBeGreaterThanOrEqual(5);
  expect(withoutWasm.gzip).toBeGreaterThan(10_000);
  expect(withoutWasm.gzip).toBeLessThanOrEqual(MOST_GZIP_BYTES);

  const anna = await CallPage.open(browser, service.url, ANNA);
  await anna.page.getByTestId('join').waitFor();
  // What a call begins with is fetched ahead, in Brotli, and stays in the cache.
  const ahead = (): Promise<string[]> =>
    anna.page.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .filter((it) => (it as PerformanceResourceTiming).initiatorType === 'fetch')
        .map(({ name }) => name),
    );
  await expect.poll(async () => (await ahead()).length, poll).toBe(2);
  for (const url of await ahead()) {
    const { headers } = await fetch(url, { headers: { 'accept-encoding': 'br' } });
    expect(headers.get('content-encoding'), url).toBe('br');
    expect(headers.get('cache-control'), url).toContain('immutable');
  }
  expect((await fetch(service.url)).headers.get('cache-control')).toBe('no-cache');
  const blocking = await anna.page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .filter((it) => 'renderBlockingStatus' in it && it.renderBlockingStatus === 'blocking')
      .map(({ name }) => name),
  );
  console.log(`held up by ${blocking.join(' ')}`);
  expect(blocking.map((name) => name.split('.').at(-1))).toEqual(['css']);
  expect(files.find(({ name }) => blocking[0]?.endsWith(name))?.gzip).toBeLessThan(5_000);
  await anna.close();
});

test('a call by keyboard only: axe finds nothing, one origin is asked, and the security policy refuses nothing', async () => {
  const link = newLink(service);
  const ben = await CallPage.join(browser, link, BEN);
  await ben.expectMembers([BEN]);
  const watch = new Watch();
  const anna = await CallPage.open(browser, site.link(link), ANNA, (it) => watch.start(it));
  const { page } = anna;
  const violations = (): Promise<string[]> => watch.violations(page);
  const reports: AxeReport[] = await axeReports(page, 'lobby');

  // The name has the focus.
  await page.keyboard.type('Anna');
  const lobby = await tabTo(page, 'join');
  await page.keyboard.press('Enter');
  await page.getByTestId('call').waitFor();
  await anna.expectMembers([BEN, ANNA]);
  await anna.expectReceived([BEN]);
  reports.push(...(await axeReports(page, 'call')));
  const call = await tabTo(page, 'microphone');
  await page.keyboard.press('Space');
  await expect.poll(() => anna.pressed('microphone'), poll).toBe(false);
  await page.keyboard.press('Space');
  await expect.poll(() => anna.pressed('microphone'), poll).toBe(true);
  expect(await violations()).toEqual([]);
  // The worker has the same policy, and what it refuses would be told.
  const [worker] = page.workers();
  await worker?.evaluate(() => fetch('https://127.0.0.1:9/').catch(() => undefined));
  await expect.poll(violations, poll).toEqual(['connect-src https://127.0.0.1:9/']);
  call.push(...(await tabTo(page, 'leave')));
  await page.keyboard.press('Enter');
  await page.getByTestId('ended').waitFor();
  reports.push(...(await axeReports(page, 'ended')));
  const ended = await tabTo(page, 'again');
  console.log(`by Tab: ${[lobby, call, ended].map((way) => way.join(' ')).join(' | ')}`);
  expect(call).toEqual(expect.arrayContaining(['badge', 'copy', 'comparing', 'log', 'microphone', 'camera']));

  for (const { where, passed, violations, undecided } of reports) {
    console.log(
      `axe, ${where}: ${passed} rules passed, ${violations.length} violated, ${undecided.length} undecided`,
    );
    expect(passed, where).toBeGreaterThanOrEqual(FLOOR[where.split(' ', 1)[0] as keyof typeof FLOOR]);
    expect(violations, where).toEqual([]);
  }
  expect(reports).toHaveLength(12);

  const { requests } = watch;
  const origins = requests.map((request) => new URL(request.split(' ')[1] ?? '').host);
  console.log(`${requests.length} requests to ${[...new Set(origins)].join(' ')}\n${requests.join('\n')}`);
  expect(new Set(origins)).toEqual(new Set([new URL(site.url).host]));
  // Page, script and style, worker and its wasm, the connection to the service.
  for (const kind of ['document', 'script', 'stylesheet', 'fetch', 'websocket'])
    expect(
      requests.some((request) => request.startsWith(`${kind} `)),
      kind,
    ).toBe(true);
  expect(requests.length).toBeGreaterThanOrEqual(7);
  expect(await violations()).toEqual([]);
  expect(anna.complaints).toEqual([]);

  // Nothing was refused, and it would have been told.
  const refused = await tryForbidden(page);
  console.log(JSON.stringify(refused));
  expect(Object.values(refused)).toEqual(Array(5).fill('TypeError'));
  await expect
    .poll(async () => (await violations()).map((it) => it.split(' ')[0]), poll)
    .toEqual([
      ...['require-trusted-types-for', 'require-trusted-types-for', 'trusted-types', 'trusted-types'],
      'connect-src',
    ]);
  await Promise.all([anna.close(), ben.close()]);
});
