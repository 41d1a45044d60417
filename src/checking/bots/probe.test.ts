import { createServer } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { ProbeError, probeRoom } from './probe.ts';

const servers: { close(): unknown }[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  servers.push(server);
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}/rooms/x`;
}

async function saying(what: string | null): Promise<string> {
  const server = createServer();
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) => {
    if (what === null) socket.close(1013, 'server_full');
    else socket.send(what);
  });
  return listening(server);
}

const answering = (status: number): Promise<string> =>
  listening(
    createServer().on('upgrade', (_, socket) => {
      socket.end(`HTTP/1.1 ${status} No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    }),
  );

const LOG = { type: 'log', version: 1, log: '0f'.repeat(16), length: 7 };

test('a room says how long its log is', async () => {
  expect(await probeRoom(await saying(JSON.stringify(LOG)))).toBe(7);
});

const cases: readonly (readonly [string, () => Promise<string>, string])[] = [
  ['nobody listens', () => Promise.resolve('ws://127.0.0.1:1/'), 'unreachable'],
  ['a web server', () => answering(404), 'no_service'],
  ['a full service', () => answering(503), 'busy'],
  ['a service that has had enough of this address', () => answering(429), 'busy'],
  ['a full service that says so on the WebSocket', () => saying(null), 'busy'],
  ['another kind of WebSocket', () => saying('hello'), 'no_service'],
  ['a service that begins otherwise', () => saying(JSON.stringify({ type: 'ping' })), 'no_service'],
  ['one that never answers', () => listening(createTcpServer()), 'silent'],
];

test.each(cases)('%s', async (_, start, code) => {
  const error: unknown = await probeRoom(await start(), 300).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ProbeError);
  expect((error as ProbeError).code).toBe(code);
});
