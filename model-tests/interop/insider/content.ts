/** Commits that are signed and tagged as they should be, over proposals that the log does not call for. */
import { encodeMlsMessage, type Proposal } from 'ts-mls';
import { signLeafNodeKeyPackage, type LeafNodeUpdate } from 'ts-mls/leafNode.js';
import { signKeyPackage, type KeyPackage } from 'ts-mls/keyPackage.js';
import { protectProposalPublic } from 'ts-mls/messageProtectionPublic.js';
import { createProposal } from 'ts-mls';
import { unhex } from '../../../src/protocol/wire/bytes.ts';
import { attack, type Attack } from './attack.ts';
import { inline, type CommitLies } from './forge.ts';
import { addOf, packageOf, removeOf, type Scene } from './scene.ts';

const NOTHING = new Uint8Array();
const BYTES_32 = new Uint8Array(32).fill(7);

/** The right commit, and one proposal more that does nothing to the tree. */
const besides = (scene: Scene, ...proposals: readonly Proposal[]): CommitLies => {
  const { honest } = scene;
  return { ...honest, proposals: [...honest.proposals, ...inline(...proposals)] };
};

/** A key package by the ghost's keys in the name of the joiner. */
async function stolenName({ ghost, joiner }: Scene): Promise<KeyPackage> {
  const { publicPackage, privatePackage, cipherSuite } = ghost;
  const { signature } = cipherSuite;
  const credential = { credentialType: 'basic' as const, identity: unhex(joiner.participant) };
  const key = privatePackage.signaturePrivateKey;
  const leafNode = await signLeafNodeKeyPackage({ ...publicPackage.leafNode, credential }, key, signature);
  return signKeyPackage({ ...publicPackage, leafNode }, key, signature);
}

/** A leaf for an Update proposal, as the insider would sign it for the member at `leaf`. */
async function updateOf({ insider, tree }: Scene, leaf: number): Promise<Proposal> {
  const node = tree[2 * leaf];
  if (node?.nodeType !== 'leaf') throw new Error('a blank leaf');
  const { hpkePublicKey, signaturePublicKey, credential, capabilities, signature } = node.leaf;
  const data = { hpkePublicKey, signaturePublicKey, credential, capabilities };
  const leafNode: LeafNodeUpdate = { ...data, leafNodeSource: 'update', extensions: [], signature };
  return {
    proposalType: 'update',
    update: { leafNode: { ...leafNode, hpkePublicKey: insider.publicPackage.initKey } },
  };
}

const psk = (kind: 'external' | 'resumption', { insider }: Scene): Proposal => ({
  proposalType: 'psk',
  psk: {
    preSharedKeyId:
      kind === 'external'
        ? { psktype: 'external', pskId: BYTES_32, pskNonce: BYTES_32 }
        : {
            psktype: 'resumption',
            usage: 'application',
            pskGroupId: insider.groupId,
            pskEpoch: insider.epoch,
            pskNonce: BYTES_32,
          },
  },
});

const extensions = (
  extensionType: 'external_senders' | 'required_capabilities',
  data: Uint8Array,
): Proposal => ({
  proposalType: 'group_context_extensions',
  groupContextExtensions: { extensions: [{ extensionType, extensionData: data }] },
});

const joinerPackage = (scene: Scene): KeyPackage => packageOf(scene.joiner.keyPackage);

