/**
 * What page and forwarding server say to each other, both directions, as JSON values. Used by both sides: no
 * Node and no DOM imports here.
 *
 * The page always offers. Its first two media sections send its microphone and its camera; all later ones are
 * slots that receive. The server answers, and says with `slots` whose stream it puts into which slot. That is
 * routing information and not authenticated: who sent a frame is told by its SFrame key id.
 */
import * as v from 'valibot';
import { VIDEO_CODECS } from './codecs.ts';

/** Characters of an SDP that the schema lets through; the server's own limit may be lower. */
export const MAX_SDP_LENGTH = 256 * 1024;
/** Entries of one `slots` message. */
export const MAX_SLOTS = 512;

const kind = v.picklist(['audio', 'video']);
const mid = v.pipe(v.string(), v.regex(/^[A-Za-z0-9+/_-]{1,16}$/));
const sdp = v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_SDP_LENGTH));
const offerId = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1_000_000));
const participant = v.pipe(v.string(), v.minLength(1), v.maxLength(128));
const slotCount = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_SLOTS));

/** Stable codes of what the forwarding server refuses or reports. */
export const FORWARDER_ERROR_CODES = [
  'malformed_message',
  'too_many_messages',
  'sdp_too_large',
  'sdp_refused',
  'offer_in_progress',
  'too_many_offers',
  'negotiation_failed',
  'connection_failed',
  'connection_timeout',
  'unknown_slot',
  'room_full',
  'server_full',
  'replaced',
  'closed',
] as const;

const errorCode = v.picklist(FORWARDER_ERROR_CODES);

export const PageMessageSchema = v.variant('type', [
  /** An SDP offer (RFC 8829); `id` comes back in the answer. One at a time. */
  v.strictObject({ type: v.literal('offer'), id: offerId, sdp }),
  /** Which of its own tracks the page sends now; others are told as `active`. */
  v.strictObject({ type: v.literal('sending'), audio: v.boolean(), video: v.boolean() }),
  /** The page needs a key frame of the stream in this slot. */
  v.strictObject({ type: v.literal('keyFrame'), mid }),
]);

export const SlotSchema = v.strictObject({
  /** Media section of the slot (RFC 8843 `a=mid`). */
  mid,
  kind,
  /** Whose stream the server puts there; null: nobody's. Not authenticated. */
  participant: v.nullable(participant),
  /** Whether that participant says that it sends this kind now. */
  active: v.boolean(),
});

export const ServerMessageSchema = v.variant('type', [
  v.strictObject({ type: v.literal('answer'), id: offerId, sdp }),
  v.strictObject({
    type: v.literal('slots'),
    slots: v.pipe(v.array(SlotSchema), v.maxLength(MAX_SLOTS)),
    /** Slots of each kind that the page should offer. When it has fewer, it adds them and offers again. */
    wanted: slotCount,
  }),
  /** What everybody receives to whom the page's camera goes: it should use no other codec. */
  v.strictObject({
    type: v.literal('videoCodecs'),
    codecs: v.pipe(v.array(v.picklist(VIDEO_CODECS)), v.maxLength(VIDEO_CODECS.length)),
  }),
  /** `fatal`: the server has closed this participant's connection; the page has to join again. */
  v.strictObject({ type: v.literal('error'), code: errorCode, fatal: v.boolean() }),
]);

export const RtcMessageSchema = v.union([PageMessageSchema, ServerMessageSchema]);

export type MediaKind = v.InferOutput<typeof kind>;
export type Slot = v.InferOutput<typeof SlotSchema>;
export type ForwarderErrorCode = v.InferOutput<typeof errorCode>;
/** From the page to the server. */
export type PageMessage = v.InferOutput<typeof PageMessageSchema>;
/** From the server to the page. */
export type ServerMessage = v.InferOutput<typeof ServerMessageSchema>;
export type RtcMessage = PageMessage | ServerMessage;

/** Whether a participant's id can be told in a `slots` message: 1 to 128 UTF-16 code units. */
export const isParticipantId = (id: unknown): id is string => v.is(participant, id);

/** The message, or null for anything that is not one. Never throws. */
export function parsePageMessage(input: unknown): PageMessage | null {
  const parsed = v.safeParse(PageMessageSchema, input, { abortEarly: true });
  return parsed.success ? parsed.output : null;
}

/** The message, or null for anything that is not one. Never throws. */
export function parseServerMessage(input: unknown): ServerMessage | null {
  const parsed = v.safeParse(ServerMessageSchema, input, { abortEarly: true });
  return parsed.success ? parsed.output : null;
}
