import type { IncomingMessage } from 'node:http';
import type { RoomId } from '../../protocol/ids.ts';
import type { HTTP_REFUSALS } from '../Counters.ts';
import { sameOrigin, type HttpClient } from './client.ts';
import type { RefusalStatus } from './webServer.ts';

/** A room is named by the hash of its invite key (`protocol/wire/invite.ts`): 256 bits that nobody guesses. */
const ROOM_PATH = /^\/rooms\/([0-9a-f]{64})$/;

/** What is asked before a WebSocket is opened, in this order; `mayOpen` and `mayConnect` take what they grant. */
export interface UpgradeHost {
  stopping(): boolean;
  full(): boolean;
  mayOpen(room: RoomId): boolean;
  mayConnect(): boolean;
}

export type UpgradeRefusal = {
  readonly status: RefusalStatus;
  readonly code: (typeof HTTP_REFUSALS)[number];
};

/** Whether a request may become the WebSocket of a room: which one, or why not. */
export function admitUpgrade(
  request: IncomingMessage,
  client: HttpClient,
  host: UpgradeHost,
): { readonly room: RoomId } | UpgradeRefusal {
  const room = ROOM_PATH.exec(request.url ?? '')?.[1];
  if (room === undefined) return { status: 404, code: 'no_such_path' };
  if (!sameOrigin(request, client)) return { status: 403, code: 'bad_origin' };
  if (host.stopping()) return { status: 503, code: 'stopping' };
  if (host.full()) return { status: 503, code: 'too_many_connections' };
  if (!host.mayOpen(room)) return { status: 429, code: 'too_many_rooms' };
  if (!host.mayConnect()) return { status: 429, code: 'too_many_connections' };
  return { room };
}
