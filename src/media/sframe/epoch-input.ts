import { SFrameError } from './errors.ts';
import { MAX_SENDERS } from './kid.ts';
import { MAX_GROUP_ID_BYTES } from './limits.ts';
import { type Suite } from './suites.ts';

/** Label of the MLS exporter for the base key of an epoch; its context is empty (RFC 9605 section 5.2). */
export const BASE_KEY_LABEL = 'SFrame 1.0 Base Key';

/** A member of an epoch: its leaf in the ratchet tree, and the id under which the log knows it. */
export interface Member {
  readonly leafIndex: number;
  readonly participant: string;
}

/** What the MLS core hands over when it has merged a commit or joined by a Welcome. */
export interface EpochInput {
  /** MLS group id: names the founding. */
  readonly groupId: Uint8Array;
  readonly epoch: bigint;
  /** `MLS-Exporter("SFrame 1.0 Base Key", "", Nk)`, Nk bytes: 16 in suite 4, 32 in suite 5. Copied. */
  readonly baseKey: Uint8Array;
  readonly ownLeafIndex: number;
  /** Everybody in the epoch, oneself included. */
  readonly members: readonly Member[];
}

/** Checks an epoch and gives its members by leaf. Throws SFrameError. */
export function checkEpochInput(suite: Suite, input: EpochInput): Map<number, string> {
  if (input.baseKey.length !== suite.keyBytes) {
    throw new SFrameError('base-key-length', `${suite.name} takes a base key of ${suite.keyBytes} bytes`);
  }
  if (input.groupId.length === 0 || input.groupId.length > MAX_GROUP_ID_BYTES) {
    throw new SFrameError('group-id-length', `a group id has 1 to ${MAX_GROUP_ID_BYTES} bytes`);
  }
  if (input.epoch < 0n || input.epoch >= 2n ** 64n) {
    throw new SFrameError('kid-out-of-range', 'an epoch is an unsigned 64-bit number');
  }
  const members = new Map<number, string>();
  for (const { leafIndex, participant } of input.members) {
    if (!Number.isInteger(leafIndex) || leafIndex < 0 || leafIndex >= MAX_SENDERS) {
      throw new SFrameError('members-invalid', `leaf index ${leafIndex} has no place in a KID`);
    }
    if (members.has(leafIndex)) throw new SFrameError('members-invalid', `two members at leaf ${leafIndex}`);
    members.set(leafIndex, participant);
  }
  if (new Set(members.values()).size !== members.size) {
    throw new SFrameError('members-invalid', 'one participant at two leaves');
  }
  if (!members.has(input.ownLeafIndex)) {
    throw new SFrameError('members-invalid', `nobody at the own leaf ${input.ownLeafIndex}`);
  }
  return members;
}
