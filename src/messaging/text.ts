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
