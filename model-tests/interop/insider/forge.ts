/**
 * Commits and Welcomes put together from the parts of ts-mls, below its API, by an insider: somebody who holds the keys of a member,
 * so that signature, membership tag and confirmation tag are right over whatever content it likes. Without lies it makes what RFC
 * 9420 section 12.4.1 says.
 */
import { encodeMlsMessage, type CiphersuiteImpl, type ClientState, type Proposal } from 'ts-mls';
import { nextEpochContext } from 'ts-mls/clientState.js';
import { encode } from 'ts-mls/codec/tlsEncoder.js';
import { encryptWithLabel } from 'ts-mls/crypto/hpke.js';
import { createConfirmationTag, signFramedContentTBS, toTbs } from 'ts-mls/framedContent.js';
import { groupContextEncoder, type GroupContext } from 'ts-mls/groupContext.js';
import type { KeyPackage } from 'ts-mls/keyPackage.js';
import { initializeEpoch, type EpochSecrets } from 'ts-mls/keySchedule.js';
import { signLeafNodeCommit, type LeafNodeCommit } from 'ts-mls/leafNode.js';
import { protectPublicMessage } from 'ts-mls/messageProtectionPublic.js';
import { getCommitSecret } from 'ts-mls/pathSecrets.js';
import type { ProposalOrRef } from 'ts-mls/proposalOrRefType.js';
import { getHpkePublicKey } from 'ts-mls/ratchetTree.js';
import type { Sender } from 'ts-mls/sender.js';
import { treeHashRoot } from 'ts-mls/treeHash.js';
import { leafToNodeIndex, toLeafIndex, toNodeIndex } from 'ts-mls/treemath.js';
import { createUpdatePath, type PathSecret, type UpdatePath } from 'ts-mls/updatePath.js';

export type Tree = ClientState['ratchetTree'];

/** Where the commit says something else than what it does. What is left out is as it should be. */
export interface CommitLies {
  /** What the commit holds; what it does to the tree is `tree`. */
  readonly proposals?: readonly ProposalOrRef[];
  /** The tree after the proposals, before the path. */
  readonly tree?: Tree;
  /** Whom the commit adds, at which leaf: they get a Welcome, and nothing in the path. */
  readonly added?: readonly (readonly [leaf: number, keyPackage: KeyPackage])[];
  /** False: no path. */
  readonly path?: boolean;
  /** The leaf of the path, before it is signed; and after. */
  readonly leaf?: Partial<LeafNodeCommit>;
  readonly signedLeaf?: Partial<LeafNodeCommit>;
  /** The path secrets that are encrypted; the commit secret is that of the true ones. */
  readonly secrets?: (secrets: readonly PathSecret[]) => readonly PathSecret[];
  /** The path as it is sent; the new tree is as if it were right. */
  readonly sentPath?: (path: UpdatePath) => UpdatePath;
  /** The GroupContext of the new epoch. */
  readonly context?: Partial<GroupContext>;
  readonly sender?: Sender;
  readonly epoch?: bigint;
  readonly groupId?: Uint8Array;
  readonly authenticatedData?: Uint8Array;
  readonly pskSecret?: Uint8Array;
  /** Who signs the commit; its signature key in the form of ts-mls. */
  readonly signaturePrivateKey?: Uint8Array;
  readonly membershipKey?: Uint8Array;
  readonly confirmationTag?: (right: Uint8Array) => Uint8Array;
}

export interface Forged {
  /** MLSMessage(PublicMessage(Commit)). */
  readonly commit: Uint8Array;
  /** What the epoch is that the commit leads to, for a Welcome. */
  readonly next: NextEpoch;
}

export interface NextEpoch {
  readonly context: GroupContext;
  readonly tree: Tree;
  readonly secrets: EpochSecrets;
  readonly confirmationTag: Uint8Array;
  readonly pathSecrets: readonly PathSecret[];
  readonly added: readonly (readonly [leaf: number, keyPackage: KeyPackage])[];
}

export const inline = (...proposals: readonly Proposal[]): readonly ProposalOrRef[] =>
  proposals.map((proposal) => ({ proposalOrRefType: 'proposal', proposal }));

