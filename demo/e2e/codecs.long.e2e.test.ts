import { type Browser, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type VideoCodec } from '../../src/media/connection/codecs.ts';
import { noFrames } from '../../src/media/transform/counters.ts';
import { compare, type Comparison } from './codecs/compare.ts';
import { keepReceived, type ReceivedFrame, type ReceivedPackets } from './codecs/received.ts';
import type { Report } from './codecs/recording-worker.ts';
import { launchChromium, onlyLoopback } from '../../src/checking/browser/chromium.ts';
import { type ForwarderTest, type JoinOptions, type Observation } from './forwarder/page.ts';
import { startTestServer, type TestServer } from './forwarder/server.ts';

declare const forwarderTest: ForwarderTest;

interface Person {
  readonly name: string;
  /** Corners of the picture, row by row. */
  readonly corners: readonly (readonly [string, readonly number[]])[];
  readonly tone: number;
}

const RED = ['#e00000', [224, 0, 0]] as const;
const GREEN = ['#00c000', [0, 192, 0]] as const;
const BLUE = ['#0000e0', [0, 0, 224]] as const;
const YELLOW = ['#e0e000', [224, 224, 0]] as const;

const ANNA: Person = { name: 'anna', corners: [RED, GREEN, BLUE, YELLOW], tone: 440 };
const BEN: Person = { name: 'ben', corners: [YELLOW, BLUE, GREEN, RED], tone: 880 };
const CAROL: Person = { name: 'carol', corners: [GREEN, YELLOW, RED, BLUE], tone: 1320 };
const PEOPLE = [ANNA, BEN, CAROL];

let received: ReceivedPackets;
let server: TestServer;
let browser: Browser;
let encodes: readonly VideoCodec[];

beforeAll(async () => {
  received = keepReceived();
  [server, browser] = await Promise.all([startTestServer({}), launchChromium()]);
  const page = await open();
  encodes = await page.evaluate(() => forwarderTest.encodes());
  await page.context().close();
  console.log(
    `Chromium ${browser.version()}, only loopback: ${onlyLoopback()}, encodes ${encodes.join(' ')}`,
  );
});
afterAll(async () => {
  await browser.close();
  await server.close();
  received.stop();
});

afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  await expect.poll(() => server.forwarder.stats().rooms).toBe(0);
  received.forget();
});

async function open(): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  page.on('pageerror', (error) => console.error(error));
  await page.goto(server.url);
  await page.waitForFunction(() => 'forwarderTest' in globalThis);
  return page;
}

async function join(page: Page, person: Person, more: Partial<JoinOptions>): Promise<Page> {
  await page.evaluate((options) => forwarderTest.join(options), {
    room: 'room',
    participant: person.name,
    colour: '#000000',
    corners: person.corners.map(([colour]) => colour),
    tone: person.tone,
    initialSlots: 1,
    worker: 'recording' as const,
    leaf: PEOPLE.indexOf(person),
    people: PEOPLE.map(({ name }) => name),
    askForMicrophone: false,
    ...more,
  });
  return page;
}

const leave = async (page: Page): Promise<void> => {
  await page.evaluate(() => forwarderTest.leave());
  await page.context().close();
};

const near = (seen: readonly number[] | undefined, rgb: readonly number[]): boolean =>
  seen !== undefined && seen.every((value, index) => Math.abs(value - rgb[index]!) < 60);

/** Waits until the page sees all corners of this person's picture and hears its tone. */
async function expectReceived(page: Page, { name, corners, tone }: Person): Promise<void> {
  const missing = (seen: readonly Observation[]): string[] => {
    const own = seen.filter(({ participant }) => participant === name);
    const isSeen = own.some((each) => corners.every(([, rgb], index) => near(each.corners[index], rgb)));
    const isHeard = own.some(({ peak }) => peak !== null && Math.abs(peak - tone) < 20);
    return [...(isSeen ? [] : ['not seen']), ...(isHeard ? [] : ['not heard'])];
  };
  await expect
    .poll(
      async () => {
        const seen = await page.evaluate(() => forwarderTest.observe());
        const problems = missing(seen);
        return problems.length === 0 ? [] : [...problems, JSON.stringify(seen)];
      },
      { timeout: 40_000, interval: 250 },
    )
    .toEqual([]);
}

const codecOf = async (page: Page): Promise<string> =>
  (await page.evaluate(() => forwarderTest.camera())).codec;

const errorsOf = (page: Page): Promise<readonly string[]> => page.evaluate(() => forwarderTest.errors());

const statsOf = (name: string) =>
  server.forwarder.stats().participants.find(({ participant }) => participant === name)!;

