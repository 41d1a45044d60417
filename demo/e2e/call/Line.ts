import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** The way from a page to the service, which a test can cut: a TCP proxy on loopback. Media go beside it. */
export class Line {
  readonly url: string;
  readonly #server: ReturnType<typeof createServer>;
  readonly #sockets: Set<Socket>;
  #whole = true;

  private constructor(url: string, server: ReturnType<typeof createServer>, sockets: Set<Socket>) {
    this.url = url;
    this.#server = server;
    this.#sockets = sockets;
  }

  static async to(service: string): Promise<Line> {
    const { hostname, port } = new URL(service);
    const sockets = new Set<Socket>();
    const server = createServer((near) => {
      if (!line.#whole) {
        near.destroy();
        return;
      }
      const far = connect(Number(port), hostname);
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        sockets.add(one);
        one.on('error', () => other.destroy());
        one.on('close', () => {
          sockets.delete(one);
          other.destroy();
        });
        one.pipe(other);
      }
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const line = new Line(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, server, sockets);
    return line;
  }

  /** Ends all connections without a word, and lets none through until `mend`. */
  cut(): void {
    this.#whole = false;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend(): void {
    this.#whole = true;
  }

  close(): void {
    this.cut();
    this.#server.close();
  }
}
