/** Calls of real browsers whose media do not go as they should: what people are told, and that it heals by itself. */
import { type Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Service } from '../../src/service/server.ts';
import { CallPage, PATIENCE } from './call/CallPage.ts';
import { NodeMember } from './call/NodeMember.ts';
import { ANNA, BEN, CAROL, type PersonInTest } from './call/people.ts';
import { buildPage, NEVER, newLink, serve } from './call/service.ts';
import { launchChromium } from '../../src/checking/browser/chromium.ts';
import { ChangedSite } from './media/ChangedSite.ts';
import { canHaveWrongKeys, hideApis, keepWorkers, tellsNoMimeType, tellWorker } from './media/changes.ts';
import { countCalls, type Calls, tileOf } from './media/tile.ts';

declare const calls: Calls;

const poll = { timeout: PATIENCE, interval: 100 };

let service: Service;
let browser: Browser;
beforeAll(async () => {
  [browser] = await Promise.all([launchChromium(), buildPage()]);
  service = await serve({ graceMs: NEVER, pingMs: NEVER });
});
afterAll(async () => {
  await browser.close();
  await service.close();
});

const atServer = (participant: string) =>
  service.stats().forwarder.participants.find((it) => it.participant === participant);

/** Opens the lobby in a browser that `change` has changed. */
async function open(link: string, person: PersonInTest, change: (page: CallPage) => Promise<unknown>) {
  const page = await CallPage.open(browser, service.url, person);
  await change(page);
  await page.page.goto(link);
  return page;
}

describe('older and other browsers', () => {
  test('a call over createEncodedStreams, with frames that tell no MIME type, beside one of the standard', async () => {
    const link = newLink(service);
    const anna = await CallPage.join(browser, link, ANNA);
    await anna.expectMembers([ANNA]);
    const site = await ChangedSite.of(service.url, tellsNoMimeType);
    const ben = await open(site.link(link), BEN, async ({ page }) => {
      await hideApis(page, 'RTCRtpScriptTransform');
      await page.addInitScript(countCalls);
    });
    await ben.enter();
    await anna.expectReceived([BEN]);
    await ben.expectReceived([ANNA]);
    // Another epoch, and it goes on.
    const carol = new NodeMember(link, CAROL.name);
    await anna.expectMembers([ANNA, BEN, CAROL]);
    await expect.poll(() => ben.text('epoch'), poll).toBe(await anna.text('epoch'));
    for (const [page, other] of [
      [anna, BEN],
      [ben, ANNA],
    ] as const)
      await expect
        .poll(async () => (await page.observe()).map(({ name, badge }) => `${name} ${badge}`), poll)
        .toEqual([`${other.name} open`, 'Carol none']);
    const { encodedStreams } = await ben.page.evaluate(() => calls);
    console.log(`createEncodedStreams: called ${encodedStreams} times, ${ben.complaints.length} complaints`);
    expect(encodedStreams).toBeGreaterThanOrEqual(8);
    expect([...anna.complaints, ...ben.complaints]).toEqual([]);
    carol.leave();
    await Promise.all([anna.close(), ben.close()]);
    site.close();
  });

  test('a browser with neither is told before the call: nothing is opened, nothing is captured, nobody joins', async () => {
    const anna = await open(newLink(service), ANNA, async ({ page }) => {
      await hideApis(page, 'RTCRtpScriptTransform', 'createEncodedStreams');
      await page.addInitScript(countCalls);
    });
    expect(await anna.text('problem')).toBe(
      'This browser cannot encrypt frames (it has neither RTCRtpScriptTransform nor createEncodedStreams), so it cannot take part. A current Chrome, Edge, Firefox or Safari can.',
    );
    expect(await anna.page.getByTestId('join').isDisabled()).toBe(true);
    await anna.page.getByTestId('name').fill('Anna');
    await anna.page.getByTestId('name').press('Enter');
    expect(await anna.page.getByTestId('lobby').isVisible()).toBe(true);
    expect(await anna.page.evaluate(() => calls)).toEqual({
      encodedStreams: 0,
      devices: 0,
      connections: 0,
      workers: 0,
      sockets: 0,
    });
    await anna.close();
  });

  test('a browser that has the names only: in the call its tiles say so, and not one packet leaves it', async () => {
    const link = newLink(service);
    const anna = await CallPage.join(browser, link, ANNA);
    await anna.expectMembers([ANNA]);
    const ben = await open(link, BEN, async ({ page }) => {
      await hideApis(page, 'RTCRtpScriptTransform');
      await page.addInitScript(() => {
        const streams = {
          createEncodedStreams: () => Promise.reject(new DOMException('', 'NotSupportedError')),
        };
        for (const { prototype } of [RTCRtpSender, RTCRtpReceiver]) Object.assign(prototype, streams);
      });
    });
    await ben.enter();
    await anna.expectMembers([ANNA, BEN]);
    const own = await tileOf(ben, BEN);
    expect(own).toMatchObject({
      state: 'browser not supported',
      words: 'browser not supported',
      tone: 'bad',
    });
    expect(own.meaning).toContain(
      'Your browser cannot encrypt frames, so nothing is sent and nothing is shown.',
    );
    expect(await tileOf(ben, ANNA)).toMatchObject({ state: 'browser not supported' });
    expect(await ben.text('problem')).toContain('This browser cannot encrypt frames');
    expect((await tileOf(anna, BEN)).state).toBe('none');
    expect(atServer(await ben.id())?.in.total.packets ?? 0).toBe(0);
    await Promise.all([anna.close(), ben.close()]);
  });
});

