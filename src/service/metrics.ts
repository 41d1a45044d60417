/** Figures for Prometheus, on a port of their own: no proxy in front of the calls hands them on by mistake. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import { urlHost } from './config/network.ts';
import type { Service, ServiceStats } from './server.ts';

const PREFIX = 'committer_';

type Read = (stats: ServiceStats) => number;
type Sum = { readonly packets: number; readonly bytes: number };

const sum = (numbers: readonly number[]): number => numbers.reduce((all, it) => all + it, 0);

/** Packets that are forwarded between those who are here now: a gauge, for it falls when they go. */
const forwarded = (direction: 'in' | 'out', what: keyof Sum): Read => {
  return ({ forwarder }) =>
    sum(forwarder.participants.map((it) => it[direction].audio[what] + it[direction].video[what]));
};

const GAUGES: readonly (readonly [string, string, Read])[] = [
  ['rooms', 'Rooms that are open', ({ rooms }) => rooms],
  ['connections', 'WebSockets that are open', ({ connections }) => connections],
  ['forwarder_participants', 'Participants with media', ({ forwarder }) => forwarder.participants.length],
  [
    'forwarder_connected',
    'Participants whose ICE and DTLS stand',
    ({ forwarder }) => forwarder.participants.filter(({ connected }) => connected).length,
  ],
  ['forwarder_packets_in', 'RTP packets from participants that are here', forwarded('in', 'packets')],
  ['forwarder_packets_out', 'RTP packets to participants that are here', forwarded('out', 'packets')],
  ['forwarder_bytes_in', 'Bytes of RTP payloads from participants that are here', forwarded('in', 'bytes')],
  ['forwarder_bytes_out', 'Bytes of RTP payloads to participants that are here', forwarded('out', 'bytes')],
];

const COUNTERS: readonly (readonly [string, string, Read])[] = [
  ['entries_total', 'Entries appended to logs', ({ entries }) => entries],
  ['deliveries_total', 'Entries handed to connections', ({ deliveries }) => deliveries],
  ['dropped_total', 'Drafts that were overtaken or lost before they were appended', ({ dropped }) => dropped],
  ['received_bytes_total', 'Bytes of messages from connections', ({ bytes }) => bytes.in],
  ['sent_bytes_total', 'Bytes of messages to connections', ({ bytes }) => bytes.out],
];

/** By code. */
const BY_CODE: readonly (readonly [
  string,
  string,
  (stats: ServiceStats) => Partial<Record<string, number>>,
])[] = [
  ['refused_total', 'What the service refused, by code', ({ refused }) => refused],
  [
    'forwarder_refused_total',
    'What the forwarding server refused, by code',
    ({ forwarder }) => forwarder.errors,
  ],
];

/** A registry that reads the service whenever it is asked, besides the process and the event loop. No labels but codes. */
export function metricsOf(service: Pick<Service, 'stats'>): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: PREFIX });
  const registers = [registry];
  for (const [name, help, read] of GAUGES) {
    const gauge: Gauge = new Gauge({
      name: PREFIX + name,
      help,
      registers,
      collect: () => gauge.set(read(service.stats())),
    });
  }
  for (const [name, help, read] of COUNTERS) {
    const counter: Counter = new Counter({
      name: PREFIX + name,
      help,
      registers,
      collect: () => {
        counter.reset();
        counter.inc(read(service.stats()));
      },
    });
  }
  for (const [name, help, read] of BY_CODE) {
    const counter: Counter<'code'> = new Counter({
      name: PREFIX + name,
      help,
      labelNames: ['code'],
      registers,
      collect: () => {
        counter.reset();
        for (const [code, count] of Object.entries(read(service.stats()))) counter.inc({ code }, count ?? 0);
      },
    });
  }
  return registry;
}

/** Where figures are served. */
export interface Metrics {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves them at `/metrics`. @throws what `listen` does */
export async function serveMetrics(
  service: Pick<Service, 'stats'>,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<Metrics> {
  const registry = metricsOf(service);
  const server = createServer((request, response) => {
    if (request.url !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    registry.metrics().then(
      (text) => response.writeHead(200, { 'Content-Type': registry.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const at = server.address() as AddressInfo;
  return {
    url: `http://${urlHost(host)}:${String(at.port)}/metrics`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
