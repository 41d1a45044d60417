import type { ParticipantId } from '../ids.ts';

/** What the fixed check of a key package finds in it: bytes only, no clock, the same everywhere. */
export interface KeyPackageFacts {
  readonly participant: ParticipantId;
  /** Hex. */
  readonly signatureKey: string;
  /** HPKE keys, init and leaf, hex. */
  readonly hpkeKeys: readonly string[];
}

/**
 * Why a `join` is refused for its key package, in words. The names are stable codes. Those of the check of its bytes are
 * what the MLS core calls them (`mls/MlsGroup.ts`, RFC 9420 section 10.1); the others are about the `join` that holds it.
 */
export const KEY_PACKAGE_FLAWS = Object.freeze({
  malformed: 'its bytes are not one MLS 1.0 key package',
  too_large: 'it is too large',
  wrong_suite: 'it is for another cipher suite',
  unexpected_content: 'it holds more than this profile has',
  bad_lifetime: 'its lifetime is negative or too long',
  bad_credential: 'its credential is not a participant id',
  bad_key: 'one of its keys is zero, of small order, no point, or used for two things',
  bad_signature: 'a signature in it does not verify',
  invalid: 'it breaks another rule of RFC 9420',
  join_payload: 'the join holds no key package',
  wrong_hash: 'it is not the one that the join names',
  wrong_participant: 'it is of another participant',
  wrong_signature_key: 'it has another signature key than the join',
  repeated: 'it, or one of its keys, was used before',
  core_lost: 'its check came to no end',
} as const);

export type KeyPackageFlaw = keyof typeof KEY_PACKAGE_FLAWS;

/** The codes, for who reads them from a message. */
export const KEY_PACKAGE_FLAW_CODES = Object.keys(KEY_PACKAGE_FLAWS) as [KeyPackageFlaw, ...KeyPackageFlaw[]];

/** Why a `join` is not an invited one: its signature is not by the invite key, or its key package is flawed. */
export type JoinFlaw = KeyPackageFlaw | 'not_signed';

/** A flaw as a sentence, for people. */
export const flawText = (flaw: JoinFlaw): string =>
  flaw === 'not_signed'
    ? 'the join is not signed by the invite key'
    : `the key package is refused: ${KEY_PACKAGE_FLAWS[flaw]}`;
