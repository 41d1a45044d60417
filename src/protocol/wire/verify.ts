import type { Entry, JoinEntry, Placed, VoidEntry } from '../entry.ts';
import type { LogId, ParticipantId } from '../ids.ts';
import { ParseError } from '../errors.ts';
import type { View } from '../view.ts';
import { digest, unhex } from './bytes.ts';
import { commitIdOf, nextHash, type WireEntry } from './hashes.ts';
import { decodeHeader, type Header } from './header.ts';
import type { JoinFlaw, KeyPackageFacts, KeyPackageFlaw } from './keyPackage.ts';
import { decodeJoinPayload, isWholePayload, payloadDigest } from './payload.ts';
import { signedContent } from './signature.ts';

/** What the border asks of cryptography: facts about bytes, without a clock. All must come to the same ones, or the views part. */
export interface BorderChecks {
  /** The fixed check of a key package (rule Invited), or what it finds wrong. */
  readonly checkKeyPackage: (keyPackage: Uint8Array) => KeyPackageFacts | KeyPackageFlaw;
  /** Whether `signature` is that of `content` by the Ed25519 key `key`. Total: bytes of another length are none. */
  readonly verifies: (key: Uint8Array, content: Uint8Array, signature: Uint8Array) => boolean;
}

/** What everybody in a room knows before the first entry. */
export interface Border extends BorderChecks {
  readonly log: LogId;
  /** The invite key's public half, hex. */
  readonly inviteKey: string;
}

/**
 * The service handed over a payload that the header does not speak of, or withheld a part that its reader needs. No author can cause
 * this: a header names parts.
 */
export class ServiceFault extends Error {
  override readonly name = 'ServiceFault';
  readonly code: 'payload_digest' | 'payload_withheld';

  constructor(code: ServiceFault['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** An entry, judged at the border: what `step` reads, and the header it came with where it has one. */
export interface Verified {
  readonly placed: Placed;
  readonly header: Header | null;
}

const nothing = (author: ParticipantId, reason: string): VoidEntry => ({ kind: 'void', author, reason });

type JoinHeader = Extract<Header, { kind: 'join' }>;

const isSigned = (border: Border, key: string, { header, signature }: WireEntry): boolean =>
  border.verifies(unhex(key), signedContent(header), signature);

/** The HPKE keys of a `join`, or what is wrong with its key package. */
function judgeKeyPackage(
  border: Border,
  header: JoinHeader,
  wire: WireEntry,
): readonly string[] | KeyPackageFlaw {
  let keyPackage: Uint8Array;
  try {
    ({ keyPackage } = decodeJoinPayload(wire.payload));
  } catch {
    return 'join_payload';
  }
  if (digest(keyPackage) !== header.keyPackage) return 'wrong_hash';
  const facts = border.checkKeyPackage(keyPackage);
  if (typeof facts === 'string') return facts;
  if (facts.participant !== header.author) return 'wrong_participant';
  return facts.signatureKey === header.signatureKey ? facts.hpkeKeys : 'wrong_signature_key';
}

/** Rule Invited. What is not signed by the invite key gets no farther. */
function judgeJoin(border: Border, header: JoinHeader, wire: WireEntry): JoinEntry {
  const flawed = (flaw: JoinFlaw): JoinEntry => ({ ...header, hpkeKeys: [], invited: false, flaw });
  if (!isSigned(border, border.inviteKey, wire)) return flawed('not_signed');
  const keys = judgeKeyPackage(border, header, wire);
  return typeof keys === 'string' ? flawed(keys) : { ...header, hpkeKeys: keys, invited: true };
}

/** Whether `payload` is the one that `header` names, withheld parts or not. */
export function isPayloadOf(header: Header, payload: Uint8Array): boolean {
  if (!('payload' in header)) return payload.length === 0;
  try {
    return payloadDigest(payload) === header.payload;
  } catch (error) {
    if (error instanceof ParseError) return false;
    throw error;
  }
}

function judge(border: Border, view: View, wire: WireEntry, header: Header): Entry {
  const { author } = header;
  if (header.log !== border.log) return nothing(author, 'another log');
  if (header.kind === 'leave') return wire.signature.length === 0 ? header : nothing(author, 'signed leave');
  if (header.kind === 'join') return judgeJoin(border, header, wire);
  const key = view.joined[author]?.signatureKey;
  if (key === undefined) return nothing(author, 'unknown author');
  if (!isSigned(border, key, wire)) return nothing(author, 'signature');
  if (header.kind === 'found' || header.kind === 'commit') return { ...header, id: commitIdOf(wire.header) };
  return header;
}

/**
 * Judges the entry behind `view` by its bytes: parse, digest, signature (protocol: "an entry whose header does not
 * verify counts for nothing"). Everybody comes to the same entry, members and waiting participants alike.
 *
 * @throws ServiceFault where the payload is not the one that the header names, or lacks a part that everybody needs.
 */
export function verifyEntry(border: Border, view: View, wire: WireEntry): Verified {
  const position = view.position + 1;
  const before = view.hashes.at(-1) ?? '';
  const hash = nextHash(before, wire);
  let header: Header;
  try {
    header = decodeHeader(wire.header);
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    return { placed: { entry: nothing('', error.message), position, hash }, header: null };
  }
  const which = `entry ${String(position)}`;
  if (!isPayloadOf(header, wire.payload))
    throw new ServiceFault('payload_digest', `${which}: the payload is not the one of its header`);
  // A view must not depend on what is withheld from its reader.
  if (header.kind === 'join' && !isWholePayload(wire.payload))
    throw new ServiceFault('payload_withheld', `${which}: a part of the join is missing`);
  return { placed: { entry: judge(border, view, wire, header), position, hash }, header };
}
