import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { LogError, type DeliveryLog, type LogStore } from '../log/DeliveryLog.ts';
import { MemoryLogStore } from '../log/memory.ts';
import { MAX_MESSAGE_LENGTH, type ServiceMessage } from '../log/messages.ts';
import { loadMlsInNode } from '../mls/node.ts';
import { urlHost } from './config/network.ts';
import { Counters, type Counts, type RefusalCode } from './Counters.ts';
import { AddressLimits } from './delivery/AddressLimits.ts';
import { Connection, type ConnectionHost } from './delivery/Connection.ts';
import { SERVICE_LIMITS, type ServiceLimits } from './delivery/limits.ts';
import { notOpened } from './delivery/logFaults.ts';
import {
  createForwarder,
  type Forwarder,
  type ForwarderOptions,
  type ForwarderStats,
} from './forwarder/Forwarder.ts';
import { addressKey, plainAddress, Proxies } from './http/client.ts';
import { pages } from './http/pages.ts';
import { admitUpgrade } from './http/upgrade.ts';
import {
  createWebServer,
  isUnreadable,
  OpenSockets,
  refuseSocket,
  statusOf,
  type Tls,
} from './http/webServer.ts';
import { faultOf, silent, type ServiceLog } from './logging/ServiceLog.ts';
import { Rooms } from './rooms.ts';

/** How the service is set up. Everything has a default that serves this machine only. */
export interface ServiceOptions {
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** 0 takes a free one. Default 0. */
  readonly port?: number;
  /** HTTPS and WSS with this certificate; without one, HTTP and WS. */
  readonly tls?: Tls;
  /** The certificate is a makeshift that browsers warn of: nothing that binds them to HTTPS is said. */
  readonly makeshift?: boolean;
  /** Addresses and networks of reverse proxies whose X-Forwarded-For and X-Forwarded-Proto count. */
  readonly trustedProxies?: readonly string[];
  /** Folder with the built page; without one, only the WebSocket is served. */
  readonly page?: string;
  readonly store?: LogStore;
  readonly forwarder?: ForwarderOptions;
  readonly limits?: Partial<ServiceLimits>;
  readonly log?: ServiceLog;
}

/** What the service has seen. No ids, names or keys besides those of participants in `forwarder`. */
export interface ServiceStats extends Counts {
  readonly rooms: number;
  readonly connections: number;
  readonly forwarder: ForwarderStats;
}

/** The delivery service and the forwarding server, as one Node server that others can embed. */
export interface Service {
  readonly url: string;
  stats(): ServiceStats;
  /**
   * Takes nobody in any more (`/health` says 503), tells everybody that is connected to come back (close code 1012), and
   * closes once they have gone, after `withinMs` at the latest, and well before the grace is over.
   */
  stop(withinMs: number): Promise<void>;
  /** Closes at once. */
  close(): Promise<void>;
}

/** RFC 6455 section 7.4 and its registry: "Service Restart", and "Try Again Later". */
const RESTART = 1012;
const TRY_LATER = 1013;

/** Milliseconds that `/health` remembers a log that could not be written. */
const UNWELL_MS = 10_000;

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
 * @throws what `listen` does: a port that is taken, a host that is not this machine's; what node:tls does for a bad
 * certificate; MlsError where the check of key packages cannot be loaded; LogError where the store cannot be read.
 */
