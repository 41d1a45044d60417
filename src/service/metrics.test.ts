import { afterEach, expect, test } from 'vitest';
import { serveMetrics, type Metrics } from './metrics.ts';
import { startService, type Service } from './server.ts';
import { Client, newInvite, until } from './testing.ts';

let service: Service | undefined;
let metrics: Metrics | undefined;
afterEach(async () => {
  await metrics?.close();
  await service?.close();
  [service, metrics] = [undefined, undefined];
});

/** Name, with labels, and value. */
async function read(url: string): Promise<Map<string, number>> {
  const text = await (await fetch(url)).text();
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}

test('figures are those of the service, without a label that names anybody, and not on the port of the calls', async () => {
  service = await startService();
  metrics = await serveMetrics(service, { host: '127.0.0.1', port: 0 });
  const invite = newInvite();
  const [a, b] = [new Client(service.url, invite), new Client(service.url, invite)];
  await a.joins();
  await b.joins();
  a.socket.send('hello');
  await a.closed();
  await until(() => service?.stats().connections === 1);

  const figures = await read(metrics.url);
  expect(figures.get('committer_rooms')).toBe(1);
  expect(figures.get('committer_connections')).toBe(1);
  expect(figures.get('committer_entries_total')).toBe(2);
  expect(figures.get('committer_deliveries_total')).toBeGreaterThanOrEqual(3);
  expect(figures.get('committer_sent_bytes_total')).toBeGreaterThan(1_000);
  expect(figures.get('committer_refused_total{code="malformed_message"}')).toBe(1);
  expect(figures.get('committer_forwarder_participants')).toBe(0);
  expect(figures.has('committer_nodejs_eventloop_lag_seconds')).toBe(true);
  // A second look does not count anything twice.
  const again = await read(metrics.url);
  expect(again.get('committer_entries_total')).toBe(2);
  console.log(`${figures.size} figures`);
  expect(figures.size).toBeGreaterThan(30);
  const ours = [...figures.keys()].filter((name) => !/nodejs|process/.test(name));
  expect(ours.filter((name) => name.includes('{') && !/\{code="[a-z_]+"\}$/.test(name))).toEqual([]);
  expect([...figures.keys()].join()).not.toContain(invite.room.slice(0, 8));

  expect((await fetch(`${service.url}/metrics`)).status).toBe(404);
  expect((await fetch(metrics.url.replace('/metrics', '/'))).status).toBe(404);
});
