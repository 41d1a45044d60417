import type { ServiceErrorCode } from '../log/messages.ts';

/** What is refused before there is a connection that could be told. */
export const HTTP_REFUSALS = [
  'bad_request',
  'no_such_path',
  'bad_origin',
  'too_many_sockets',
  'too_many_connections',
  'too_many_rooms',
  'stopping',
] as const;

export type RefusalCode = ServiceErrorCode | (typeof HTTP_REFUSALS)[number];

/** What the service has counted since its start. Bytes are of messages, without what WebSocket, TLS and TCP add. */
export interface Counts {
  readonly refused: Readonly<Partial<Record<RefusalCode, number>>>;
  /** Entries that were appended to logs. */
  readonly entries: number;
  /** Entries that were handed to connections. */
  readonly deliveries: number;
  /** Drafts that were overtaken, or lost with their connection, before they were appended. */
  readonly dropped: number;
  readonly bytes: { readonly in: number; readonly out: number };
}

export class Counters {
  readonly refused: Partial<Record<RefusalCode, number>> = {};
  readonly bytes = { in: 0, out: 0 };
  entries = 0;
  deliveries = 0;
  dropped = 0;

  refuse(code: RefusalCode): void {
    this.refused[code] = (this.refused[code] ?? 0) + 1;
  }

  get counts(): Counts {
    const { refused, bytes, entries, deliveries, dropped } = this;
    return { refused: { ...refused }, bytes: { ...bytes }, entries, deliveries, dropped };
  }
}