export const CONTENT: readonly Attack[] = [
  attack('adds a ghost in the joiner’s place', 'wrong_adds', (s) =>
    s.commit(s.adding(s.ghost.publicPackage)),
  ),
  attack('adds a ghost besides the joiner', 'wrong_adds', (s) =>
    s.commit(s.adding(joinerPackage(s), s.ghost.publicPackage)),
  ),
  attack('adds a ghost before the joiner', 'wrong_adds', (s) =>
    s.commit(s.adding(s.ghost.publicPackage, joinerPackage(s))),
  ),
  attack('adds nobody', 'wrong_adds', (s) => s.commit({})),
  attack('adds the joiner twice', 'wrong_adds', (s) =>
    s.commit(s.adding(joinerPackage(s), joinerPackage(s))),
  ),
  attack('adds other keys under the joiner’s id', 'wrong_adds', async (s) =>
    s.commit(s.adding(await stolenName(s))),
  ),
  attack('adds the joiner’s key package with another signature', 'wrong_adds', (s) =>
    s.commit(s.adding({ ...joinerPackage(s), signature: new Uint8Array(64) })),
  ),
  attack('adds somebody who is a member', 'wrong_adds', (s) =>
    s.commit(s.adding(joinerPackage(s), packageOf(s.other.keyPackage))),
  ),
  attack('removes somebody who has not left', 'wrong_removes', (s) => s.commit(s.removing(2))),
  attack('removes the reader', 'wrong_removes', (s) => s.commit(s.removing(1))),
  attack(
    'removes another than who has left',
    'wrong_removes',
    (s) => s.commit(s.removing(4)),
    (s) => ({
      removes: [s.other.participant],
    }),
  ),
  attack(
    'removes nobody where somebody has left',
    'wrong_removes',
    (s) => s.commit(s.honest),
    (s) => ({
      removes: [s.other.participant],
    }),
  ),
  attack('removes itself', 'wrong_removes', (s) => s.commit(besides(s, removeOf(0)))),
  attack('removes a blank leaf', 'invalid', (s) => s.commit(besides(s, removeOf(3)))),
  attack('removes a leaf beyond the tree', 'invalid', (s) => s.commit(besides(s, removeOf(1000)))),
  attack(
    'removes the same leaf twice',
    'wrong_removes',
    async (s) => {
      const lies = s.removing(2);
      return s.commit({ ...lies, proposals: [...(lies.proposals ?? []), ...inline(removeOf(2))] });
    },
    (s) => ({ removes: [s.other.participant] }),
  ),
  attack('updates its own leaf by a proposal', 'unexpected_content', async (s) =>
    s.commit(besides(s, await updateOf(s, 0))),
  ),
  attack('updates somebody else’s leaf', 'unexpected_content', async (s) =>
    s.commit(besides(s, await updateOf(s, 2))),
  ),
  attack('an external PSK', 'unexpected_content', (s) => s.commit(besides(s, psk('external', s)))),
  attack('a resumption PSK', 'unexpected_content', (s) => s.commit(besides(s, psk('resumption', s)))),
  attack('GroupContextExtensions: external senders', 'unexpected_content', (s) =>
    s.commit(besides(s, extensions('external_senders', NOTHING))),
  ),
  attack('GroupContextExtensions: required capabilities', 'unexpected_content', (s) =>
    s.commit(besides(s, extensions('required_capabilities', new Uint8Array(3)))),
  ),
  attack('GroupContextExtensions: none', 'unexpected_content', (s) =>
    s.commit(
      besides(s, { proposalType: 'group_context_extensions', groupContextExtensions: { extensions: [] } }),
    ),
  ),
  attack(
    'ReInit',
    'unexpected_content',
    (s) => {
      const cipherSuite = s.insider.cipherSuite.name;
      const reinit = { groupId: BYTES_32, version: 'mls10' as const, cipherSuite, extensions: [] };
      return s.commit({ path: false, proposals: inline({ proposalType: 'reinit', reinit }) });
    },
    () => ({ path: false }),
  ),
  attack('ExternalInit by a member', 'unexpected_content', (s) =>
    s.commit(besides(s, { proposalType: 'external_init', externalInit: { kemOutput: BYTES_32 } })),
  ),
  attack('a proposal of an unknown type', 'malformed', (s) =>
    s.commit(besides(s, { proposalType: 0xf00d, proposalData: NOTHING })),
  ),
  attack('an unknown proposal by reference', 'unexpected_content', (s) => {
    const { honest } = s;
    const reference = { proposalOrRefType: 'reference' as const, reference: BYTES_32 };
    return s.commit({ ...honest, proposals: [...honest.proposals, reference] });
  }),
  attack('a proposal message', 'unexpected_content', async (s) => {
    const { state, cipherSuite } = s.insider;
    const { publicMessage } = await protectProposalPublic(
      state.signaturePrivateKey,
      state.keySchedule.membershipKey,
      state.groupContext,
      NOTHING,
      addOf(joinerPackage(s)),
      0,
      cipherSuite,
    );
    return encodeMlsMessage({ version: 'mls10', wireformat: 'mls_public_message', publicMessage });
  }),
  attack('a proposal as PrivateMessage', 'unexpected_content', async (s) => {
    const { state, cipherSuite } = s.insider;
    const made = await createProposal(state, false, addOf(joinerPackage(s)), cipherSuite);
    return encodeMlsMessage(made.message);
  }),
];
