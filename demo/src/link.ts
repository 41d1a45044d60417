import { INVITE_SECRET_BYTES } from '../../src/protocol/wire/invite.ts';

/** The link to a room carries its secret in the fragment, which no browser sends to a server: `#s=` and base64url. */
const FRAGMENT = /^#s=([A-Za-z0-9_-]{43})$/;

/** A fresh secret: whoever creates a room draws it. */
export const newSecret = (): Uint8Array => crypto.getRandomValues(new Uint8Array(INVITE_SECRET_BYTES));

export function fragmentOf(secret: Uint8Array): string {
  const base64 = btoa(String.fromCharCode(...secret));
  return `#s=${base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}`;
}

/** The secret in a fragment; null where there is none, or not a whole one. */
export function secretIn(fragment: string): Uint8Array | null {
  const text = FRAGMENT.exec(fragment)?.[1];
  if (text === undefined) return null;
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
}
