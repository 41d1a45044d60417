import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import sirv from 'sirv';
import { setHeaders } from './headers.ts';

/** What the HTTP side asks the service. */
export interface PagesHost {
  /** Folder with the built page; without one, only `/health` and the WebSocket are served. */
  readonly page: string | undefined;
  /** Null where all is well, otherwise why not: one word. */
  readonly unwell: () => string | null;
  /** The request came over TLS with a certificate that a browser can hold on to. */
  readonly holdsSecure: (request: IncomingMessage) => boolean;
}

function answer(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store' }).end(body);
}

/** What the build puts into `assets` has a name that changes with its contents; all else is asked for each time. */
function setCaching(response: ServerResponse, path: string): void {
  const forGood = path.startsWith('/assets/');
  response.setHeader('Cache-Control', forGood ? 'public, max-age=31536000, immutable' : 'no-cache');
}

/** Serves the page, and `/health`: 200 where calls can be made, otherwise 503. */
export function pages({ page, unwell, holdsSecure }: PagesHost): RequestListener {
  const files =
    page === undefined
      ? null
      : sirv(page, { etag: true, dotfiles: false, brotli: true, setHeaders: setCaching });
  return (request, response) => {
    setHeaders(response, holdsSecure(request));
    if (request.url === '/health') {
      const why = unwell();
      answer(response, why === null ? 200 : 503, 'application/json', `{"status":"${why ?? 'ok'}"}\n`);
      return;
    }
    const missing = (): void => answer(response, 404, 'text/plain', 'Not found\n');
    if (files === null) missing();
    else files(request, response, missing);
  };
}
