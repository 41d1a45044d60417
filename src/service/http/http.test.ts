import { request as httpsRequest } from 'node:https';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { MemoryLogStore } from '../../log/memory.ts';
import { startService, type Service, type ServiceOptions } from '../server.ts';
import { Client, newInvite, until } from '../testing.ts';
import { lanCertificate } from './lanCertificate.ts';

let service: Service | undefined;
let folder: string | undefined;
afterEach(async () => {
  await service?.close();
  service = undefined;
  if (folder !== undefined) rmSync(folder, { recursive: true });
  folder = undefined;
});

async function start(options: ServiceOptions = {}): Promise<Service> {
  service = await startService(options);
  return service;
}

const certificate = async () => {
  folder = mkdtempSync(join(tmpdir(), 'certificate-'));
  return lanCertificate(folder, ['127.0.0.1', 'localhost']);
};

/** What comes of a WebSocket with these headers: `open`, or the HTTP status. */
const attempt = (
  url: string,
  headers: Record<string, string> = {},
  room = newInvite().room,
): Promise<string> =>
  new Promise((resolve) => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/rooms/${room}`, {
      headers,
      rejectUnauthorized: false,
    });
    socket.on('open', () => {
      socket.terminate();
      resolve('open');
    });
    socket.on('unexpected-response', (_, { statusCode }) => resolve(String(statusCode)));
    socket.on('error', ({ message }) => resolve(message));
  });

/** A connection that says what one likes. */
class Raw {
  readonly socket: Socket;
  heard = '';
  ended = false;
  constructor(url: string) {
    const { hostname, port } = new URL(url);
    this.socket = connect(Number(port), hostname);
    this.socket.on('data', (data) => (this.heard += data.toString('latin1')));
    this.socket.on('error', () => undefined);
    this.socket.on('close', () => (this.ended = true));
  }
}

describe('headers', () => {
  const names = [
    ...['content-security-policy', 'referrer-policy', 'x-content-type-options', 'permissions-policy'],
    ...['cross-origin-opener-policy', 'cross-origin-resource-policy'],
  ];
  test('are on every answer; what binds a browser to HTTPS only where that is certain', async () => {
    const { url } = await start({ page: 'demo', trustedProxies: ['127.0.0.1'] });
    let seen = 0;
    for (const path of ['/', '/index.html', '/gone', '/health']) {
      const { headers } = await fetch(url + path);
      for (const name of names) expect(headers.get(name), `${path} ${name}`).not.toBeNull();
      expect(headers.get('strict-transport-security')).toBeNull();
      seen += names.length;
    }
    expect(seen).toBe(24);
    const behind = await fetch(url, {
      headers: { 'x-forwarded-proto': 'https', 'x-forwarded-for': '192.0.2.1' },
    });
    expect(behind.headers.get('strict-transport-security')).toMatch(/^max-age=\d{7,}$/);
  });

  test.each([false, true])('over TLS, with a makeshift certificate: %s', async (makeshift) => {
    const tls = await certificate();
    const { url } = await start({ tls, makeshift });
    const headers = await new Promise<Record<string, unknown>>((resolve, reject) => {
      httpsRequest(`${url}/health`, { rejectUnauthorized: false }, (response) => resolve(response.headers))
        .on('error', reject)
        .end();
    });
    expect(headers['strict-transport-security'] === undefined).toBe(makeshift);
  });
});

describe('the origin of a WebSocket', () => {
  test('in the clear, over TLS, and behind a proxy', async () => {
    const clear = await start();
    const host = new URL(clear.url).host;
    expect(await attempt(clear.url, { origin: `http://${host}` })).toBe('open');
    expect(await attempt(clear.url)).toBe('open');
    expect(await attempt(clear.url, { origin: `https://${host}` })).toBe('403');
    expect(await attempt(clear.url, { origin: 'http://evil.example' })).toBe('403');
    // Nobody is trusted: what a client says of itself counts for nothing.
    const said = { 'x-forwarded-proto': 'https', host: 'calls.example', origin: 'https://calls.example' };
    expect(await attempt(clear.url, said)).toBe('403');
    expect(clear.stats().refused).toEqual({ bad_origin: 3 });
    await clear.close();

    const behind = await start({ trustedProxies: ['127.0.0.1'] });
    expect(await attempt(behind.url, said)).toBe('open');
    expect(await attempt(behind.url, { ...said, origin: 'http://calls.example' })).toBe('403');
    await behind.close();

    const secure = await start({ tls: await certificate() });
    expect(secure.url).toMatch(/^https:/);
    expect(await attempt(secure.url, { origin: secure.url })).toBe('open');
    expect(await attempt(secure.url, { origin: secure.url.replace('https', 'http') })).toBe('403');
  });
});

