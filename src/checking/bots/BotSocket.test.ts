import { setTimeout as pause } from 'node:timers/promises';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { BotSocket } from './BotSocket.ts';
import { Turns } from './Turns.ts';

const servers: WebSocketServer[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    for (const client of server.clients) client.terminate();
    server.close();
  }
});

/** A socket, the other side of it, and what both have heard. */
async function connected() {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  servers.push(server);
  await new Promise((resolve) => server.once('listening', resolve));
  const other = new Promise<WebSocket>((resolve) => server.once('connection', resolve));
  const lane = new Turns().lane();
  const heard: unknown[] = [];
  const said: string[] = [];
  let bytes = 0;
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const socket = new BotSocket(
    url,
    lane,
    (count) => (bytes += count),
    (message) => void heard.push(message),
  );
  socket.onmessage = ({ data }) => void heard.push(data);
  socket.onclose = ({ code }) => void heard.push(code);
  const service = await other;
  service.on('message', (data: Buffer) => void said.push(data.toString()));
  return { socket, service, lane, heard, said, bytes: () => bytes };
}

const PING = '{"type":"ping"}';
const PONG = '{"type":"pong"}';

test('a ping is answered as it arrives, once, however much waits before it', async () => {
  const { socket, service, lane, heard, said } = await connected();
  // Its turn does not come.
  lane.step = () => false;
  service.send('{"type":"entry"}');
  service.send(PING);
  await expect.poll(() => said).toEqual([PONG]);
  expect(heard).toEqual([]);
  socket.send(PONG);
  socket.send('{"type":"leave"}');
  await expect.poll(() => said).toEqual([PONG, '{"type":"leave"}']);
});

test('what is heard comes in order, its end last, and its bytes are counted', async () => {
  const { service, heard, bytes } = await connected();
  for (const text of ['a', PING, 'ü']) service.send(text);
  service.close(1013);
  await expect.poll(() => heard.length).toBe(4);
  expect([heard, bytes()]).toEqual([['a', PING, 'ü', 1013], 3 + PING.length]);
});

test('closed, it hands on nothing that had waited, but that it is closed', async () => {
  const { socket, service, lane, heard } = await connected();
  const step = lane.step.bind(lane);
  lane.step = () => false;
  service.send('a');
  await pause(50);
  lane.step = step;
  socket.close(1000);
  await expect.poll(() => heard).toEqual([1000]);
});

test('a connection that fails is told, and then closed', async () => {
  const heard: unknown[] = [];
  const socket = new BotSocket(
    'ws://127.0.0.1:1/',
    new Turns().lane(),
    () => undefined,
    (message) => void heard.push(message),
  );
  socket.onclose = ({ code }) => void heard.push(code);
  await expect.poll(() => heard).toEqual([expect.stringContaining('ECONNREFUSED'), 1006]);
});
