/** The bytes that SFrame adds to an audio frame: Opus has nothing in clear, so all of it is header and tag (RFC 9605 section 4.3). */
import { encodeHeader } from '../../../media/sframe/header.ts';
import { AES_128_GCM_SHA256_128 as SUITE, MAX_CONTEXTS, MAX_SENDERS } from '../../../media/sframe/index.ts';
import { EPOCH_BITS, encodeKid } from '../../../media/sframe/kid.ts';

/** Bytes that may be added to an audio frame. */
export const MOST_ADDED = 23;

/** Opus packets of 20 ms. */
export const FRAMES_A_SECOND = 50;
export const FRAMES_A_DAY = 24 * 3_600 * FRAMES_A_SECOND;

/** Where each part of an added byte string is: config byte, KID, CTR, and the tag behind the ciphertext. */
export interface Layout {
  readonly config: 1;
  readonly kid: number;
  readonly ctr: number;
  readonly tag: number;
  readonly total: number;
}

/** Read off the header that goes over the wire: the lengths are those that its config byte says. */
export function layoutOf(kid: bigint, ctr: bigint): Layout {
  const header = encodeHeader({ kid, ctr });
  const config = header[0] ?? 0;
  const lengthOf = (bits: number): number => ((bits & 0b1000) === 0 ? 0 : (bits & 0b0111) + 1);
  const parts = { config: 1, kid: lengthOf(config >> 4), ctr: lengthOf(config & 0b1111) } as const;
  if (parts.config + parts.kid + parts.ctr !== header.length)
    throw new Error('the header is not what it says');
  return { ...parts, tag: SUITE.tagBytes, total: header.length + SUITE.tagBytes };
}

/** Each KID that an audio stream can have: microphones and other sources of all leaves, in all epochs. */
export function* audioKids(): Generator<bigint> {
  for (let context = 0; context < MAX_CONTEXTS; context += 2)
    for (let leaf = 0; leaf < MAX_SENDERS; leaf += 1)
      for (let epoch = 0; epoch < 2 ** EPOCH_BITS; epoch += 1) yield encodeKid(context, leaf, BigInt(epoch));
}

/** The first and the last counter of each length, in a day of audio without a change of keys. */
export const COUNTERS: readonly bigint[] = [0, 7, 8, 255, 256, 65_535, 65_536, FRAMES_A_DAY - 1].map(BigInt);

export interface LayoutRow extends Layout {
  readonly who: string;
  readonly when: string;
}

/** For people: who has a KID of which length, and when a counter takes how much. */
export function layoutTable(): readonly LayoutRow[] {
  const who: readonly (readonly [string, bigint])[] = [
    ['microphone of leaf 0, epoch 1', encodeKid(0, 0, 1n)],
    ['microphone of leaves 0 to 3', encodeKid(0, 3, 63n)],
    ['microphone of leaves 4 to 1,023', encodeKid(0, MAX_SENDERS - 1, 63n)],
    ['sound of another source, all leaves', encodeKid(MAX_CONTEXTS - 2, MAX_SENDERS - 1, 63n)],
  ];
  const when: readonly (readonly [string, bigint])[] = [
    ['frames 1 to 8', 7n],
    ['to 5 s', 255n],
    ['to 22 minutes', 65_535n],
    ['to a day', BigInt(FRAMES_A_DAY - 1)],
  ];
  return who.flatMap(([name, kid]) =>
    when.map(([time, ctr]) => ({ who: name, when: time, ...layoutOf(kid, ctr) })),
  );
}

export interface Range {
  readonly least: number;
  readonly most: number;
  /** Pairs of KID and counter that were looked at. */
  readonly seen: number;
}

let range: Range | undefined;

/** Bytes added over all audio KIDs and a day's counters. Looked through once. */
export function addedRange(): Range {
  if (range !== undefined) return range;
  let [least, most, seen] = [Infinity, 0, 0];
  for (const kid of audioKids())
    for (const ctr of COUNTERS) {
      const total = encodeHeader({ kid, ctr }).length + SUITE.tagBytes;
      least = Math.min(least, total);
      most = Math.max(most, total);
      seen += 1;
    }
  return (range = { least, most, seen });
}
