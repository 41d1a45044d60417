import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import type { RoomId } from '../ids.ts';
import { hex, labelledHash, utf8 } from './bytes.ts';
import { publicKeyOf } from './signature.ts';

/** Bytes of the secret in a room's link. */
export const INVITE_SECRET_BYTES = 32;

/** What the secret of a link is worth. The service gets to see `key` and `room` only. */
export interface Invite {
  /** Seed of the Ed25519 invite key: signs joins. 32 bytes, secret. */
  readonly seed: Uint8Array;
  /** The invite key's public half, hex. */
  readonly key: string;
  /** The hash of `key`: where the link leads. */
  readonly room: RoomId;
  /** AES-256-GCM key for display names, 32 bytes, secret. */
  readonly nameKey: Uint8Array;
}

/** The room that an invite key leads to. Service and participants check that the two belong together. */
export const roomOf = (publicKey: Uint8Array): RoomId => hex(labelledHash('DC 1.0 room', publicKey));

/** Derives all that a link gives from its secret (HKDF-SHA-256, RFC 5869). */
export function inviteOf(secret: Uint8Array): Invite {
  if (secret.length !== INVITE_SECRET_BYTES) throw new RangeError('an invite secret has 32 bytes');
  const derive = (label: string): Uint8Array => hkdf(sha256, secret, undefined, utf8(label), 32);
  const seed = derive('DC 1.0 invite key');
  const key = publicKeyOf(seed);
  return { seed, key: hex(key), room: roomOf(key), nameKey: derive('DC 1.0 name key') };
}
