import { sha512 } from '@noble/hashes/sha2.js';
import { BITS_PER_GROUP, digitGroups } from './digit-groups.ts';

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

/** A code that people read to one another. */
export interface SafetyCode {
  /** Twelve groups of five digits. */
  readonly groups: readonly string[];
  /** The groups with spaces between. */
  readonly text: string;
  /** Bits that the code tells apart, rounded down. */
  readonly bits: number;
}

/** Keeps this hash apart from every other use of SHA-512. */
export const SAFETY_CODE_LABEL = 'designated-committer safety code 1';

const GROUPS = 12;

function field(bytes: Uint8Array, name: string): Uint8Array {
  if (bytes.length === 0 || bytes.length > 255) throw new RangeError(`${name} has 1 to 255 bytes`);
  return Uint8Array.of(bytes.length, ...bytes);
}

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
 * after its length in one byte. The first 60 bytes of the digest make 12 groups of 5 digits: 12 * log2(10^5) = 199.3 bits. An
 * adversary who grinds both groups that it wants to look alike needs about 2^99 tries, one who must hit a given code
 * 2^199: above the 160 bits that a code compared without commitment should have.
 *
 * Throws RangeError for a field of the wrong size.
 */
export function safetyCode({ groupId, epoch, epochAuthenticator, commitId }: SafetyCodeInput): SafetyCode {
  const digest = sha512
    .create()
    .update(field(new TextEncoder().encode(SAFETY_CODE_LABEL), 'label'))
    .update(field(groupId, 'groupId'))
    .update(epochBytes(epoch))
    .update(field(epochAuthenticator, 'epochAuthenticator'))
    .update(field(commitId, 'commitId'))
    .digest();
  const groups = digitGroups(digest, GROUPS);
  return { groups, text: groups.join(' '), bits: Math.floor(GROUPS * BITS_PER_GROUP) };
}
