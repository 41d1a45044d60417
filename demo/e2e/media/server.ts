/** Serves the page of the transform tests on loopback, a worker's script when a test lets it, beside a forwarding server. */
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createForwarder, type Forwarder } from '../../../src/service/forwarder/Forwarder.ts';
import { bundle, joinSockets } from '../forwarder/bundle.ts';

const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

const SCRIPTS = {
  page: file('page.ts'),
  'key-worker': file('key-worker.ts'),
  'silent-worker': file('../forwarder/silent-worker.ts'),
};

export interface TransformServer {
  readonly url: string;
  readonly forwarder: Forwarder;
  /** Answers the requests for scripts whose URL says `?held`. */
  release(): void;
  close(): Promise<void>;
}

/** Scripts with `?held` in their URL wait for `release`; those that there are not are not found. */
export async function startTransformServer(): Promise<TransformServer> {
  const scripts = await bundle(file('.'), SCRIPTS);
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
  const cutSockets = joinSockets(http, forwarder);
  await new Promise<void>((listening) => http.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/`,
    forwarder,
    release: () => {
      for (const answer of held.splice(0)) answer();
    },
    close: async () => {
      forwarder.close();
      cutSockets();
      await new Promise((closed) => http.close(closed));
    },
  };
}
