import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { expectBehaviour } from './call/records.ts';
import { CallPage, commonCode } from './call/CallPage.ts';
import { ANNA, BEN } from './call/people.ts';
import { buildPage, NEVER, newRoom } from './call/service.ts';
import { succession } from './call/succession.ts';
import { launchChromium } from '../../src/checking/browser/chromium.ts';
import { host, type Hosted } from './machines/hosted.ts';
import {
  canSendUdp,
  commandsOn,
  makeNetwork,
  netOf,
  whyNoNamespaces,
  type Machine,
  type Network,
} from './machines/network.ts';

const why = whyNoNamespaces();
if (why !== null) console.log(`Calls between machines are not tried: ${why}.`);
const possible = why === null || process.env['CI'] !== undefined;

describe.skipIf(!possible)('a call between machines, over HTTPS', () => {
  let network: Network | undefined;
  let service: Hosted | undefined;
  let folder: string | undefined;
  beforeAll(buildPage);
  afterEach(async () => {
    await service?.stop();
    network?.remove();
    if (folder !== undefined) await rm(folder, { recursive: true });
    [network, service, folder] = [undefined, undefined, undefined];
  });

  test('the committer on one machine is killed in mid-call, and those on another go on', async () => {
    expect(why).toBeNull();
    network = makeNetwork(3);
    const [server, first, second] = network.machines as readonly [Machine, Machine, Machine];
    // Three networks, none of them this one's.
    expect(new Set([netOf('self'), server.net, first.net, second.net]).size).toBe(4);
    folder = await mkdtemp(join(tmpdir(), 'service-'));
    const options = [
      '--lan',
      '--port',
      '3443',
      '--data',
      folder,
      '--udp-ports',
      '42000-42099',
      '--log-level',
      'trace',
    ];
    service = await host(server, options, {
      COMMITTER_LIMITS_GRACE_MS: '1500',
      COMMITTER_LIMITS_SILENCE_MS: String(NEVER),
    });
    expect(netOf(service.pid)).toBe(server.net);
    expect(service.url).toBe(`https://${server.address}:3443`);

    // Who does not accept the certificate is warned, in the browser's own words.
    const warned = await launchChromium(second.place);
    try {
      const page = await warned.newPage();
      await expect(page.goto(service.url)).rejects.toThrow('ERR_CERT_AUTHORITY_INVALID');
      // The browser is there, and is started as any browser is: without the flag that tests on loopback need.
      const commands = commandsOn(second);
      expect(commands.length).toBeGreaterThanOrEqual(3);
      expect(commands.some((line) => line.includes('--use-fake-device-for-media-stream'))).toBe(true);
      expect(commands.filter((line) => line.includes('--allow-loopback-in-peer-connection'))).toEqual([]);
    } finally {
      await warned.close();
    }

    const before = network.received();
    const { codes, records, log, complaints } = await succession(service, [first.place, second.place]);
    const received = network.received().map((bytes, index) => bytes - (before[index] ?? 0));
    console.log(`bytes to the service from each machine: ${received.join(', ')}`);
    expect(codes[0]).not.toBe(codes[1]);
    expect(complaints).toEqual([]);
    expect(log.some((line) => line.includes('removed Anna'))).toBe(true);
    expect(log.some((line) => line.includes('let Dave in'))).toBe(true);
    // Pictures and tones, and not only words: both machines sent them.
    for (const bytes of received) expect(bytes).toBeGreaterThan(50_000);
    const { crashes, events } = await expectBehaviour(records);
    expect(crashes).toHaveLength(1);
    expect(events).toBeGreaterThanOrEqual(30);

    // The log says much, and nothing of what only those in the call should know, nor where they are.
    const text = service.log.join('\n');
    const ids = new Set(records.flatMap((it) => it.text.match(/[0-9a-f]{32,}/g) ?? []));
    const names = ['Anna', 'Ben', 'Carol', 'Dave', ...network.machines.map(({ address }) => address)];
    console.log(`${service.log.length} lines of log, ${ids.size} ids searched for`);
    expect(service.log.length).toBeGreaterThan(100);
    expect(ids.size).toBeGreaterThan(5);
    expect([...ids, ...names].filter((it) => text.includes(it))).toEqual([]);

    const { code, milliseconds } = await service.stop();
    console.log(`stopped in ${Math.round(milliseconds)} ms`);
    expect(code).toBe(0);
    expect(milliseconds).toBeLessThan(10_000);
  }, 600_000);

  test('a machine that may send no UDP sees and hears the others by TCP', async () => {
    expect(why).toBeNull();
    network = makeNetwork(3);
    const [server, first, second] = network.machines as readonly [Machine, Machine, Machine];
    first.dropUdp();
    expect(canSendUdp(first, server)).toBe(false);
    expect(canSendUdp(second, server)).toBe(true);
    service = await host(server, ['--lan', '--port', '3443', '--tcp'], {});
    const [without, other] = [await launchChromium(first.place), await launchChromium(second.place)];
    try {
      const anna = await CallPage.join(without, newRoom(service), ANNA);
      const ben = await CallPage.join(other, await anna.link(), BEN);
      await anna.expectReceived([BEN]);
      await ben.expectReceived([ANNA]);
      await commonCode([anna, ben]);
      expect([...anna.complaints, ...ben.complaints]).toEqual([]);
    } finally {
      await without.close();
      await other.close();
    }
  }, 300_000);
});
