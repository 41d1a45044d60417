/** Serves the test's page on loopback and joins its WebSockets to a forwarding server. */
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build, type Rolldown } from 'vite';
import { WebSocketServer } from 'ws';
import {
  createForwarder,
  type Forwarder,
  type ForwarderOptions,
} from '../../../src/service/forwarder/Forwarder.ts';

const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

async function bundle(): Promise<Map<string, string>> {
  const input = {
    page: file('page.ts'),
    'clear-worker': file('clear-worker.ts'),
    'silent-worker': file('silent-worker.ts'),
    'recording-worker': file('../codecs/recording-worker.ts'),
  };
  const output = (await build({
    configFile: false,
    logLevel: 'warn',
    root: file('.'),
    build: {
      write: false,
      minify: false,
      target: 'es2022',
      modulePreload: { polyfill: false },
      rolldownOptions: { input, output: { entryFileNames: '[name].js' } },
    },
  })) as Rolldown.RolldownOutput;
  return new Map(
    output.output.flatMap((chunk) => (chunk.type === 'chunk' ? [[`/${chunk.fileName}`, chunk.code]] : [])),
  );
}

export interface TestServer {
  readonly url: string;
  readonly forwarder: Forwarder;
  /** Events of the forwarder's log. */
  readonly events: string[];
  close(): Promise<void>;
}

export async function startTestServer(options: ForwarderOptions): Promise<TestServer> {
  const scripts = await bundle();
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
  const sockets = new WebSocketServer({ server: http });
  sockets.on('connection', (socket, request) => {
    const query = new URL(request.url ?? '/', 'http://localhost').searchParams;
    const connection = forwarder.join(query.get('room') ?? '', query.get('participant') ?? '', (message) =>
      socket.send(JSON.stringify(message)),
    );
    socket.on('message', (data) => connection.receive(JSON.parse((data as Buffer).toString('utf8'))));
    socket.on('close', () => connection.close());
  });
  await new Promise<void>((listening) => http.listen(0, '127.0.0.1', listening));
  const { port } = http.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    forwarder,
    events,
    close: async () => {
      forwarder.close();
      for (const socket of sockets.clients) socket.terminate();
      await new Promise((closed) => http.close(closed));
    },
  };
}