export async function forgeCommit(
  state: ClientState,
  suite: CiphersuiteImpl,
  lies: CommitLies = {},
): Promise<Forged> {
  const { groupContext, keySchedule } = state;
  const { proposals = [], added = [], tree: changed = state.ratchetTree } = lies;
  const context: GroupContext = { ...groupContext, ...lies.context };
  const done =
    lies.path === false
      ? { tree: changed, path: undefined, secrets: [], commitSecret: new Uint8Array(suite.kdf.size) }
      : await forgePath(state, suite, changed, context, lies);
  const { tree } = done;
  const content = {
    contentType: 'commit' as const,
    commit: { proposals: [...proposals], path: done.path && (lies.sentPath?.(done.path) ?? done.path) },
    groupId: lies.groupId ?? groupContext.groupId,
    epoch: lies.epoch ?? groupContext.epoch,
    sender: lies.sender ?? ({ senderType: 'member', leafIndex: state.privatePath.leafIndex } as const),
    authenticatedData: lies.authenticatedData ?? new Uint8Array(),
  };
  const tbs = toTbs(content, 'mls_public_message', groupContext);
  const signer = lies.signaturePrivateKey ?? state.signaturePrivateKey;
  const signature = await signFramedContentTBS(signer, tbs, suite.signature);
  const treeHash = lies.context?.treeHash ?? (await treeHashRoot(tree, suite.hash));
  const next = await nextEpochContext(
    context,
    'mls_public_message',
    content,
    signature,
    treeHash,
    state.confirmationTag,
    suite.hash,
  );
  const psk = lies.pskSecret ?? new Uint8Array(suite.kdf.size);
  const secrets = await initializeEpoch(keySchedule.initSecret, done.commitSecret, next, psk, suite.kdf);
  const { confirmationKey } = secrets.keySchedule;
  const right = await createConfirmationTag(confirmationKey, next.confirmedTranscriptHash, suite.hash);
  const confirmationTag = lies.confirmationTag?.(right) ?? right;
  const auth = { contentType: 'commit' as const, signature, confirmationTag };
  const publicMessage = await protectPublicMessage(
    lies.membershipKey ?? keySchedule.membershipKey,
    groupContext,
    { wireformat: 'mls_public_message', content, auth },
    suite,
  );
  return {
    commit: encodeMlsMessage({ version: 'mls10', wireformat: 'mls_public_message', publicMessage }),
    next: { context: next, tree, secrets, confirmationTag, pathSecrets: done.secrets, added },
  };
}

/** RFC 9420 section 7.4 to 7.6. The leaf's lies go into the tree as well, so that all hashes are over what is sent. */
async function forgePath(
  state: ClientState,
  suite: CiphersuiteImpl,
  before: Tree,
  context: GroupContext,
  lies: CommitLies,
): Promise<{ tree: Tree; path: UpdatePath; secrets: readonly PathSecret[]; commitSecret: Uint8Array }> {
  const own = toLeafIndex(state.privatePath.leafIndex);
  const hidden = (lies.added ?? []).map(([leaf]) => leafToNodeIndex(toLeafIndex(leaf)));
  const [tree, path, secrets] = await createUpdatePath(
    before,
    own,
    context,
    state.signaturePrivateKey,
    suite,
    hidden,
  );
  const tbs = { ...path.leafNode, ...lies.leaf, groupId: context.groupId, leafIndex: own };
  const signed = await signLeafNodeCommit(tbs, state.signaturePrivateKey, suite.signature);
  const leafNode = { ...signed, ...lies.signedLeaf };
  tree[leafToNodeIndex(own)] = { nodeType: 'leaf', leaf: leafNode };
  const treeHash = await treeHashRoot(tree, suite.hash);
  const info = encode(groupContextEncoder)({ ...context, treeHash, epoch: context.epoch + 1n });
  const sent = lies.secrets?.(secrets) ?? secrets;
  const nodes = await Promise.all(
    sent.map(async ({ nodeIndex, secret, sendTo }) => {
      const encryptedPathSecret = await Promise.all(
        sendTo.map(async (to) => {
          const key = await suite.hpke.importPublicKey(getHpkePublicKey(before[to]!));
          const { ct, enc } = await encryptWithLabel(key, 'UpdatePathNode', info, secret, suite.hpke);
          return { ciphertext: ct, kemOutput: enc };
        }),
      );
      return { hpkePublicKey: getHpkePublicKey(tree[nodeIndex]!), encryptedPathSecret };
    }),
  );
  const last = secrets.at(-1);
  const commitSecret =
    last === undefined
      ? new Uint8Array(suite.kdf.size)
      : await getCommitSecret(tree, toNodeIndex(last.nodeIndex), last.secret, suite.kdf);
  return { tree, path: { leafNode, nodes }, secrets, commitSecret };
}
