import { randomBytes } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { fromBase64url, toBase64url } from '../../log/messages.ts';
import { startService, type Service, type ServiceOptions } from '../server.ts';
import { Client, newInvite, until } from '../testing.ts';
import { SERVICE_LIMITS } from './limits.ts';

let service: Service | undefined;
const unhandled: unknown[] = [];
process.on('unhandledRejection', (reason) => unhandled.push(reason));

async function start(limits: ServiceOptions['limits'] = {}): Promise<Service> {
  service = await startService({ limits: { graceMs: 60_000, ...limits } });
  return service;
}

afterEach(async () => {
  await service?.close();
  service = undefined;
  expect(unhandled).toEqual([]);
});

const invite = newInvite();
const client = ({ url }: Service, of = invite): Client => new Client(url, of);
const data = (bytes: number): string => toBase64url(randomBytes(bytes));
const says = (who: Client, text: string): void => who.say({ type: 'message', data: text });

test('a message reaches everybody else who is here, in order, under the name of its connection, and not the log', async () => {
  const room = await start();
  const [a, b, c, elsewhere] = [client(room), client(room), client(room), client(room, newInvite())];
  for (const it of [a, b, c, elsewhere]) await it.joins();
  const sent = Array.from({ length: 10 }, (_, index) => data(100 + index));
  for (const text of sent) says(a, text);
  const largest = data(SERVICE_LIMITS.relayBytes);
  says(b, largest);
  const ofA = sent.map((text) => ({ type: 'message', from: a.id, data: text }));
  const ofB = { type: 'message', from: b.id, data: largest };
  await until(() => b.all('message').length === 10 && c.all('message').length === 11);
  expect(b.all('message')).toEqual(ofA);
  expect(c.all('message').filter(({ from }) => from === a.id)).toEqual(ofA);
  expect(a.all('message')).toEqual([ofB]);
  expect(elsewhere.all('message')).toEqual([]);

  // Who comes later, or comes back, gets what is said from then on, and nothing of what was.
  const late = client(room);
  await late.joins();
  says(a, data(8));
  await until(() => late.all('message').length === 1);
  await until(() => late.entries.length === 4);
  expect(late.entries.map(({ kind }) => kind)).toEqual(Array(4).fill('join'));
  expect(room.stats().entries).toBe(5);
  expect(room.stats().refused).toEqual({});
});

test('is for who has joined, and has not left', async () => {
  const room = await start();
  const [stranger, member] = [client(room), client(room)];
  await member.joins();
  await stranger.log();
  says(stranger, data(8));
  expect(await stranger.refusal()).toBe('message_order, closed 1008');
  const leaver = client(room);
  await leaver.joins();
  leaver.say({ type: 'leave' });
  says(leaver, data(8));
  expect(await leaver.closed()).toBe(1000);
  expect(member.all('message')).toEqual([]);
});

test('too long or too fast is refused, told and counted, and the call goes on', async () => {
  const room = await start({ relayBurst: 3, relaysPerSecond: 0.0001 });
  const [a, b] = [client(room), client(room)];
  await a.joins();
  await b.joins();
  says(a, data(SERVICE_LIMITS.relayBytes + 1));
  for (let count = 0; count < 5; count += 1) says(a, data(8));
  await until(() => a.all('error').length === 3);
  expect(a.all('error').map(({ code, fatal }) => [code, fatal])).toEqual([
    ['relay_too_long', false],
    ['relay_too_fast', false],
    ['relay_too_fast', false],
  ]);
  await until(() => b.all('message').length === 3);
  expect(room.stats().refused).toEqual({ relay_too_long: 1, relay_too_fast: 2 });
  // The bucket of one is not that of another, and entries have none of it.
  says(b, data(8));
  await a.appends(await a.drafts());
  await until(() => a.all('message').length === 1 && b.entries.at(-1)?.kind === 'handover');
  expect(a.closedBy).toBe(null);
});

test('what nobody takes is cut off as entries are', async () => {
  const room = await start({ queueBytes: 64 << 10, relayBurst: 2_000, messageBurst: 2_000, pingMs: 60_000 });
  const [a, b] = [client(room), client(room)];
  await a.joins();
  await b.joins();
  b.socket.pause();
  const big = data(SERVICE_LIMITS.relayBytes);
  for (let count = 0; count < 1_000 && room.stats().refused.queue_full === undefined; count += 1) {
    says(a, big);
    if (count % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await until(() => room.stats().refused.queue_full === 1);
  b.socket.resume();
  await b.closed();
  expect(a.closedBy).toBe(null);
});

test('bytes are the same on the other side', async () => {
  const room = await start();
  const [a, b] = [client(room), client(room)];
  await a.joins();
  await b.joins();
  const all = [1, 2, 3, 255, 4_096].map((length) => new Uint8Array(randomBytes(length)));
  for (const bytes of all) says(a, toBase64url(bytes));
  await until(() => b.all('message').length === all.length);
  expect(b.all('message').map((it) => fromBase64url(it.data))).toEqual(all);
});
