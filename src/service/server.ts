import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import sirv from 'sirv';
import { WebSocketServer, type WebSocket } from 'ws';
import type { LogStore } from '../log/DeliveryLog.ts';
import { MemoryLogStore } from '../log/memory.ts';
import { loadMlsInNode } from '../mls/node.ts';
import { Connection, type ConnectionHost } from './delivery/Connection.ts';
import { SERVICE_LIMITS, type ServiceLimits } from './delivery/limits.ts';
import { MAX_MESSAGE_LENGTH, type ServiceErrorCode } from '../log/messages.ts';
import {
  createForwarder,
  type Forwarder,
  type ForwarderOptions,
  type ForwarderStats,
} from './forwarder/Forwarder.ts';
import { Rooms } from './rooms.ts';

/** How the service is set up. Everything has a default that serves this machine only. */
export interface ServiceOptions {
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** 0 takes a free one. Default 0. */
  readonly port?: number;
  /** Folder with the built page; without one, only the WebSocket is served. */
  readonly page?: string;
  readonly store?: LogStore;
  readonly forwarder?: ForwarderOptions;
  readonly limits?: Partial<ServiceLimits>;
}

/** What the service has seen. No ids, names or keys besides those of participants in `forwarder`. */
export interface ServiceStats {
  readonly rooms: number;
  readonly connections: number;
  readonly refused: Readonly<Partial<Record<ServiceErrorCode, number>>>;
  readonly forwarder: ForwarderStats;
}

/** The delivery service and the forwarding server, as one Node server that others can embed. */
export interface Service {
  readonly url: string;
  stats(): ServiceStats;
  close(): Promise<void>;
}

const ROOM_PATH = /^\/rooms\/([0-9a-f]{64})$/;

const HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self'; img-src 'self' data:; " +
    "media-src 'self' blob: mediastream:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(self), microphone=(self)',
};

const secure = (response: ServerResponse): void => {
  for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
};

/** A browser names the page that connects: only the page of this very service may. Other clients name none. */
function sameOrigin(request: IncomingMessage): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined) return true;
  try {
    return new URL(origin).host === host;
  } catch {
    return false;
  }
}

function refuseUpgrade(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function pageHandler(page: string | undefined): (request: IncomingMessage, response: ServerResponse) => void {
  const files = page === undefined ? null : sirv(page, { etag: true, dotfiles: false, setHeaders: secure });
  return (request, response) => {
    const missing = (): void => {
      secure(response);
      response.writeHead(404, { 'Content-Type': 'text/plain' }).end('Not found\n');
    };
    if (files === null) missing();
    else files(request, response, missing);
  };
}

const listen = (server: Server, port: number, host: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });

/**
 * Starts the service.
 *
 * @throws what `listen` does: a port that is taken, a host that is not this machine's; MlsError where the check of key
 * packages cannot be loaded.
 */
export async function startService(options: ServiceOptions = {}): Promise<Service> {
  loadMlsInNode();
  const limits: ServiceLimits = { ...SERVICE_LIMITS, ...options.limits };
  const host = options.host ?? '127.0.0.1';
  const forwarder: Forwarder = createForwarder(options.forwarder);
  const rooms = new Rooms(options.store ?? new MemoryLogStore(), limits);
  const server = createHttpServer(pageHandler(options.page));
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_LENGTH });
  const refused: Partial<Record<ServiceErrorCode, number>> = {};
  const count = (code: ServiceErrorCode): void => {
    refused[code] = (refused[code] ?? 0) + 1;
  };

  const connect = async (socket: WebSocket, id: string): Promise<void> => {
    // Messages wait until the room is open; a connection that closes meanwhile counts as one that came and went.
    socket.pause();
    const room = await rooms.enter(id).finally(() => socket.resume());
    const connectionHost: ConnectionHost = {
      limits,
      forwarder,
      refused: count,
      closed: () => rooms.left(id),
    };
    if (socket.readyState === socket.OPEN) new Connection(socket, room, connectionHost);
    else rooms.left(id);
  };

  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    const id = ROOM_PATH.exec(request.url ?? '')?.[1];
    if (id === undefined) return refuseUpgrade(socket, '404 Not Found');
    if (!sameOrigin(request)) return refuseUpgrade(socket, '403 Forbidden');
    if (sockets.clients.size >= limits.connections) return refuseUpgrade(socket, '503 Service Unavailable');
    sockets.handleUpgrade(request, socket, head, (ws) => {
      connect(ws, id).catch(() => {
        count('server_full');
        ws.close(1013, 'server_full');
      });
    });
  });

  await listen(server, options.port ?? 0, host);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${String(port)}`,
    stats: () => ({
      rooms: rooms.size,
      connections: sockets.clients.size,
      refused: { ...refused },
      forwarder: forwarder.stats(),
    }),
    close: async () => {
      for (const client of sockets.clients) client.terminate();
      forwarder.close();
      await rooms.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}