/** Every browser that is tested has these encoders; H.264 is not in every build of Chromium. */
const ALWAYS: readonly VideoCodec[] = ['video/vp8', 'video/vp9', 'video/av1'];

/** The codec, or VP8 where this browser does not encode it. */
function encoded(codec: VideoCodec): VideoCodec {
  expect(encodes).toEqual(expect.arrayContaining([...ALWAYS]));
  if (encodes.includes(codec)) return codec;
  console.log(`this Chromium does not encode ${codec}: only its rules are tested`);
  return 'video/vp8';
}

const KEY_FRAMES = 3;
const DELTA_FRAMES = 80;
const AUDIO_FRAMES = 250;

interface Streams {
  readonly name: string;
  readonly codec: VideoCodec;
  readonly arrived: { readonly video: ReceivedFrame[]; readonly audio: ReceivedFrame[] };
  readonly report: Report;
  readonly millisecondsToEncode: number;
}

/** Waits for enough frames of one person at the server. Compares nothing: that takes time, and the server has none. */
async function collect(page: Page, { name }: Person, codec: VideoCodec): Promise<Streams> {
  const wanted = (): string[] => {
    const video = received.frames(name, 'video').length;
    const audio = received.frames(name, 'audio').length;
    return [
      ...(video < DELTA_FRAMES + 3 * KEY_FRAMES ? [`${video} video frames`] : []),
      ...(audio < AUDIO_FRAMES ? [`${audio} audio frames`] : []),
    ];
  };
  for (let count = 0; count <= KEY_FRAMES; count += 1) {
    await page.evaluate(() => forwarderTest.requestKeyFrame('send', 1));
    await new Promise((later) => setTimeout(later, 2_000));
  }
  await expect.poll(wanted, { timeout: 60_000, interval: 500 }).toEqual([]);
  // What has arrived by now was made before.
  const arrived = { video: received.frames(name, 'video'), audio: received.frames(name, 'audio') };
  const report = await page.evaluate(() => forwarderTest.recorded());
  const camera = await page.evaluate(() => forwarderTest.camera());
  expect(camera.codec).toBe(codec);
  return { name, codec, arrived, report, millisecondsToEncode: camera.encodeMilliseconds / camera.frames };
}

/** Frames of one person at the server, beside what its encoders made. */
function compareStreams({ name, codec, arrived, report, millisecondsToEncode }: Streams): void {
  const plain = (kind: 'audio' | 'video') => report.frames.filter((frame) => frame.kind === kind);
  const video = compare(plain('video'), arrived.video);
  const audio = compare(plain('audio'), arrived.audio);
  const comparisons = new Map([...video.comparisons, ...audio.comparisons]);
  for (const [type, comparison] of comparisons) console.log(`${name}: ${described(type, comparison)}`);
  console.log(`${name}: ${millisecondsToEncode.toFixed(1)} ms to encode a frame of ${codec}`);
  console.log(`${name}: ${video.lost} video and ${audio.lost} audio frames did not arrive whole`);
  for (const { unmatched, lost, comparisons: all } of [video, audio]) {
    expect(unmatched).toBe(0);
    // Where the machine is busy packets are lost; but what was compared is most of what was made.
    expect(lost).toBeLessThan([...all.values()].reduce((sum, { frames }) => sum + frames, 0) / 2);
  }
  expect([...comparisons.keys()].sort()).toEqual(['audio/opus', `${codec} delta`, `${codec} key`]);
  for (const [type, comparison] of comparisons) expectSecret(type, comparison);
  // And all that came from the other one was opened.
  const opened = report.stats.slots.filter(({ direction }) => direction === 'receive');
  expect(opened.reduce((sum, { counters }) => sum + counters.open, 0)).toBeGreaterThan(AUDIO_FRAMES);
  for (const { slot, counters } of report.stats.slots)
    expect({ slot, ...counters }).toEqual({ slot, ...noFrames(), open: counters.open });
}

const FLOORS: Readonly<Record<string, { readonly frames: number; readonly secret: number }>> = {
  key: { frames: KEY_FRAMES, secret: 5_000 },
  delta: { frames: DELTA_FRAMES, secret: 50_000 },
  'audio/opus': { frames: AUDIO_FRAMES, secret: 10_000 },
};

