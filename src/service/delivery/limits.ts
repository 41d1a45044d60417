import { SILENCE_MS } from '../../protocol/takeover.ts';

/** The limits and times of the delivery service, in one table. */
export const SERVICE_LIMITS = Object.freeze({
  /** Rooms at once. */
  rooms: 1_000,
  /** Connections at once, those that have not joined included. */
  connections: 4_000,
  /** WebSockets at once from one address: an IPv4 address, or the /64 of an IPv6 address. */
  connectionsPerAddress: 400,
  /** TCP connections at once, those that say nothing included; and from one address that is no trusted proxy. */
  sockets: 8_000,
  socketsPerAddress: 1_000,
  /** Joins that one address may make at once, and in a minute. */
  joinBurst: 400,
  joinsPerMinute: 120,
  /** Rooms that one address may open at once, and in a minute. */
  roomBurst: 100,
  roomsPerMinute: 30,
  /** Participants of a room at once, those within the grace included. `LIMITS.participants` counts who ever joined. */
  participants: 500,
  /** Bytes that may wait for one connection before it is cut. */
  queueBytes: 16 << 20,
  /** Messages that one connection may send in a second, and in a burst. */
  messagesPerSecond: 50,
  messageBurst: 200,
  /** Bytes of one message to the others of a room, and how many a connection may send in a second, and in a burst. */
  relayBytes: 16 << 10,
  relaysPerSecond: 5,
  relayBurst: 20,
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
  /** Milliseconds after a restart that the log of a room is kept to which nobody comes back. */
  keptRoomMs: 600_000,
  /** Bytes of the headers of one HTTP request, and milliseconds to receive them. */
  headerBytes: 8 << 10,
  headersMs: 10_000,
  /** Milliseconds to receive a whole HTTP request, or without any progress; and that a connection may wait for the next. */
  requestMs: 15_000,
  keepAliveMs: 5_000,
});

export type ServiceLimits = { readonly [K in keyof typeof SERVICE_LIMITS]: number };
