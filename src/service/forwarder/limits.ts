/** Limits of the forwarding server, in one table. Every queue, size and count that a page can influence is here. */
export interface ForwarderLimits {
  /** Rooms at one time. */
  readonly rooms: number;
  /** Participants of one room. */
  readonly participants: number;
  /** Characters of an SDP. A media section of Chromium's takes 700 for Opus and 2,000 for four video codecs. */
  readonly sdpLength: number;
  /** Offers of one participant in its life; each but the first should add slots. */
  readonly offers: number;
  /** Messages of one participant that may come at once; `messagesPerSecond` more are allowed each second. */
  readonly messageBurst: number;
  readonly messagesPerSecond: number;
  /** Addresses from which ICE checks for one participant are answered. */
  readonly remoteAddresses: number;
  /** Milliseconds from the first answer to a connection that stands. */
  readonly connectTimeout: number;
  /** Milliseconds between two key frame requests to one sender. */
  readonly keyFrameInterval: number;
}

export const DEFAULT_LIMITS: ForwarderLimits = {
  rooms: 1_000,
  participants: 16,
  sdpLength: 128 * 1024,
  offers: 64,
  messageBurst: 100,
  messagesPerSecond: 20,
  remoteAddresses: 32,
  connectTimeout: 30_000,
  keyFrameInterval: 500,
};
