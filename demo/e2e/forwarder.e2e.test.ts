import { type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium, onlyLoopback } from '../../src/checking/browser/chromium.ts';
import { type ForwarderTest, type JoinOptions, type Observation } from './forwarder/page.ts';
import { startTestServer, type TestServer } from './forwarder/server.ts';

declare const forwarderTest: ForwarderTest;

interface Person {
  readonly name: string;
  readonly colour: string;
  readonly rgb: readonly number[];
  readonly tone: number;
}

const ANNA: Person = { name: 'anna', colour: '#ff0000', rgb: [255, 0, 0], tone: 440 };
const BEN: Person = { name: 'ben', colour: '#00ff00', rgb: [0, 255, 0], tone: 880 };
const CAROL: Person = { name: 'carol', colour: '#0000ff', rgb: [0, 0, 255], tone: 1320 };
const DAVE: Person = { name: 'dave', colour: '#ffff00', rgb: [255, 255, 0], tone: 1760 };

let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startTestServer({}), launchChromium()]);
  console.log(`Chromium ${browser.version()}, only loopback: ${onlyLoopback()}`);
});
afterAll(async () => {
  await browser.close();
  await server.close();
});

async function open(): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  page.on('pageerror', (error) => console.error(error));
  await page.goto(server.url);
  await page.waitForFunction(() => 'forwarderTest' in globalThis);
  return page;
}

async function join(person: Person, more: Partial<JoinOptions> = {}): Promise<Page> {
  const page = await open();
  await page.evaluate((options) => forwarderTest.join(options), {
    room: 'room',
    participant: person.name,
    colour: person.colour,
    tone: person.tone,
    initialSlots: 1,
    worker: 'clear' as const,
    askForMicrophone: false,
    ...more,
  });
  return page;
}

const leave = async (page: Page): Promise<void> => {
  await page.evaluate(() => forwarderTest.leave());
  await page.context().close();
};

const statsOf = (name: string) =>
  server.forwarder.stats().participants.find(({ participant }) => participant === name);

const isHeard = (seen: readonly Observation[], { name, tone }: Person): boolean =>
  seen.some(({ participant, peak }) => participant === name && peak !== null && Math.abs(peak - tone) < 20);

const isSeen = (seen: readonly Observation[], { name, rgb }: Person): boolean =>
  seen.some(
    ({ participant, colour }) =>
      participant === name && colour?.every((value, index) => Math.abs(value - rgb[index]!) < 60) === true,
  );

/** Waits until the page sees and hears exactly these people. */
async function expectReceived(page: Page, people: readonly Person[]): Promise<void> {
  await expect
    .poll(
      async () => {
        const seen = await page.evaluate(() => forwarderTest.observe());
        const names = new Set(seen.map(({ participant }) => participant));
        const missing = people.flatMap((person) => [
          ...(isSeen(seen, person) ? [] : [`${person.name} not seen`]),
          ...(isHeard(seen, person) ? [] : [`${person.name} not heard`]),
        ]);
        const extra = [...names].filter((name) => people.every((person) => person.name !== name));
        const told = missing.length > 0 ? [JSON.stringify(seen)] : [];
        return [...missing, ...extra, ...told];
      },
      { timeout: 40_000, interval: 250 },
    )
    .toEqual([]);
}