export async function startService(options: ServiceOptions = {}): Promise<Service> {
  loadMlsInNode();
  const limits: ServiceLimits = { ...SERVICE_LIMITS, ...options.limits };
  const host = options.host ?? '127.0.0.1';
  const log = options.log ?? silent;
  const forwarder: Forwarder = createForwarder({
    log: (event, fields) => log('debug', event, fields),
    ...options.forwarder,
  });
  const counters = new Counters();
  const logs = new WeakSet<DeliveryLog>();
  const rooms = new Rooms(options.store ?? new MemoryLogStore(), limits, (opened) => {
    // A store may give the same log again.
    if (!logs.has(opened)) opened.subscribe(() => counters.entries++);
    logs.add(opened);
  });
  const addresses = new AddressLimits(limits);
  const proxies = new Proxies(options.trustedProxies ?? []);
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_LENGTH });
  const state = { stopping: false, connection: 0, logFailedAt: -Infinity };
  const holdsSecure = (request: IncomingMessage): boolean =>
    options.makeshift !== true && proxies.clientOf(request).secure;
  const count = (code: RefusalCode): void => {
    counters.refuse(code);
    if (code === 'log_unavailable') state.logFailedAt = performance.now();
  };
  const unwell = (): string | null => {
    if (state.stopping) return 'stopping';
    return performance.now() - state.logFailedAt < UNWELL_MS ? 'log_unavailable' : null;
  };
  const server = createWebServer(
    options.tls ?? null,
    limits,
    pages({ page: options.page, unwell, holdsSecure }),
  );

  const connect = async (socket: WebSocket, id: string, key: string): Promise<void> => {
    const connection = ++state.connection;
    const say: ServiceLog = (level, event, fields) => log(level, event, { connection, ...fields });
    socket.once('close', (status) => say('info', 'disconnected', { status }));
    say('info', 'connected', { connections: sockets.clients.size, rooms: rooms.size });
    // Messages wait until the room is open; a connection that closes meanwhile counts as one that came and went.
    socket.pause();
    const room = await rooms.enter(id).finally(() => socket.resume());
    const connectionHost: ConnectionHost = {
      limits,
      forwarder,
      refused: (code) => {
        count(code);
        say('info', 'refused', { code });
      },
      closed: () => rooms.left(id),
      mayJoin: () => addresses.join(key),
      bytes: counters.bytes,
      delivered: () => counters.deliveries++,
      dropped: () => counters.dropped++,
      log: say,
    };
    if (socket.readyState === socket.OPEN) new Connection(socket, room, connectionHost);
    else rooms.left(id);
  };

  const open = new OpenSockets();
  server.on('connection', (socket) => {
    open.add(socket);
    const address = plainAddress(socket.remoteAddress ?? '');
    if (proxies.trusts(address)) return;
    const key = addressKey(address);
    if (addresses.open(key, 'sockets')) {
      socket.once('close', () => addresses.close(key, 'sockets'));
      return;
    }
    counters.refuse('too_many_sockets');
    socket.destroy();
  });
  server.on('drop', () => counters.refuse('too_many_sockets'));
  server.on('clientError', (error: Error, socket) => {
    if (!isUnreadable(error, socket)) return void socket.destroy();
    counters.refuse('bad_request');
    refuseSocket(socket, statusOf(error));
  });

  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    const client = proxies.clientOf(request);
    const key = addressKey(client.address);
    const admitted = admitUpgrade(request, client, {
      stopping: () => state.stopping,
      full: () => sockets.clients.size >= limits.connections,
      mayOpen: (room) => rooms.has(room) || addresses.room(key),
      mayConnect: () => addresses.open(key, 'connections'),
    });
    if ('code' in admitted) {
      counters.refuse(admitted.code);
      log('info', 'refused', { code: admitted.code, status: admitted.status });
      return refuseSocket(socket, admitted.status);
    }
    // Also where there is no WebSocket after all, because the request is not one for it.
    socket.once('close', () => addresses.close(key, 'connections'));
    sockets.handleUpgrade(request, socket, head, (ws) => {
      connect(ws, admitted.room, key).catch((error: unknown) => {
        const { code, message } = notOpened(error);
        count(code);
        log('warn', 'room_not_opened', faultOf(error));
        const told: ServiceMessage = { type: 'error', code, message, fatal: true };
        if (error instanceof LogError) ws.send(JSON.stringify(told));
        ws.close(TRY_LATER, code);
      });
    });
  });

  const close = async (): Promise<void> => {
    state.stopping = true;
    for (const client of sockets.clients) client.terminate();
    forwarder.close();
    await rooms.close();
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      open.destroy();
    });
  };

  const stop = async (withinMs: number): Promise<void> => {
    if (!state.stopping) log('info', 'stopping', { connections: sockets.clients.size });
    state.stopping = true;
    const gone = [...sockets.clients].map(
      (client) => new Promise<void>((resolve) => client.once('close', () => resolve())),
    );
    for (const client of sockets.clients) client.close(RESTART, 'restart');
    const late = { timer: undefined as NodeJS.Timeout | undefined };
    // Nobody becomes a `leave` by waiting for somebody else: they resume when the service is there again.
    const patience = Math.min(withinMs, limits.graceMs / 2);
    const tooLate = new Promise<void>((resolve) => (late.timer = setTimeout(resolve, patience)));
    await Promise.race([Promise.all(gone), tooLate]);
    clearTimeout(late.timer);
    await close();
    log('info', 'stopped');
  };

  await rooms.restore();
  await listen(server, options.port ?? 0, host);
  server.on('error', (error) => log('error', 'server_failed', faultOf(error)));
  const { port } = server.address() as AddressInfo;
  log('info', 'listening', { port });
  const scheme = options.tls === undefined ? 'http' : 'https';
  return {
    url: `${scheme}://${urlHost(host)}:${String(port)}`,
    stats: () => ({
      ...counters.counts,
      rooms: rooms.size,
      connections: sockets.clients.size,
      forwarder: forwarder.stats(),
    }),
    stop,
    close,
  };
}
