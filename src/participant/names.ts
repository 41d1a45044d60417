import { LIMITS } from '../protocol/limits.ts';
import type { ParticipantId } from '../protocol/ids.ts';
import { concat, utf8 } from '../protocol/wire/bytes.ts';

/** Characters of a display name. */
export const NAME_LIMIT = 64;

const NONCE_BYTES = 12;
/** The first characters, none of them cut in half. */
const clip = (name: string): string => Array.from(name).slice(0, NAME_LIMIT).join('');
const importKey = (key: Uint8Array): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', Uint8Array.from(key), 'AES-GCM', false, ['encrypt', 'decrypt']);
/** The participant id is authenticated: a sealed name cannot be taken over by another `join`. */
const contextOf = (p: ParticipantId): Uint8Array<ArrayBuffer> => Uint8Array.from(utf8(`DC 1.0 name ${p}`));

/** Seals a display name for who has the link: AES-256-GCM, the service sees its length only. */
export async function sealName(
  key: Uint8Array,
  participant: ParticipantId,
  name: string,
): Promise<Uint8Array> {
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const additionalData = contextOf(participant);
  const plain = Uint8Array.from(utf8(clip(name.trim())));
  const sealed = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv: nonce, additionalData },
    await importKey(key),
    plain,
  );
  return concat(nonce, new Uint8Array(sealed));
}

/** Opens a sealed name; null where it does not open: it was not sealed by somebody with the link, or for this id. */
export async function openName(
  key: Uint8Array,
  participant: ParticipantId,
  sealed: Uint8Array,
): Promise<string | null> {
  if (sealed.length <= NONCE_BYTES || sealed.length > LIMITS.sealed) return null;
  const iv = Uint8Array.from(sealed.subarray(0, NONCE_BYTES));
  const additionalData = contextOf(participant);
  const bytes = Uint8Array.from(sealed.subarray(NONCE_BYTES));
  try {
    const plain = await crypto.subtle.decrypt(
      { name: 'AES-GCM', iv, additionalData },
      await importKey(key),
      bytes,
    );
    const name = new TextDecoder('utf-8', { fatal: true }).decode(plain);
    return clip(name);
  } catch {
    return null;
  }
}
