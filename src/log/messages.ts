/**
 * What a participant and the delivery service say to each other: JSON text frames over one WebSocket, bytes as
 * base64url. Used by both sides: no Node and no DOM imports here.
 *
 * The service opens with `log`; the participant answers with `join` (or `resume`), and gets the log from its start (or
 * from where it was), entry by entry, for as long as it stays.
 */
import * as v from 'valibot';
import { LIMITS } from '../protocol/limits.ts';
import type { WireEntry } from '../protocol/wire/hashes.ts';
import { KEY_PACKAGE_FLAW_CODES } from '../protocol/wire/keyPackage.ts';

/** Characters of one message: an entry of the largest size, in base64url, and its wrapping. */
export const MAX_MESSAGE_LENGTH = Math.ceil((LIMITS.entry * 4) / 3) + 4_096;
/** The version of these messages. */
export const SERVICE_VERSION = 2;

const hexOf = (bytes: number) =>
  v.pipe(
    v.string(),
    v.regex(new RegExp(`^[0-9a-f]{${String(2 * bytes)}}$`), `${String(bytes)} bytes of hex`),
  );
const base64url = v.pipe(
  v.string(),
  v.maxLength(MAX_MESSAGE_LENGTH),
  v.regex(/^[A-Za-z0-9_-]*$/, 'base64url'),
);
/** What participants say to one another beside the log; some number of bytes has this many characters. */
const relayed = v.pipe(
  base64url,
  v.nonEmpty(),
  v.check((text) => text.length % 4 !== 1, 'base64url'),
);
const position = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(LIMITS.entries));
const entry = v.strictObject({ header: base64url, signature: base64url, payload: base64url });

/** Stable codes of what the service refuses. */
export const SERVICE_ERROR_CODES = [
  'malformed_message',
  'message_order',
  'entry_refused',
  'not_invited',
  'bad_key_package',
  'id_used',
  'room_full',
  'server_full',
  'log_full',
  'log_unavailable',
  'log_corrupt',
  'unknown_participant',
  'too_many_messages',
  'too_many_joins',
  'relay_too_long',
  'relay_too_fast',
  'queue_full',
  'outbox_full',
  'replaced',
  'closed',
] as const;

export const ClientMessageSchema = v.variant('type', [
  /** The first words of a new participant. `inviteKey` hashes to the room; `entry` is its `join`. */
  v.strictObject({
    type: v.literal('join'),
    version: v.literal(SERVICE_VERSION),
    inviteKey: hexOf(32),
    entry,
  }),
  /** The same participant after a lost connection, within the grace; `from` is the first position that it lacks. */
  v.strictObject({
    type: v.literal('resume'),
    version: v.literal(SERVICE_VERSION),
    participant: hexOf(16),
    token: hexOf(16),
    from: position,
  }),
  /** An entry that the participant drafted. */
  v.strictObject({ type: v.literal('append'), entry }),
  /** To everybody else who is here with a connection: not in the log, not kept, in no order with it. */
  v.strictObject({ type: v.literal('message'), data: relayed }),
  /** The participant leaves for good. */
  v.strictObject({ type: v.literal('leave') }),
  /** The answer to `ping`. Comes from the worker that runs the machine, so a frozen page does not send it. */
  v.strictObject({ type: v.literal('pong') }),
  /** To the forwarding server (see `media/connection`). */
  v.strictObject({ type: v.literal('rtc'), message: v.unknown() }),
]);

export const ServiceMessageSchema = v.variant('type', [
  /** The log of this room: its random id, and how many entries it has. */
  v.strictObject({ type: v.literal('log'), version: v.number(), log: hexOf(16), length: position }),
  /** The `join` or `resume` was taken. `token` is what `resume` needs. */
  v.strictObject({ type: v.literal('joined'), token: hexOf(16) }),
  v.strictObject({ type: v.literal('entry'), position, entry }),
  /** What `from` said to everybody here, in the order in which it said it. The service says who it was. */
  v.strictObject({ type: v.literal('message'), from: hexOf(16), data: relayed }),
  v.strictObject({ type: v.literal('ping') }),
  v.strictObject({ type: v.literal('rtc'), message: v.unknown() }),
  v.strictObject({
    type: v.literal('error'),
    code: v.picklist(SERVICE_ERROR_CODES),
    message: v.pipe(v.string(), v.maxLength(1_024)),
    /** The service has closed the connection for it. */
    fatal: v.boolean(),
    /** With `bad_key_package`: what is wrong with it. */
    flaw: v.exactOptional(v.picklist(KEY_PACKAGE_FLAW_CODES)),
  }),
]);

export type ServiceErrorCode = (typeof SERVICE_ERROR_CODES)[number];
export type ClientMessage = v.InferOutput<typeof ClientMessageSchema>;
export type ServiceMessage = v.InferOutput<typeof ServiceMessageSchema>;
type MessageEntry = v.InferOutput<typeof entry>;

/** Null where the text is not a message. */
function parse<S extends v.GenericSchema>(schema: S, text: string): v.InferOutput<S> | null {
  if (text.length > MAX_MESSAGE_LENGTH) return null;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null;
  }
  const result = v.safeParse(schema, json);
  return result.success ? result.output : null;
}

export const parseClientMessage = (text: string): ClientMessage | null => parse(ClientMessageSchema, text);
export const parseServiceMessage = (text: string): ServiceMessage | null => parse(ServiceMessageSchema, text);

const CHUNK = 0x8000;

/** As `data` of a message. */
export function toBase64url(bytes: Uint8Array): string {
  let binary = '';
  for (let i = 0; i < bytes.length; i += CHUNK)
    binary += String.fromCharCode(...bytes.subarray(i, i + CHUNK));
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** Throws only where no number of bytes has so many characters; `data` of a message was looked at. */
export function fromBase64url(text: string): Uint8Array {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (c) => c.charCodeAt(0));
}

export const packEntry = (e: WireEntry): MessageEntry => ({
  header: toBase64url(e.header),
  signature: toBase64url(e.signature),
  payload: toBase64url(e.payload),
});

/** Null where the text is no base64url after all (a length that no bytes have). */
export function unpackEntry(e: MessageEntry): WireEntry | null {
  try {
    return {
      header: fromBase64url(e.header),
      signature: fromBase64url(e.signature),
      payload: fromBase64url(e.payload),
    };
  } catch {
    return null;
  }
}