function expectSecret(type: string, comparison: Comparison): void {
  const floor = FLOORS[type.split(' ').at(-1) ?? '']!;
  expect(comparison.problems, type).toEqual([]);
  expect(comparison.wrongKeyFrames, type).toBe(0);
  expect(comparison.frames, type).toBeGreaterThanOrEqual(floor.frames);
  expect(comparison.secret, type).toBeGreaterThanOrEqual(floor.secret);
  expect(comparison.clear + comparison.secret, type).toBe(comparison.bytes);
  if (type === 'audio/opus' || type.startsWith('video/vp9')) expect(comparison.clear, type).toBe(0);
  // Of random bytes one in 256 is equal: with at least 5,000 of them, 2 in 256 is far out.
  expect(comparison.equal / comparison.secret, type).toBeLessThan(2 / 256);
  expect(comparison.leaked, type).toBe(0);
  for (const [place, { equal, compared }] of comparison.places.entries()) {
    expect(compared, `${type}, byte ${place}`).toBeGreaterThanOrEqual(floor.frames);
    expect(equal / compared, `${type}, byte ${place}`).toBeLessThan(0.5);
  }
}

function described(
  type: string,
  { frames, ofSeveralPackets, units, bytes, clear, secret, equal }: Comparison,
): string {
  return [
    `${type}: ${frames} frames (${ofSeveralPackets} of several packets, ${units} units)`,
    `${bytes} bytes, ${clear} clear (${((100 * clear) / bytes).toFixed(3)} %, ${(clear / frames).toFixed(1)} a frame)`,
    `${secret} secret, of which ${equal} equal by chance (1 in ${Math.round(secret / equal)})`,
  ].join(', ');
}

describe('codecs in a call', () => {
  test.each([
    ['video/vp8', 'video/vp9'],
    ['video/h264', 'video/av1'],
  ] as const)('%s and %s: the server receives nothing in clear but what is named', async (one, other) => {
    const codecs = { anna: encoded(one), ben: encoded(other) };
    const room = `${one} ${other}`;
    const anna = await join(await open(), ANNA, { room, videoCodecs: [codecs.anna] });
    const ben = await join(await open(), BEN, { room, videoCodecs: [codecs.ben] });
    await expectReceived(anna, BEN);
    await expectReceived(ben, ANNA);
    const streams = [await collect(anna, ANNA, codecs.anna), await collect(ben, BEN, codecs.ben)];
    // Still, after many frames; and the server got no packet that was not compared.
    await expectReceived(anna, BEN);
    await expectReceived(ben, ANNA);
    for (const { name } of [ANNA, BEN])
      await expect.poll(() => statsOf(name).in.total.packets - received.count(name)).toBe(0);
    expect([...(await errorsOf(anna)), ...(await errorsOf(ben))]).toEqual([]);
    await leave(anna);
    await leave(ben);
    for (const each of streams) compareStreams(each);
  });

  test('a slot takes one source after another, each with its codec', async () => {
    const anna = await join(await open(), ANNA, { room: 'slot' });
    const slots: number[] = [];
    for (const [person, codec] of [
      [BEN, 'video/vp9'],
      [CAROL, encoded('video/h264')],
      [BEN, 'video/av1'],
      [CAROL, 'video/vp8'],
    ] as const) {
      const page = await join(await open(), person, { room: 'slot', videoCodecs: [codec] });
      await expectReceived(anna, person);
      await expectReceived(page, ANNA);
      expect(await codecOf(page)).toBe(codec);
      const seen = await anna.evaluate(() => forwarderTest.observe());
      slots.push(...seen.filter(({ kind }) => kind === 'video').map(({ slot }) => slot));
      await leave(page);
      await expect.poll(() => server.forwarder.stats().participants.length).toBe(1);
    }
    expect(slots).toEqual([3, 3, 3, 3]);
    expect(await codecOf(anna)).toBe('video/vp8');
    expect(await errorsOf(anna)).toEqual([]);
    expect(statsOf('anna').undecodable).toBe(0);
  });

  test('a codec that somebody does not receive is given up', async () => {
    const anna = await join(await open(), ANNA, { room: 'without', videoCodecs: ['video/av1', 'video/vp9'] });
    const ben = await join(await open(), BEN, { room: 'without', initialSlots: 2 });
    await expectReceived(ben, ANNA);
    expect(await codecOf(anna)).toBe('video/av1');
    const page = await open();
    await page.evaluate(() => forwarderTest.forgetCodec('video/av1'));
    const carol = await join(page, CAROL, { room: 'without', initialSlots: 2, videoCodecs: ['video/av1'] });
    await expectReceived(carol, ANNA);
    expect(await codecOf(anna)).toBe('video/vp9');
    expect(await codecOf(carol)).toBe('video/vp8');
    for (const [one, other] of [
      [ben, ANNA],
      [ben, CAROL],
      [carol, BEN],
      [anna, CAROL],
    ] as const)
      await expectReceived(one, other);
    console.log(`${statsOf('carol').undecodable} packets of AV1 were not sent to whom does not receive it`);
    for (const each of [anna, ben, carol]) expect(await errorsOf(each)).toEqual([]);
    expect(server.forwarder.stats().errors).toEqual({});
  });
});
