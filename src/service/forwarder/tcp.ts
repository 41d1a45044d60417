/** ICE over TCP (RFC 6544), for networks that let no UDP through: what the stack leaves unbounded is bounded here. */
import { Server, type Socket } from 'node:net';
import type { RTCPeerConnection } from 'werift';

/** Bounds of one TCP candidate. */
export interface TcpLimits {
  /** Connections to it at once. Anybody can make one; only ICE checks with the right names go further. */
  readonly connections: number;
  /** Bytes that may wait for one that does not read. Packets behind that are dropped, as on any full link. */
  readonly queueBytes: number;
  /** Milliseconds that a connection may say nothing. */
  readonly idleMs: number;
}

export const TCP_LIMITS: TcpLimits = { connections: 32, queueBytes: 1 << 20, idleMs: 30_000 };

/** Drops what is written behind a full queue. Each write of the stack is one whole frame (RFC 4571 section 2). */
export function boundSocket(socket: Socket, limits: TcpLimits): void {
  const write = socket.write.bind(socket) as (chunk: Uint8Array, done?: (error?: Error) => void) => boolean;
  const bounded = (chunk: Uint8Array, done?: (error?: Error) => void): boolean => {
    if (socket.writableLength + chunk.length <= limits.queueBytes) return write(chunk, done);
    done?.();
    return false;
  };
  socket.write = bounded as Socket['write'];
  socket.setNoDelay(true);
  socket.setTimeout(limits.idleMs, () => socket.destroy());
}

/** The servers among the transports of the stack, which has no public name for them. */
function serversOf(connection: object): Server[] {
  const { protocols = [] } = connection as { readonly protocols?: readonly object[] };
  return protocols.flatMap((protocol) =>
    'server' in protocol && protocol.server instanceof Server ? [protocol.server] : [],
  );
}

/** Bounds the TCP candidates of a connection that has gathered them. Gives how many there are. */
export function boundTcp(peer: RTCPeerConnection, limits: TcpLimits = TCP_LIMITS): number {
  const servers = peer.iceTransports.flatMap(({ connection }) => serversOf(connection));
  for (const server of servers) {
    server.maxConnections = limits.connections;
    server.on('connection', (socket) => boundSocket(socket, limits));
  }
  return servers.length;
}
