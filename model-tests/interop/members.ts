import type { ExpectedCommit, MlsCommit, MlsGroup, MlsMember } from '../../src/mls/MlsGroup.ts';
import { TsMlsMember, suiteOne } from '../../src/checking/interop/TsMlsMember.ts';
import { overNodeCrypto } from '../../src/checking/interop/nodeCrypto.ts';
import { limitIn, treeIn, unmergedLeavesAreRight } from './limits.ts';

export const IMPLEMENTATIONS = ['mls-rs', 'ts-mls'] as const;
export type Implementation = (typeof IMPLEMENTATIONS)[number];

/** A member of a group, whichever implementation it runs. The methods are those of `MlsGroup`. */
export interface InteropMember {
  /** Short and readable, for counts and differences: `p7 (ts-mls)`. */
  readonly name: string;
  readonly implementation: Implementation;
  readonly participant: string;
  readonly keyPackage: Uint8Array;
  readonly groupId: Uint8Array;
  readonly epoch: bigint;
  readonly epochAuthenticator: Uint8Array;
  readonly ownLeafIndex: number;
  readonly roster: readonly MlsMember[];
  found(groupId: Uint8Array): Promise<void>;
  commit(adds: readonly Uint8Array[], removes: readonly string[], path: boolean): Promise<MlsCommit>;
  merge(): void;
  process(commit: Uint8Array, expected: ExpectedCommit): Promise<void>;
  /** False where it does not join for a limit of its own implementation: the Welcome is right. */
  welcome(welcome: Uint8Array): Promise<boolean>;
  /** Hands over a commit that removes this member: whether it says so; 'limit' where its implementation cannot. */
  isRemovedBy(commit: Uint8Array, expected: ExpectedCommit): Promise<boolean | 'limit'>;
  exportSecret(label: string, context: Uint8Array, length: number): Promise<Uint8Array>;
  close(): void;
}

/** Our production adapter as a member. */
export function ourMember(number: number, mls: MlsGroup): InteropMember {
  return {
    name: `p${number} (mls-rs)`,
    implementation: 'mls-rs',
    participant: mls.participant,
    keyPackage: mls.keyPackage,
    get groupId() {
      return mls.groupId;
    },
    get epoch() {
      return mls.epoch;
    },
    get epochAuthenticator() {
      return mls.epochAuthenticator;
    },
    get ownLeafIndex() {
      return mls.ownLeafIndex;
    },
    get roster() {
      return mls.roster;
    },
    found: async (groupId) => {
      mls.found(groupId);
      mls.merge();
    },
    commit: async (adds, removes, path) => mls.commit(adds, removes, path),
    merge: () => mls.merge(),
    process: async (commit, expected) => mls.process(commit, expected),
    welcome: async (welcome) => {
      mls.welcome(welcome);
      return true;
    },
    isRemovedBy: async (commit, expected) => {
      try {
        mls.process(commit, expected);
        return false;
      } catch (error) {
        return error instanceof Error && 'code' in error && error.code === 'removed';
      }
    },
    exportSecret: async (label, context, length) => mls.exportSecret(label, context, length),
    close: () => mls.close(),
  };
}

/** A member by ts-mls. It has a path where the removes ask for one, or where the commit is empty. */
export async function theirMember(number: number, participant: string, now: number): Promise<InteropMember> {
  const it = await TsMlsMember.create({
    participant,
    now,
    cipherSuite: overNodeCrypto(await suiteOne()),
  });
  return {
    name: `p${number} (ts-mls)`,
    implementation: 'ts-mls',
    participant,
    keyPackage: it.keyPackage,
    get groupId() {
      return it.groupId;
    },
    get epoch() {
      return it.epoch;
    },
    get epochAuthenticator() {
      return it.epochAuthenticator;
    },
    get ownLeafIndex() {
      return it.ownLeafIndex;
    },
    get roster() {
      return it.roster;
    },
    found: (groupId) => it.found(groupId),
    commit: (adds, removes) => it.commit(adds, removes),
    merge: () => it.merge(),
    process: (commit) => it.process(commit),
    welcome: async (welcome) => {
      try {
        await it.welcome(welcome);
        return true;
      } catch (error) {
        if (limitIn(error) === 'unmergedLeaves' && unmergedLeavesAreRight(await treeIn(welcome, it)))
          return false;
        throw error;
      }
    },
    isRemovedBy: async (commit, expected) => {
      try {
        await it.process(commit);
        return it.removed;
      } catch (error) {
        if (limitIn(error) === 'leafTaken' && expected.adds.length > 0) return 'limit';
        throw error;
      }
    },
    exportSecret: (label, context, length) => it.exportSecret(label, context, length),
    close: () => undefined,
  };
}
