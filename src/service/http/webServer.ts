import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ServiceLimits } from '../delivery/limits.ts';

/** A certificate with its chain, and its private key: PEM. */
export interface Tls {
  readonly cert: string;
  readonly key: string;
}

/** How often, in milliseconds, connections are looked through for those that take too long. */
const LOOK_MS = 1_000;

/** An HTTP server, or with `tls` an HTTPS server, that waits for nobody longer than the limits say. */
export function createWebServer(tls: Tls | null, limits: ServiceLimits, listener: RequestListener): Server {
  const options = {
    maxHeaderSize: limits.headerBytes,
    headersTimeout: Math.min(limits.headersMs, limits.requestMs),
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.keepAliveMs,
    connectionsCheckingInterval: LOOK_MS,
  };
  const server: Server =
    tls === null
      ? createServer(options, listener)
      : createSecureServer(
          { ...options, ...tls, minVersion: 'TLSv1.2', handshakeTimeout: limits.headersMs },
          listener,
        );
  // Of HTTP: a WebSocket has its own, and takes this one off.
  server.timeout = limits.requestMs;
  server.maxConnections = limits.sockets;
  return server;
}

const STATUS = {
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  408: 'Request Timeout',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  503: 'Service Unavailable',
} as const;

export type RefusalStatus = keyof typeof STATUS;

/** Answers on a socket that no response belongs to, and lets it go, also where the other side does not. */
export function refuseSocket(socket: Duplex, status: RefusalStatus): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  socket.once('finish', () => socket.destroy());
  // Who does not take the answer, or has not even shaken hands on TLS, is not waited for.
  const late = setTimeout(() => socket.destroy(), LOOK_MS);
  socket.once('close', () => clearTimeout(late));
  socket.end(`HTTP/1.1 ${status} ${STATUS[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** Keeps the TCP connections of a server: those in the middle of a TLS handshake are unknown to `closeAllConnections`. */
export class OpenSockets {
  readonly #open = new Set<Socket>();

  add(socket: Socket): void {
    this.#open.add(socket);
    socket.once('close', () => this.#open.delete(socket));
  }

  destroy(): void {
    for (const socket of this.#open) socket.destroy();
  }
}

/** The status for what node:http could not read. */
export function statusOf(error: Error): RefusalStatus {
  const code = 'code' in error ? error.code : '';
  if (code === 'HPE_HEADER_OVERFLOW') return 431;
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
}

/** Whether what failed is a request that could not be read, and not a connection that has gone or never shook hands. */
export const isUnreadable = (error: Error, socket: Duplex): boolean =>
  socket.writable && 'code' in error && /^(HPE_|ERR_HTTP_)/.test(String(error.code));
