import { secretIn } from '../../../demo/src/link.ts';
import { WrongUse } from '../wrongUse.ts';

/** Where a link leads, and what it lets in. */
export interface CallLink {
  /** `http://host:port`, or https. */
  readonly service: string;
  /** 32 bytes. */
  readonly secret: Uint8Array;
}

const COPY = 'copy the whole link that the page of the call shows, http://host/#s=… or https://host/#s=…';

/** Reads the invite link of a call. Throws WrongUse. */
export function readLink(text: string): CallLink {
  if (!URL.canParse(text)) throw new WrongUse(`${text} is no link: ${COPY}`);
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new WrongUse(`${text} is no link of a call: ${COPY}`);
  const secret = secretIn(url.hash);
  if (secret !== null) return { service: url.origin, secret };
  const what = url.hash === '' ? 'nothing behind a #' : 'no whole secret behind its #';
  throw new WrongUse(`the link has ${what}, and nobody gets in without the secret: ${COPY}, in quotes`);
}
