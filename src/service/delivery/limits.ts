import { SILENCE_MS } from '../../protocol/takeover.ts';

/** The limits and times of the delivery service, in one table. */
export const SERVICE_LIMITS = Object.freeze({
  /** Rooms at once. */
  rooms: 1_000,
  /** Connections at once, those that have not joined included. */
  connections: 4_000,
  /** Bytes that may wait for one connection before it is cut. */
  queueBytes: 16 << 20,
  /** Messages that one connection may send in a second, and in a burst. */
  messagesPerSecond: 50,
  messageBurst: 200,
  /** Milliseconds that a lost connection may take to come back before it becomes a `leave`. */
  graceMs: 10_000,
  /**
   * T of the rule Takeover, milliseconds: a claim is held back until the designated committer has had so long since its
   * term or its duty began. Doubled for each claim of the epoch (`protocol/takeover.ts`).
   */
  silenceMs: SILENCE_MS,
  /** Entries of one connection that may wait behind a claim that is held back. An honest participant sends none. */
  heldEntries: 8,
  /** Milliseconds between pings; two unanswered ones are a lost connection. */
  pingMs: 3_000,
  /** Milliseconds to the first message of a new connection. */
  helloMs: 10_000,
  /** Milliseconds that a room without connections keeps its log. */
  emptyRoomMs: 60_000,
});

export type ServiceLimits = { readonly [K in keyof typeof SERVICE_LIMITS]: number };
