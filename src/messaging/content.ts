/** What members say to one another, inside sealed messages: JSON, UTF-8. */
import * as v from 'valibot';
import { HASH_BYTES, PARTICIPANT_ID_BYTES } from '../protocol/ids.ts';
import { utf8 } from '../protocol/wire/bytes.ts';
import { MESSAGE_LIMITS } from './limits.ts';
import { BOX_BYTES, PUBLIC_KEY_BYTES } from './move/box.ts';
import { MOVE_LIMITS } from './move/limits.ts';
import { OFFER_NONCE_BYTES } from './move/offer.ts';
import { fits, plainText } from './text.ts';

const chat = v.strictObject({
  kind: v.literal('chat'),
  text: v.pipe(v.string(), v.maxLength(2 * MESSAGE_LIMITS.text), v.transform(plainText), v.check(fits)),
});

const hexOf = (bytes: number) =>
  v.pipe(v.string(), v.length(2 * bytes), v.regex(/^[0-9a-f]*$/, `${bytes} bytes of hex`));
const participants = (limit: number) => v.pipe(v.array(hexOf(PARTICIPANT_ID_BYTES)), v.maxLength(limit));

/** Asks `to` to go to another room, `without` these. */
const offer = v.strictObject({
  kind: v.literal('move.offer'),
  nonce: hexOf(OFFER_NONCE_BYTES),
  to: participants(MOVE_LIMITS.asked),
  without: participants(MOVE_LIMITS.without),
});
/** A key that the secret of that offer can be sealed to, X25519. */
const answer = v.strictObject({
  kind: v.literal('move.answer'),
  offer: hexOf(HASH_BYTES),
  key: hexOf(PUBLIC_KEY_BYTES),
});
/** The secret of the new room, for each of some who answered. */
const secret = v.strictObject({
  kind: v.literal('move.secret'),
  offer: hexOf(HASH_BYTES),
  boxes: v.pipe(
    v.array(v.strictObject({ to: hexOf(PARTICIPANT_ID_BYTES), box: hexOf(BOX_BYTES) })),
    v.maxLength(MOVE_LIMITS.boxes),
  ),
});

const ContentSchema = v.variant('kind', [chat, offer, answer, secret]);
export type Content = v.InferOutput<typeof ContentSchema>;
export type ChatContent = Extract<Content, { kind: 'chat' }>;
export type MoveContent = Exclude<Content, ChatContent>;

export const encodeContent = (content: Content): Uint8Array => utf8(JSON.stringify(content));

/** Null where it is nothing that is known here. */
export function decodeContent(bytes: Uint8Array): Content | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const parsed = v.safeParse(ContentSchema, JSON.parse(text));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}
