import { BITS_PER_GROUP, digitGroups } from './digit-groups.ts';
import { field, hashedFields } from './hashed-fields.ts';
import { words } from './words.ts';

/** What the code of an epoch is made of; equal for all its members. */
export interface SafetyCodeInput {
  /** MLS group id, 1 to 255 bytes. */
  readonly groupId: Uint8Array;
  readonly epoch: bigint;
  /** `epoch_authenticator` of RFC 9420 section 8.7, 1 to 255 bytes. */
  readonly epochAuthenticator: Uint8Array;
  /** The founding or commit in the log that led to the epoch: the hash of its header, 1 to 255 bytes. It names the log that it was drafted on. */
  readonly commitId: Uint8Array;
}

/** A code that people read to one another: as digits, or as words. Each form stands for itself. */
export interface SafetyCode {
  /** Twelve groups of five digits. */
  readonly groups: readonly string[];
  /** The groups with spaces between. */
  readonly text: string;
  /** Bits that the digits tell apart, rounded down. */
  readonly bits: number;
  /** 24 words, 192 bits: one for each of the first 24 bytes of the hash that the digits are made of. */
  readonly words: readonly string[];
}

/** Keeps this hash apart from every other use of SHA-512. */
export const SAFETY_CODE_LABEL = 'designated-committer safety code 1';

const GROUPS = 12;
const WORD_COUNT = 24;

function epochBytes(epoch: bigint): Uint8Array {
  if (epoch < 0n || epoch >= 2n ** 64n) throw new RangeError('an epoch is an unsigned 64-bit number');
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, epoch);
  return bytes;
}

/**
 * The safety code of an epoch: people who read the same code are in the same epoch of the same group, have read the
 * same log up to the founding or commit that led there, and nobody sits between them.
 *
 * SHA-512 over the label, the group id, the epoch in 8 bytes, the authenticator and the commit id; all but the epoch
 * after its length in one byte. The first 60 bytes of the digest make 12 groups of 5 digits: 12 * log2(10^5) = 199.3
 * bits; the first 24 make 24 words: 192 bits. What it takes to have two groups show one code: `README.md`.
 *
 * Throws RangeError for a field of the wrong size.
 */
export function safetyCode({ groupId, epoch, epochAuthenticator, commitId }: SafetyCodeInput): SafetyCode {
  const digest = hashedFields(
    SAFETY_CODE_LABEL,
    field(groupId, 'groupId'),
    epochBytes(epoch),
    field(epochAuthenticator, 'epochAuthenticator'),
    field(commitId, 'commitId'),
  );
  const groups = digitGroups(digest, GROUPS);
  return {
    groups,
    text: groups.join(' '),
    bits: Math.floor(GROUPS * BITS_PER_GROUP),
    words: words(digest, WORD_COUNT),
  };
}

/**
 * What the QR code of a safety code says: text that a person with any camera can read and compare. The number is the
 * version of this form. Digits, capitals, spaces and a colon only: the alphanumeric mode of ISO/IEC 18004.
 */
export const safetyCodeText = (groups: readonly string[]): string => `SAFETY CODE 1: ${groups.join(' ')}`;