describe('forwarding server and page', () => {
  test('three pages join one after another, one leaves, others join: each receives exactly the others', async () => {
    const anna = await join(ANNA);
    const ben = await join(BEN, { askForMicrophone: true });
    await expectReceived(anna, [BEN]);
    await expectReceived(ben, [ANNA]);

    // One slot was offered: the third participant needs a second offer of the first two.
    const carol = await join(CAROL);
    await expectReceived(anna, [BEN, CAROL]);
    await expectReceived(ben, [ANNA, CAROL]);
    await expectReceived(carol, [ANNA, BEN]);
    expect(statsOf('anna')?.slots).toBe(4);

    await leave(ben);
    await expectReceived(anna, [CAROL]);
    await expectReceived(carol, [ANNA]);

    // Slots that ben left are used again, by another sender and by ben come back.
    const dave = await join(DAVE, { initialSlots: 3 });
    await expectReceived(anna, [CAROL, DAVE]);
    await expectReceived(carol, [ANNA, DAVE]);
    await expectReceived(dave, [ANNA, CAROL]);
    expect(statsOf('anna')?.slots).toBe(4);
    const benAgain = await join(BEN);
    await expectReceived(anna, [BEN, CAROL, DAVE]);
    await expectReceived(carol, [ANNA, BEN, DAVE]);
    await expectReceived(dave, [ANNA, BEN, CAROL]);
    await expectReceived(benAgain, [ANNA, CAROL, DAVE]);
    expect(statsOf('anna')?.slots).toBe(6);

    const pages = [anna, benAgain, carol, dave];
    const problems = await Promise.all(pages.map((page) => page.evaluate(() => forwarderTest.errors())));
    expect(problems.flat()).toEqual([]);
    const fewest = (): number =>
      Math.min(
        ...server.forwarder
          .stats()
          .participants.flatMap(({ in: { audio, video }, out }) => [audio, video, out.audio, out.video])
          .map(({ packets }) => packets),
      );
    await expect.poll(fewest, { timeout: 20_000 }).toBeGreaterThan(20);
    const stats = server.forwarder.stats();
    console.log(JSON.stringify(stats));
    expect(stats.participants.map(({ connected }) => connected)).toEqual([true, true, true, true]);
    for (const { in: received } of stats.participants)
      expect(received.total.packets).toBe(received.audio.packets + received.video.packets);
    expect(stats.errors).toEqual({});

    await dave.evaluate(() => forwarderTest.stopCamera());
    await expect.poll(() => anna.evaluate(() => forwarderTest.active())).not.toContain('dave video');
    expect(await anna.evaluate(() => forwarderTest.active())).toContain('dave audio');

    const before = (await anna.evaluate(() => forwarderTest.statistics())).keyFrames;
    await anna.evaluate(() => forwarderTest.requestKeyFrame('send', 1));
    await expect
      .poll(async () => (await anna.evaluate(() => forwarderTest.statistics())).keyFrames)
      .toBeGreaterThan(before);
    const asked = statsOf('anna')?.keyFrameRequests.received ?? 0;
    await carol.evaluate(() => {
      for (const slot of [2, 3, 4, 5, 6, 7]) forwarderTest.requestKeyFrame('receive', slot);
    });
    await expect.poll(() => statsOf('anna')?.keyFrameRequests.received).toBeGreaterThan(asked);

    for (const page of pages) await leave(page);
    await expect.poll(() => server.forwarder.stats().rooms).toBe(0);
  });

  test.each([
    ['a worker that has not taken its transforms up', 'silent', false],
    ['transforms that are never set', 'clear', true],
  ] as const)('not one packet arrives with %s', async (_case, worker, ignore) => {
    const page = await open();
    if (ignore) await page.evaluate(() => forwarderTest.ignoreTransforms());
    await page.evaluate((options) => forwarderTest.join(options), {
      room: 'closed room',
      participant: 'quiet',
      colour: ANNA.colour,
      tone: ANNA.tone,
      initialSlots: 1,
      worker,
      askForMicrophone: false,
    });
    await expect.poll(() => statsOf('quiet')?.connected, { timeout: 20_000 }).toBe(true);
    // The camera made frames all the while.
    await expect
      .poll(async () => (await page.evaluate(() => forwarderTest.statistics())).sourceFrames, {
        timeout: 20_000,
      })
      .toBeGreaterThan(45);
    expect(statsOf('quiet')?.in.total.packets).toBe(0);
    expect((await page.evaluate(() => forwarderTest.statistics())).packetsSent).toBe(0);
    await leave(page);
  });

  test('a browser without encoded transforms is refused before it makes a connection', async () => {
    const page = await open();
    const outcome = await page.evaluate(() => forwarderTest.withoutEncodedTransform());
    expect(outcome).toBe('encoded_transform_unsupported, 0 connections');
    await page.context().close();
  });
});
