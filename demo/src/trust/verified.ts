/** Whom the user has compared codes about. Pure. */
import type { ParticipantId } from '../../../src/protocol/ids.ts';
import type { Person } from '../messages.ts';
import type { PastCode } from './codeHistory.ts';

/** A comparison that came out equal. */
export interface Comparison {
  readonly epoch: number;
  readonly founding: number;
  /** When it was made, in milliseconds of the page's clock. */
  readonly at: number;
}

/** By participant: the last comparison that covers it. Who is not in it is not compared yet. */
export type Verified = ReadonlyMap<ParticipantId, Comparison>;

export const NOBODY_VERIFIED: Verified = new Map();

/** Of those verified, who is in the group still, under the same participant id. */
export function stillVerified(verified: Verified, people: readonly Person[]): Verified {
  const here = new Set(people.flatMap(({ id, standing }) => (standing === 'waiting' ? [] : [id])));
  const kept = [...verified].filter(([id]) => here.has(id));
  return kept.length === verified.size ? verified : new Map(kept);
}

/**
 * After the code of an epoch was found to be the same: its members are verified at it, those who are in the group still.
 * Who came later is not covered. A comparison of an older epoch does not take the place of that of a newer one.
 */
export function verifiedAt(
  verified: Verified,
  { members, epoch, founding }: PastCode,
  { self, people, now }: { self: ParticipantId; people: readonly Person[]; now: number },
): Verified {
  const isOlder = (than: Comparison | undefined): boolean =>
    than !== undefined && (than.founding > founding || (than.founding === founding && than.epoch > epoch));
  const marked = new Map(verified);
  for (const id of members)
    if (id !== self && !isOlder(verified.get(id))) marked.set(id, { epoch, founding, at: now });
  return stillVerified(marked, people);
}
