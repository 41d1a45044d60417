/** Digits in each group, and bytes of the digest that a group is made of. */
const DIGITS = 5;
const BYTES = 5;

/** Bits that one group tells apart: log2(10^5) = 16.6096, less than 10^-6 for the bias of 2^40 mod 10^5. */
export const BITS_PER_GROUP = 16.609;

/**
 * Writes the start of a digest as `count` groups of 5 decimal digits. Each group is 5 bytes, big-endian, mod 10^5, so
 * the digest needs 5 bytes for each group. Throws RangeError when it has fewer.
 */
export function digitGroups(digest: Uint8Array, count: number): string[] {
  if (digest.length < count * BYTES) throw new RangeError('the digest is too short for so many groups');
  return Array.from({ length: count }, (_, group) => {
    let value = 0;
    for (const byte of digest.subarray(group * BYTES, (group + 1) * BYTES)) value = value * 256 + byte;
    return (value % 10 ** DIGITS).toString().padStart(DIGITS, '0');
  });
}
