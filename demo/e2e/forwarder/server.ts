/** Serves the test's page on loopback and joins its WebSockets to a forwarding server. */
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import {
  createForwarder,
  type Forwarder,
  type ForwarderOptions,
} from '../../../src/service/forwarder/Forwarder.ts';
import { bundle, joinSockets } from './bundle.ts';

const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

const SCRIPTS = {
  page: file('page.ts'),
  'clear-worker': file('clear-worker.ts'),
  'silent-worker': file('silent-worker.ts'),
  'recording-worker': file('../codecs/recording-worker.ts'),
};

export interface TestServer {
  readonly url: string;
  readonly forwarder: Forwarder;
  /** Events of the forwarder's log. */
  readonly events: string[];
  close(): Promise<void>;
}

export async function startTestServer(options: ForwarderOptions): Promise<TestServer> {
  const scripts = await bundle(file('.'), SCRIPTS);
  const events: string[] = [];
  const forwarder = createForwarder({
    ...options,
    log: (event, fields) => events.push(`${event} ${JSON.stringify(fields)}`),
  });
  const http = createServer((request, response) => {
    const script = scripts.get(request.url ?? '');
    response.setHeader('content-type', script === undefined ? 'text/html' : 'text/javascript');
    response.end(
      script ?? '<!doctype html><title>Test</title><script type="module" src="/page.js"></script>',
    );
  });
  const cutSockets = joinSockets(http, forwarder);
  await new Promise<void>((listening) => http.listen(0, '127.0.0.1', listening));
  const { port } = http.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    forwarder,
    events,
    close: async () => {
      forwarder.close();
      cutSockets();
      await new Promise((closed) => http.close(closed));
    },
  };
}
