import { SFrameError } from './errors.ts';

/**
 * The key id for MLS, RFC 9605 section 5.2: `(context << (S + E)) + (sender index << E) + (epoch mod 2^E)`.
 *
 * E = 6: 64 epochs are told apart, 32 ahead and 31 behind; the ring holds 16 at most, and a commit takes a round trip.
 * S = 10: 1,024 leaves, enough for rooms of 1,000 (MLS fills blank leaves from the left, removes before adds).
 * So an audio stream (context 0) has a KID of at most 2 bytes, and 1 byte for the first four leaves.
 */
export const EPOCH_BITS = 6;
export const SENDER_BITS = 10;

/** Leaves that a KID can name. */
export const MAX_SENDERS = 2 ** SENDER_BITS;

/**
 * Contexts that a sender may use, one for each of its streams: bit 0 is 0 for audio and 1 for video, the rest number
 * the sender's sources (0 camera and microphone, 1 screen). A context has a key, a counter and a window of its own.
 */
export const MAX_CONTEXTS = 8;

const EPOCHS = 1n << BigInt(EPOCH_BITS);

/** The parts of a KID. `epochResidue` is the epoch mod 2^E. */
export interface Kid {
  readonly context: number;
  readonly leafIndex: number;
  readonly epochResidue: number;
}

/** The low E bits of an epoch. */
export const residueOf = (epoch: bigint): number => Number(epoch % EPOCHS);

/** Builds a KID. Throws `kid-out-of-range` for a context or leaf index that has no place in it. */
export function encodeKid(context: number, leafIndex: number, epoch: bigint): bigint {
  const fits = (value: number, limit: number): boolean =>
    Number.isInteger(value) && value >= 0 && value < limit;
  if (!fits(context, MAX_CONTEXTS) || !fits(leafIndex, MAX_SENDERS) || epoch < 0n) {
    throw new SFrameError('kid-out-of-range', `no KID for context ${context}, leaf ${leafIndex}`);
  }
  return BigInt(((context * MAX_SENDERS + leafIndex) << EPOCH_BITS) + residueOf(epoch));
}

/** Takes a KID apart; undefined when its context is beyond MAX_CONTEXTS. */
export function decodeKid(kid: bigint): Kid | undefined {
  if (kid < 0n || kid >= BigInt(MAX_CONTEXTS << (SENDER_BITS + EPOCH_BITS))) return undefined;
  const value = Number(kid);
  return {
    context: value >> (SENDER_BITS + EPOCH_BITS),
    leafIndex: (value >> EPOCH_BITS) % MAX_SENDERS,
    epochResidue: value % 2 ** EPOCH_BITS,
  };
}

/** Where an epoch that is not held lies, seen from the current one: half of the residues are ahead. */
export function placeOf(residue: number, current: bigint): 'older epoch' | 'newer epoch' {
  const ahead = (residue - residueOf(current) + Number(EPOCHS)) % Number(EPOCHS);
  return ahead > 0 && ahead <= Number(EPOCHS) / 2 ? 'newer epoch' : 'older epoch';
}
