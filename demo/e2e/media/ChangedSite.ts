import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

/** A site that serves the page of a service with a worker of its own making; all the rest is the service's. Loopback only. */
export class ChangedSite {
  readonly url: string;
  readonly #server: Server;
  readonly #sockets: ReadonlySet<Socket>;

  private constructor(url: string, server: Server, sockets: ReadonlySet<Socket>) {
    this.url = url;
    this.#server = server;
    this.#sockets = sockets;
  }

  /** `prelude` runs in the worker before the worker's own script. It is sent as text. */
  static async of(service: string, prelude: () => void): Promise<ChangedSite> {
    const { hostname, port } = new URL(service);
    const before = Buffer.from(`(${prelude.toString()})();\n`);
    const pass = (asked: IncomingMessage, answer: ServerResponse): void => {
      const isWorker = /^\/assets\/worker-[^/]*\.js$/.test(asked.url ?? '');
      // As it is, without compression: its text is changed.
      const headers = { ...asked.headers, ...(isWorker && { 'accept-encoding': 'identity' }) };
      const through = request({ hostname, port, path: asked.url, method: asked.method, headers }, (got) => {
        const { 'content-length': length, ...rest } = got.headers;
        const added = isWorker ? before.length : 0;
        const grown = length === undefined ? {} : { 'content-length': String(Number(length) + added) };
        answer.writeHead(got.statusCode ?? 502, { ...rest, ...grown });
        if (isWorker) answer.write(before);
        got.pipe(answer);
      });
      through.on('error', () => answer.destroy());
      asked.pipe(through);
    };
    const server = createServer(pass);
    const sockets = new Set<Socket>();
    const keep = (socket: Socket): void => {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => sockets.delete(socket));
    };
    server.on('connection', keep);
    server.on('upgrade', ({ method, url, rawHeaders }: IncomingMessage, near: Socket, head: Buffer) => {
      const far = connect(Number(port), hostname);
      keep(far);
      const headers = rawHeaders.map((text, index) => `${text}${index % 2 === 0 ? ': ' : '\r\n'}`).join('');
      far.write(`${method ?? 'GET'} ${url ?? '/'} HTTP/1.1\r\n${headers}\r\n`);
      far.write(head);
      near.on('close', () => far.destroy());
      far.on('close', () => near.destroy());
      near.pipe(far).pipe(near);
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return new ChangedSite(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, server, sockets);
  }

  /** A link to a room of the service, by this site. */
  link(of: string): string {
    return of.replace(new URL(of).origin, this.url);
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }
}
