import { SIGNATURE_KEY_BYTES } from '../protocol/ids.ts';
import { BITS_PER_GROUP, digitGroups } from './digit-groups.ts';
import { field, hashedFields } from './hashed-fields.ts';

/** A code that stays the same as long as a person keeps the key. */
export interface PersonCode {
  /** Eight groups of five digits. */
  readonly groups: readonly string[];
  /** The groups with spaces between. */
  readonly text: string;
  /** Bits that the code tells apart, rounded down. */
  readonly bits: number;
}

/** Keeps this hash apart from every other use of SHA-512. */
export const PERSON_CODE_LABEL = 'designated-committer person code 1';

const GROUPS = 8;

/** So many groups tell the people of a call apart on a page. They are too few to be compared: a key that has them is soon found. */
export const SHORT_GROUPS = 2;

/**
 * The code of a person key (Ed25519, 32 bytes): SHA-512 over the label and the key, each after its length in one byte; the
 * first 40 bytes of the digest make 8 groups of 5 digits: 8 * log2(10^5) = 132.8 bits.
 *
 * Fewer than a safety code has: who wants to be taken for somebody must hit that person's code, 2^132 keys. Two keys of
 * one's own that share a code are of no use (`README.md`).
 *
 * Throws RangeError for a key of another size.
 */
export function personCode(personKey: Uint8Array): PersonCode {
  if (personKey.length !== SIGNATURE_KEY_BYTES) throw new RangeError('a person key has 32 bytes');
  const groups = digitGroups(hashedFields(PERSON_CODE_LABEL, field(personKey, 'personKey')), GROUPS);
  return { groups, text: groups.join(' '), bits: Math.floor(GROUPS * BITS_PER_GROUP) };
}