describe('wrong keys', () => {
  test("one member's keys are wrong: both tiles say so in plain words, key frame requests stay few, and the next change heals it", async () => {
    const link = newLink(service);
    const anna = await CallPage.join(browser, link, ANNA);
    await anna.expectMembers([ANNA]);
    const site = await ChangedSite.of(service.url, canHaveWrongKeys);
    const ben = await open(site.link(link), BEN, ({ page }) => keepWorkers(page));
    await ben.enter();
    await anna.expectReceived([BEN]);
    await ben.expectReceived([ANNA]);
    expect(await tileOf(anna, BEN)).toMatchObject({ state: 'open', words: 'encrypted', explained: false });

    // The next epoch comes when Carol does; Ben's media keys of it are wrong.
    await tellWorker(ben.page, { type: 'wrong keys', on: true });
    const carol = new NodeMember(link, CAROL.name);
    await anna.expectMembers([ANNA, BEN, CAROL]);
    const stateOn = (page: CallPage, person: PersonInTest) => async () => (await tileOf(page, person)).state;
    await expect.poll(stateOn(anna, BEN), poll).toBe('forged or forked');
    await expect.poll(stateOn(ben, ANNA), poll).toBe('forged or forked');
    const before = await tileOf(anna, BEN);
    console.log(`Anna's tile of Ben: [${before.words}] ${before.meaning} ${before.counters}`);
    expect(before).toMatchObject({ words: 'forged or forked', tone: 'bad', explained: true });
    expect(before.meaning).toContain('What comes under the name of Ben does not open with the key of Ben');
    expect(before.meaning).toContain('Nothing of it is shown.');
    expect(before.meaning).toContain('the next change of keys heals it by itself');
    expect(before.meaning).toContain('compare the safety code with Ben');
    expect(await tileOf(anna, ANNA)).toMatchObject({ state: 'open', explained: false });

    // For 8 seconds Ben's frames go on arriving; nothing of them is shown, and requests for key frames stay few.
    const id = await ben.id();
    const requests = () => atServer(id)!.keyFrameRequests.sent;
    const [since, asked, arrived] = [performance.now(), requests(), atServer(id)!.in.video.packets];
    await expect.poll(() => atServer(id)!.in.video.packets, poll).toBeGreaterThan(arrived + 120);
    const seconds = (performance.now() - since) / 1_000;
    const after = await tileOf(anna, BEN);
    expect(after.pictures).toBe(before.pictures);
    expect(after.refused).toBeGreaterThan(before.refused + 120);
    const storm = `${after.refused - before.refused} frames refused in ${seconds.toFixed(1)} s`;
    console.log(`${storm}: ${requests() - asked} key frame requests`);
    // Anna's own are ever fewer, and the browser makes some too; together they are less than one a second.
    expect(requests() - asked).toBeLessThanOrEqual(Math.ceil(seconds) + 1);

    // Nobody does anything: keys change because Carol leaves.
    await tellWorker(ben.page, { type: 'wrong keys', on: false });
    carol.leave();
    await anna.expectMembers([ANNA, BEN]);
    await anna.expectReceived([BEN]);
    await ben.expectReceived([ANNA]);
    expect(await tileOf(anna, BEN)).toMatchObject({ state: 'open', words: 'encrypted', explained: false });
    expect([...anna.complaints, ...ben.complaints]).toEqual([]);
    await Promise.all([anna.close(), ben.close()]);
    site.close();
  });
});
