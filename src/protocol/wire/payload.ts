import type { Digest, ParticipantId } from '../ids.ts';
import { HASH_BYTES } from '../ids.ts';
import { ParseError } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import { digest, hex, labelledHash, Reader, unhex, Writer } from './bytes.ts';

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

/** The parts of a commit's payload, for who reads it: each is for some readers only. */
export type CommitPart = keyof CommitPayload;

/** What stands in for a part that its reader does not need: its SHA-256. */
interface Withheld {
  readonly digest: Digest;
}

type Part = Uint8Array | Withheld;

const WHOLE = 0;
const WITHHELD = 1;
const PARTS = 2;

const isWhole = (part: Part | undefined): part is Uint8Array => part instanceof Uint8Array;

function encode(parts: readonly Part[]): Uint8Array {
  const w = new Writer();
  for (const part of parts) {
    if (isWhole(part)) w.uint(WHOLE, 1).opaque(part);
    else w.uint(WITHHELD, 1).fixed(part.digest, HASH_BYTES);
  }
  return w.bytes();
}

/** @throws ParseError */
function decode(bytes: Uint8Array, limits: readonly number[]): Part[] {
  const r = new Reader(bytes);
  const parts: Part[] = [];
  while (!r.atEnd) {
    const limit = limits[parts.length];
    if (limit === undefined) throw new ParseError('trailing', 'more parts than a payload has');
    const how = r.uint(1);
    if (how !== WHOLE && how !== WITHHELD)
      throw new ParseError('kind', `no part of a payload: ${String(how)}`);
    parts.push(how === WHOLE ? r.opaque(limit) : { digest: r.fixed(HASH_BYTES) });
  }
  return parts;
}

const decodeAny = (bytes: Uint8Array): Part[] => decode(bytes, Array<number>(PARTS).fill(LIMITS.entry));

function both(parts: readonly Part[]): readonly [Part, Part] {
  const [first, second] = parts;
  if (first === undefined || second === undefined) throw new ParseError('truncated', 'a part is missing');
  return [first, second];
}

export const encodeJoinPayload = (p: JoinPayload): Uint8Array => encode([p.keyPackage, p.sealed]);

export const encodeCommitPayload = (p: CommitPayload): Uint8Array => encode([p.commit, p.welcome]);

/**
 * What the header names: a hash over the SHA-256 of each part. So who has all headers can check any part, also where the others are
 * withheld: nobody reads a Welcome for others.
 *
 * @throws ParseError where the bytes are no parts
 */
export const payloadDigest = (payload: Uint8Array): Digest =>
  hex(
    labelledHash(
      'DC 1.0 payload',
      ...decodeAny(payload).map((part) => unhex(isWhole(part) ? digest(part) : part.digest)),
    ),
  );

/** Whether nothing is withheld. @throws ParseError */
export const isWholePayload = (payload: Uint8Array): boolean => decodeAny(payload).every(isWhole);

/** Whether a part of a commit is withheld. Bytes that are no commit withhold nothing. */
export function isWithheld(payload: Uint8Array, part: CommitPart): boolean {
  try {
    return decodeCommitParts(payload)[part] === null;
  } catch (error) {
    if (error instanceof ParseError) return false;
    throw error;
  }
}

/** The payload of a commit with those parts only; what is shorter than a hash stays. @throws ParseError */
export function withholdParts(payload: Uint8Array, needed: readonly CommitPart[]): Uint8Array {
  const keep = (part: Part, name: CommitPart): Part =>
    !isWhole(part) || needed.includes(name) || part.length <= HASH_BYTES ? part : { digest: digest(part) };
  const [commit, welcome] = both(decodeAny(payload));
  return encode([keep(commit, 'commit'), keep(welcome, 'welcome')]);
}

/** All of a `join` is for everybody. @throws ParseError */
export function decodeJoinPayload(bytes: Uint8Array): JoinPayload {
  const [keyPackage, sealed] = both(decode(bytes, [LIMITS.keyPackage, LIMITS.sealed]));
  if (!isWhole(keyPackage) || !isWhole(sealed)) throw new ParseError('withheld', 'a part of a join');
  return { keyPackage, sealed };
}

/**
 * The part of a commit that counts which `reader` needs; null where it needs none. It needs a Welcome to itself, and as a member the MLS
 * commit of somebody else.
 */
export function neededPart(
  commit: { readonly author: ParticipantId; readonly adds: readonly ParticipantId[] },
  reader: ParticipantId,
  isMember: boolean,
): CommitPart | null {
  if (commit.adds.includes(reader)) return 'welcome';
  return isMember && commit.author !== reader ? 'commit' : null;
}

/** The parts of a commit; null where one is withheld. @throws ParseError */
export function decodeCommitParts(bytes: Uint8Array): { readonly [P in CommitPart]: Uint8Array | null } {
  const [commit, welcome] = both(decodeAny(bytes));
  return { commit: isWhole(commit) ? commit : null, welcome: isWhole(welcome) ? welcome : null };
}

/** Of which nothing is withheld. @throws ParseError */
export function decodeCommitPayload(bytes: Uint8Array): CommitPayload {
  const { commit, welcome } = decodeCommitParts(bytes);
  if (commit === null || welcome === null) throw new ParseError('withheld', 'a part of a commit');
  return { commit, welcome };
}
