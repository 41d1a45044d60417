/** What members say to one another, inside sealed messages: JSON, UTF-8. */
import * as v from 'valibot';
import { utf8 } from '../protocol/wire/bytes.ts';
import { MESSAGE_LIMITS } from './limits.ts';

/** Control characters but line breaks, marks that turn the direction of what stands around them, halves of characters. */
const UNWANTED = /[\p{Cc}\u202A-\u202E\u2066-\u2069]/gu;

/** A text as it is shown: as a text, and never as HTML. */
export const plainText = (text: string): string =>
  text
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(UNWANTED, (it) => (it === '\n' ? it : ''))
    .replaceAll(/\p{Surrogate}/gu, '\uFFFD')
    .trim();

/** Whether a plain text can be sent. */
export const fits = (text: string): boolean => text !== '' && Array.from(text).length <= MESSAGE_LIMITS.text;

const chat = v.strictObject({
  kind: v.literal('chat'),
  text: v.pipe(v.string(), v.maxLength(2 * MESSAGE_LIMITS.text), v.transform(plainText), v.check(fits)),
});

const ContentSchema = v.variant('kind', [chat]);
export type Content = v.InferOutput<typeof ContentSchema>;

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