describe('what an address may do', () => {
  test('so many connections, rooms and joins; each is counted, and another address is free', async () => {
    const { url, stats } = await start({
      trustedProxies: ['127.0.0.1'],
      limits: { connectionsPerAddress: 2, roomBurst: 3, roomsPerMinute: 0 },
    });
    const from = (address: string) => ({ 'x-forwarded-for': address });
    const [a, b] = [newInvite(), newInvite()];
    const socket = (room: string) =>
      new WebSocket(`${url.replace('http', 'ws')}/rooms/${room}`, { headers: from('192.0.2.1') });
    const open = [socket(a.room), socket(b.room)];
    await until(() => stats().connections === 2);
    expect(await attempt(url, from('192.0.2.1'), a.room)).toBe('429');
    expect(await attempt(url, from('192.0.2.2'), a.room)).toBe('open');
    expect(stats().refused).toEqual({ too_many_connections: 1 });
    open[0]?.terminate();
    await until(() => stats().connections === 1);
    // Its third room, and there is no fourth.
    expect(await attempt(url, from('192.0.2.1'))).toBe('open');
    await until(() => stats().connections === 1);
    expect(await attempt(url, from('192.0.2.1'))).toBe('429');
    expect(await attempt(url, from('192.0.2.1'), a.room)).toBe('open');
    expect(await attempt(url, from('192.0.2.2'))).toBe('open');
    expect(stats().refused).toEqual({ too_many_connections: 1, too_many_rooms: 1 });
    for (const it of open) it.terminate();
  });

  test('a request that is no WebSocket after all gives its place back', async () => {
    const { url, stats } = await start({ limits: { connectionsPerAddress: 1 } });
    for (let i = 0; i < 5; i++) {
      const raw = new Raw(url);
      raw.socket.write(
        `GET /rooms/${newInvite().room} HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
      );
      await until(() => raw.ended);
      expect(raw.heard).toMatch(/^HTTP\/1.1 400 /);
    }
    expect(await attempt(url)).toBe('open');
    expect(stats().refused).toEqual({});
  });

  test('so many joins, and the room goes on for those who are in it', async () => {
    const running = await start({ limits: { joinBurst: 2, joinsPerMinute: 0 } });
    const invite = newInvite();
    const [a, b, c] = [0, 1, 2].map(() => new Client(running.url, invite)) as [Client, Client, Client];
    await a.joins();
    await b.joins();
    await c.asks();
    expect(await c.refusal()).toBe('too_many_joins, closed 1008');
    await a.appends(await a.drafts());
    await until(() => b.entries.at(-1)?.kind === 'handover');
    expect(running.stats().refused).toEqual({ too_many_joins: 1 });
    const { entries, deliveries, bytes } = running.stats();
    expect(entries).toBe(3);
    expect(deliveries).toBeGreaterThanOrEqual(5);
    expect(Math.min(bytes.in, bytes.out)).toBeGreaterThan(1_000);
  });

  test('so many pings of WebSocket itself, which nobody reads the answers of', async () => {
    const running = await start({ limits: { messageBurst: 50, messagesPerSecond: 0 } });
    const invite = newInvite();
    const [a, b] = [new Client(running.url, invite), new Client(running.url, invite)];
    await a.joins();
    await b.joins();
    for (let i = 0; i < 1_000; i++) a.socket.ping('x'.repeat(100));
    expect(await a.refusal()).toBe('too_many_messages, closed 1008');
    await b.appends(await b.drafts());
    await until(() => b.entries.at(-1)?.kind === 'handover');
  });

  test('a room holds so many at once, and one who leaves makes place', async () => {
    const running = await start({ limits: { participants: 2 } });
    const invite = newInvite();
    const [a, b, c, d] = [0, 1, 2, 3].map(() => new Client(running.url, invite)) as [
      Client,
      Client,
      Client,
      Client,
    ];
    await a.joins();
    await b.joins();
    await c.asks();
    expect(await c.refusal()).toBe('room_full, closed 1008');
    a.say({ type: 'leave' });
    await a.closed();
    await d.joins();
  });
});

describe('connections that take their time', () => {
  const limits = { headersMs: 300, requestMs: 600, keepAliveMs: 300, socketsPerAddress: 3 };

  test('headers drop by drop, nothing at all, a body that never comes: all are cut, and a call goes on', async () => {
    const running = await start({ limits: { ...limits, socketsPerAddress: 50 } });
    const invite = newInvite();
    const a = new Client(running.url, invite);
    await a.joins();
    const slow = Array.from({ length: 10 }, () => new Raw(running.url));
    const drops = setInterval(() => {
      for (const { socket } of slow) if (socket.writable) socket.write('X');
    }, 50);
    for (const { socket } of slow) socket.write('GET / HTTP/1.1\r\nHost: a\r\nX-');
    const silent = Array.from({ length: 10 }, () => new Raw(running.url));
    const body = Array.from({ length: 10 }, () => new Raw(running.url));
    for (const { socket } of body) socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nx');
    await until(() => [...slow, ...silent, ...body].every(({ ended }) => ended));
    clearInterval(drops);
    for (const { heard } of slow) expect(heard).toMatch(/^HTTP\/1.1 408 /);
    await a.appends(await a.drafts());
    await until(() => a.entries.at(-1)?.kind === 'handover');
    expect(running.stats().refused.bad_request).toBeGreaterThanOrEqual(10);
  });

  test('TLS that is never shaken hands on', async () => {
    const running = await start({ tls: await certificate(), limits });
    const raw = new Raw(running.url);
    await until(() => raw.ended);
  });

  test('the end does not wait for them', async () => {
    const running = await start({ tls: await certificate(), limits: { headersMs: 60_000 } });
    const raw = Array.from({ length: 5 }, () => new Raw(running.url));
    await until(() => raw.every(({ socket }) => !socket.connecting));
    const begun = performance.now();
    await running.close();
    expect(performance.now() - begun).toBeLessThan(5_000);
    await until(() => raw.every(({ ended }) => ended));
    service = undefined;
  });

  test('headers that are too large, and lines that are none', async () => {
    const running = await start({ limits: { headerBytes: 2_048 } });
    const large = new Raw(running.url);
    large.socket.write(`GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(3_000)}\r\n\r\n`);
    await until(() => large.ended);
    expect(large.heard).toMatch(/^HTTP\/1.1 431 /);
    const odd = new Raw(running.url);
    odd.socket.write('\u0000\u0001 hello\r\n\r\n');
    await until(() => odd.ended);
    expect(odd.heard).toMatch(/^HTTP\/1.1 400 /);
    expect(running.stats().refused).toEqual({ bad_request: 2 });
  });

  test('more connections than an address may have are closed at once', async () => {
    const running = await start({ limits: { ...limits, headersMs: 60_000 } });
    const raw = Array.from({ length: 6 }, () => new Raw(running.url));
    await until(() => raw.filter(({ ended }) => ended).length === 3);
    expect(running.stats().refused).toEqual({ too_many_sockets: 3 });
    for (const { socket } of raw) socket.destroy();
    await until(() => raw.every(({ ended }) => ended));
    expect((await fetch(running.url)).status).toBe(404);
  });
});

describe('health and the end', () => {
  test('who is connected is told to come back, nobody new is taken in, and it ends in time', async () => {
    const running = await start();
    const { url } = running;
    expect(await (await fetch(`${url}/health`)).json()).toEqual({ status: 'ok' });
    const invite = newInvite();
    const [polite, deaf] = [new Client(url, invite), new Client(url, invite)];
    await polite.joins();
    await deaf.joins();
    // It reads nothing, and so never answers the close frame.
    deaf.socket.pause();
    const begun = performance.now();
    const stopped = running.stop(1_000);
    expect(await polite.closed()).toBe(1012);
    const health = await fetch(`${url}/health`);
    expect([health.status, await health.json()]).toEqual([503, { status: 'stopping' }]);
    expect(await attempt(url)).toBe('503');
    expect(running.stats().refused.stopping).toBe(1);
    await stopped;
    const took = performance.now() - begun;
    console.log(`ended in ${Math.round(took)} ms, with one that does not read`);
    expect(took).toBeGreaterThan(900);
    expect(took).toBeLessThan(5_000);
    await expect(fetch(url)).rejects.toThrow();
    service = undefined;
  });

  test('nobody has left by it: who was there resumes when the service is there again', async () => {
    const store = new MemoryLogStore();
    const running = await start({ store, limits: { graceMs: 1_000 } });
    const invite = newInvite();
    const [polite, deaf] = [new Client(running.url, invite), new Client(running.url, invite)];
    const token = await polite.joins();
    await deaf.joins();
    deaf.socket.pause();
    await running.stop(60_000);
    const again = await start({ store });
    const back = new Client(again.url, invite, polite.id);
    await back.resumes(token, 1);
    await back.first('joined');
    expect(back.entries.map(({ kind }) => kind)).toEqual(['join', 'join']);
    expect(again.stats().refused).toEqual({});
    deaf.socket.terminate();
  });

  test('it ends at once where everybody answers', async () => {
    const running = await start();
    const client = new Client(running.url, newInvite());
    await client.joins();
    const begun = performance.now();
    await running.stop(20_000);
    expect(performance.now() - begun).toBeLessThan(5_000);
    service = undefined;
  });
});
