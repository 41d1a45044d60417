import { LIMITS } from '../protocol/limits.ts';
import type { ParticipantId } from '../protocol/ids.ts';
import { concat, Reader, utf8, Writer } from '../protocol/wire/bytes.ts';

/** Characters of a display name. */
export const NAME_LIMIT = 64;
/** Bytes that a character has at most in UTF-8. */
const CHARACTER_BYTES = 4;

const NONCE_BYTES = 12;
const NOTHING = new Uint8Array();

/** A name as others get to see it: without spaces around, and not too long; no character is cut in half. */
export const displayName = (name: string): string =>
  Array.from(name.trim()).slice(0, NAME_LIMIT).join('').trimEnd();

/** What a participant says of the person behind it. */
export interface Introduction {
  readonly name: string;
  /** See `personProof.ts`; empty where there is none. Whoever has the link may have written it: it proves what it verifies to. */
  readonly proof: Uint8Array;
}

const importKey = (key: Uint8Array): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', Uint8Array.from(key), 'AES-GCM', false, ['encrypt', 'decrypt']);
/** The participant id is authenticated: what is sealed cannot be taken over by another `join`. The label is the version. */
const contextOf = (p: ParticipantId): Uint8Array<ArrayBuffer> => Uint8Array.from(utf8(`DC 1.0 person ${p}`));

function parse(plain: Uint8Array): Introduction {
  const r = new Reader(plain);
  const bytes = r.opaque(NAME_LIMIT * CHARACTER_BYTES);
  const proof = r.opaque(LIMITS.sealed);
  r.end();
  const name = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  if (name !== displayName(name)) throw new RangeError('a name that is too long, or has spaces around');
  return { name, proof };
}

/** Seals a display name, and a proof of the person, for who has the link: AES-256-GCM, the service sees their length only. */
export async function sealName(
  key: Uint8Array,
  participant: ParticipantId,
  name: string,
  proof: Uint8Array = NOTHING,
): Promise<Uint8Array> {
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const additionalData = contextOf(participant);
  const plain = new Writer()
    .opaque(utf8(displayName(name)))
    .opaque(proof)
    .bytes();
  const sealed = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv: nonce, additionalData },
    await importKey(key),
    Uint8Array.from(plain),
  );
  return concat(nonce, new Uint8Array(sealed));
}

/** Opens what was sealed; null where it does not open or parse: it was not sealed by somebody with the link, or for this id. */
export async function openName(
  key: Uint8Array,
  participant: ParticipantId,
  sealed: Uint8Array,
): Promise<Introduction | null> {
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
    return parse(new Uint8Array(plain));
  } catch {
    return null;
  }
}
