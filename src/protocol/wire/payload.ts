import { LIMITS } from '../limits.ts';
import { Reader, Writer } from './bytes.ts';

/** What a `join` carries besides its header. */
export interface JoinPayload {
  /** MLSMessage(KeyPackage), RFC 9420 section 10. */
  readonly keyPackage: Uint8Array;
  /** Display name and proof of the person, sealed for who has the link (`participant/names.ts`). */
  readonly sealed: Uint8Array;
}

/** What a `commit` carries besides its header: one entry holds both (rule Atomic). */
export interface CommitPayload {
  /** MLSMessage(PublicMessage(Commit)), RFC 9420 section 12.4. */
  readonly commit: Uint8Array;
  /** MLSMessage(Welcome), section 12.4.3.1; empty where nobody is added. */
  readonly welcome: Uint8Array;
}

export const encodeJoinPayload = (p: JoinPayload): Uint8Array =>
  new Writer().opaque(p.keyPackage).opaque(p.sealed).bytes();

export const encodeCommitPayload = (p: CommitPayload): Uint8Array =>
  new Writer().opaque(p.commit).opaque(p.welcome).bytes();

/** @throws ParseError */
export function decodeJoinPayload(bytes: Uint8Array): JoinPayload {
  const r = new Reader(bytes);
  const payload = { keyPackage: r.opaque(LIMITS.keyPackage), sealed: r.opaque(LIMITS.sealed) };
  r.end();
  return payload;
}

/** @throws ParseError */
export function decodeCommitPayload(bytes: Uint8Array): CommitPayload {
  const r = new Reader(bytes);
  const payload = { commit: r.opaque(LIMITS.entry), welcome: r.opaque(LIMITS.entry) };
  r.end();
  return payload;
}
