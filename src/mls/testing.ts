/** What the tests of this folder share. */
import { sha256 } from '@noble/hashes/sha2.js';
import {
  MlsError,
  type MlsCommit,
  type MlsErrorCode,
  type MlsGroup,
  type ParticipantId,
} from './MlsGroup.ts';
import { createMlsGroup } from './wasm.ts';
import { idHex } from './border.ts';

/** 2026-11-22. */
export const NOW = 1_795_305_600;

export function id(): ParticipantId {
  return idHex(crypto.getRandomValues(new Uint8Array(16)));
}

export function member(): MlsGroup {
  return createMlsGroup({ participant: id(), now: NOW });
}

/** The code of the MlsError that `step` throws; `undefined` if it throws nothing. Anything else that it throws goes on. */
export function codeOf(step: () => unknown): MlsErrorCode | undefined {
  try {
    step();
    return undefined;
  } catch (error) {
    if (error instanceof MlsError) return error.code;
    throw error;
  }
}

/** Everything of a group that can be seen from outside. */
export function observable(it: MlsGroup): unknown {
  const { hasGroup, hasPending, participant, signatureKey, keyPackage } = it;
  if (!hasGroup) return { hasGroup, hasPending, participant, signatureKey, keyPackage };
  const { groupId, epoch, epochAuthenticator, ownLeafIndex, roster } = it;
  return { hasGroup, hasPending, participant, groupId, epoch, epochAuthenticator, ownLeafIndex, roster };
}

/** Two members at epoch 1. */
export function pair(): [MlsGroup, MlsGroup] {
  const [a, b] = [member(), member()];
  a.found(new Uint8Array([7]));
  a.merge();
  const { welcome } = a.commit([b.keyPackage], [], false);
  a.merge();
  b.welcome(welcome);
  return [a, b];
}

/** `committer` adds `joiners`, `other` processes; the joiners have not joined yet. */
export function addAll(committer: MlsGroup, other: MlsGroup, joiners: readonly MlsGroup[]): MlsCommit {
  const made = committer.commit(
    joiners.map((it) => it.keyPackage),
    [],
    false,
  );
  const adds = joiners.map((it) => ({ participant: it.participant, keyPackageHash: sha256(it.keyPackage) }));
  other.process(made.commit, { committer: committer.participant, adds, removes: [], path: false });
  committer.merge();
  return made;
}
