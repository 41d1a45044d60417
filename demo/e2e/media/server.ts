/** Serves the page of the transform tests on loopback, a worker's script when a test lets it, beside a forwarding server. */
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build, type Rolldown } from 'vite';
import { WebSocketServer } from 'ws';
import { createForwarder, type Forwarder } from '../../../src/service/forwarder/Forwarder.ts';

const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

async function bundle(): Promise<Map<string, string>> {
  const input = {
    page: file('page.ts'),
    'key-worker': file('key-worker.ts'),
    'silent-worker': file('../forwarder/silent-worker.ts'),
  };
  const { output } = (await build({
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
    output.flatMap((chunk) => (chunk.type === 'chunk' ? [[`/${chunk.fileName}`, chunk.code]] : [])),
  );
}

export interface TransformServer {
  readonly url: string;
  readonly forwarder: Forwarder;
  /** Answers the requests for scripts whose URL says `?held`. */
  release(): void;
  close(): Promise<void>;
}

/** Scripts with `?held` in their URL wait for `release`; those that there are not are not found. */
export async function startTransformServer(): Promise<TransformServer> {
  const scripts = await bundle();
  const forwarder = createForwarder();
  const held: (() => void)[] = [];
  const http = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const script = scripts.get(pathname);
    const isPage = pathname === '/';
    const page = '<!doctype html><title>Test</title><script type="module" src="/page.js"></script>';
    const answer = (): void => {
      response.setHeader('content-type', isPage ? 'text/html' : 'text/javascript');
      response.statusCode = isPage || script !== undefined ? 200 : 404;
      response.end(isPage ? page : script);
    };
    if (searchParams.has('held')) held.push(answer);
    else answer();
  });
  const sockets = new WebSocketServer({ server: http });
  sockets.on('connection', (socket, request) => {
    const participant = new URL(request.url ?? '/', 'http://localhost').searchParams.get('participant') ?? '';
    const connection = forwarder.join('room', participant, (message) => socket.send(JSON.stringify(message)));
    socket.on('message', (data) => connection.receive(JSON.parse((data as Buffer).toString('utf8'))));
    socket.on('close', () => connection.close());
  });
  await new Promise<void>((listening) => http.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/`,
    forwarder,
    release: () => {
      for (const answer of held.splice(0)) answer();
    },
    close: async () => {
      forwarder.close();
      for (const socket of sockets.clients) socket.terminate();
      await new Promise((closed) => http.close(closed));
    },
  };
}
