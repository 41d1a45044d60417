/** Welcomes that lie to the joiner, signed by the insider and encrypted as they should be. */
import { createCommit, createGroup, encodeMlsMessage } from 'ts-mls';
import { nodeToLeafIndex, toLeafIndex } from 'ts-mls/treemath.js';
import { addLeafNode, removeLeafNode } from 'ts-mls/ratchetTree.js';
import { TsMlsMember } from '../../../src/checking/interop/TsMlsMember.ts';
import { id } from '../../../src/mls/testing.ts';
import { attack, type Attack } from './attack.ts';
import type { CommitLies, Tree } from './forge.ts';
import { GROUP_ID, addOf, packageOf, type Scene } from './scene.ts';

const BYTES_32 = new Uint8Array(32).fill(7);
const EXTENSION = { extensionType: 0xf000, extensionData: Uint8Array.of(1) };

/** The tree with which the commit ends, and one node of it otherwise. */
async function treeWith(s: Scene, change: (tree: Tree) => void): Promise<Tree> {
  const { next } = await s.forge(s.honest);
  const tree = [...next.tree];
  change(tree);
  return tree;
}

/** The commit that the log calls for, in a group with another leaf that is not in the profile. */
async function besidesSomebody(
  s: Scene,
  options: { readonly id?: string; readonly extensions?: number[] },
): Promise<CommitLies> {
  const { capabilities } = s.insider.publicPackage.leafNode;
  const odd = await TsMlsMember.create({
    participant: options.id ?? id(),
    now: Date.now() / 1000,
    capabilities: { ...capabilities, extensions: options.extensions ?? [] },
  });
  return s.adding(packageOf(s.joiner.keyPackage), odd.publicPackage);
}

/** A group in which the insider has put a ghost at the blank leaf beforehand: all of it fits together. */
function withGhost(s: Scene): CommitLies {
  const [haunted] = addLeafNode(s.tree, s.ghost.publicPackage.leafNode);
  const joiner = packageOf(s.joiner.keyPackage);
  const [tree, at] = addLeafNode(haunted, joiner.leafNode);
  return { ...s.honest, tree, added: [[nodeToLeafIndex(at), joiner]] };
}

/** A group without somebody who is in it by the log. */
const withoutOther = (s: Scene): CommitLies => {
  const joiner = packageOf(s.joiner.keyPackage);
  const [tree, at] = addLeafNode(removeLeafNode(s.tree, toLeafIndex(2)), joiner.leafNode);
  return { ...s.honest, tree, added: [[nodeToLeafIndex(at), joiner]] };
};

/** Everybody's key packages are in the log: the insider founds a group of its own with all of them. */
async function newGroup(s: Scene, groupId: Uint8Array): Promise<Uint8Array> {
  const { publicPackage, privatePackage, cipherSuite } = s.insider;
  const state = await createGroup(groupId, publicPackage, privatePackage, [], cipherSuite);
  const made = await createCommit(
    { state, cipherSuite },
    {
      wireAsPublicMessage: true,
      ratchetTreeExtension: true,
      extraProposals: [s.own, s.other, s.last, s.joiner].map((it) => addOf(packageOf(it.keyPackage))),
    },
  );
  if (made.welcome === undefined) throw new Error('no Welcome');
  return encodeMlsMessage({ version: 'mls10', wireformat: 'mls_welcome', welcome: made.welcome });
}

export const WELCOMES: readonly Attack[] = [
  attack('a GroupContext with extensions', 'unexpected_content', (s) =>
    s.welcome(
      {},
      {
        ...s.honest,
        context: { extensions: [{ extensionType: 'external_senders', extensionData: Uint8Array.of(0) }] },
      },
    ),
  ),
  attack('a GroupContext with an unknown extension', 'invalid', (s) =>
    s.welcome({}, { ...s.honest, context: { extensions: [EXTENSION] } }),
  ),
  attack('another tree hash', 'invalid', (s) => s.welcome({ context: { treeHash: BYTES_32 } })),
  attack('another epoch', 'bad_tag', (s) => s.welcome({ context: { epoch: 99n } })),
  attack('another group id', 'bad_signature', (s) => s.welcome({ context: { groupId: BYTES_32 } })),
  attack('another group id, with the keys for it', 'bad_signature', (s) =>
    s.welcome({}, { ...s.honest, context: { groupId: BYTES_32 } }),
  ),
  attack('another transcript hash', 'bad_tag', (s) =>
    s.welcome({ context: { confirmedTranscriptHash: BYTES_32 } }),
  ),
  attack('another cipher suite in the GroupContext', 'invalid', (s) =>
    s.welcome({ context: { cipherSuite: 'MLS_128_DHKEMX25519_CHACHA20POLY1305_SHA256_Ed25519' } }),
  ),
  attack('another cipher suite of the Welcome', 'invalid', (s) =>
    s.welcome({ cipherSuite: 'MLS_128_DHKEMX25519_CHACHA20POLY1305_SHA256_Ed25519' }),
  ),
  attack('another confirmation tag', 'bad_tag', (s) => s.welcome({ confirmationTag: BYTES_32 })),
  attack('another signer', 'bad_signature', (s) => s.welcome({ signer: 2 })),
  attack('a signer at a blank leaf', 'invalid', (s) => s.welcome({ signer: 6 })),
  attack('a signer beyond the tree', 'malformed', (s) => s.welcome({ signer: 2 ** 32 - 1 })),
  attack('the joiner as signer', 'bad_signature', (s) => s.welcome({ signer: 3 })),
  attack('a GroupInfo with a wrong signature', 'bad_signature', (s) =>
    s.welcome({ signature: new Uint8Array(64) }),
  ),
  attack('no ratchet tree', 'invalid', (s) => s.welcome({ tree: null })),
  attack('the tree of before the commit', 'invalid', (s) => s.welcome({ tree: s.tree })),
  attack('a tree with a leaf swapped', 'invalid', async (s) =>
    s.welcome({
      tree: await treeWith(s, (tree) => {
        tree[4] = { nodeType: 'leaf', leaf: s.ghost.publicPackage.leafNode };
      }),
    }),
  ),
  attack('a tree with a parent blank', 'invalid', async (s) =>
    s.welcome({
      tree: await treeWith(s, (tree) => {
        tree[1] = undefined;
      }),
    }),
  ),
  attack('a tree of one leaf', 'invalid', (s) => s.welcome({ tree: s.tree.slice(0, 1) })),
  attack('a tree without the joiner', 'not_invited', (s) => s.welcome({}, { ...s.honest, tree: s.tree })),
  attack('other group secrets', 'crypto', (s) => s.welcome({ joinerSecret: BYTES_32 })),
  attack('another path secret', 'invalid', (s) => s.welcome({ pathSecret: BYTES_32 })),
  attack('a path secret of 5 bytes', 'crypto', (s) => s.welcome({ pathSecret: new Uint8Array(5) })),
  attack('a PSK', 'invalid', (s) =>
    s.welcome({ psks: [{ psktype: 'external', pskId: BYTES_32, pskNonce: BYTES_32 }] }),
  ),
  attack('a resumption PSK', 'invalid', (s) =>
    s.welcome({
      psks: [
        { psktype: 'resumption', usage: 'branch', pskGroupId: BYTES_32, pskEpoch: 1n, pskNonce: BYTES_32 },
      ],
    }),
  ),
  attack('group secrets for another init key', 'crypto', (s) =>
    s.welcome({ initKey: s.ghost.publicPackage.initKey }),
  ),
  attack('for another key package', 'not_invited', (s) => s.welcome({ newMember: BYTES_32 })),
  attack('for somebody else', 'not_invited', (s) => s.welcome({}, s.adding(s.ghost.publicPackage))),
  attack('a GroupInfo that does not decrypt', 'crypto', (s) =>
    s.welcome({ encryptedGroupInfo: (right) => right.map((b) => b ^ 1) }),
  ),
  attack('a GroupInfo of no bytes', 'crypto', (s) =>
    s.welcome({ encryptedGroupInfo: () => new Uint8Array() }),
  ),
  attack('a group with an id of 15 bytes', 'bad_credential', async (s) =>
    s.welcome({}, await besidesSomebody(s, { id: 'ab'.repeat(15) })),
  ),
  attack('a group with a leaf outside the profile', 'unexpected_content', async (s) =>
    s.welcome({}, await besidesSomebody(s, { extensions: [0xf000] })),
  ),
  attack('a group in which the insider has an HPKE key of small order', 'bad_key', (s) =>
    s.welcome({}, { ...s.honest, leaf: { hpkePublicKey: new Uint8Array(32) } }),
  ),
  attack('the same participant twice', 'invalid', async (s) =>
    s.welcome({}, await besidesSomebody(s, { id: s.other.participant })),
  ),
  attack('the commit itself', 'unexpected_content', (s) => s.commit(s.honest)),
];

/**
 * Groups that fit together, each of them lawful MLS, and not the one of the log: nobody can refuse them who knows MLS only. What the
 * joiner finds in them is compared with its view.
 */
export const OTHER_GROUPS: readonly (readonly [
  name: string,
  code: 'roster' | 'group_id' | 'authenticator',
  make: (s: Scene) => Promise<Uint8Array>,
])[] = [
  ['a ghost is in it', 'roster', (s) => s.welcome({}, withGhost(s))],
  ['a member is not in it', 'roster', (s) => s.welcome({}, withoutOther(s))],
  ['the same people in a group with another id', 'group_id', (s) => newGroup(s, BYTES_32)],
  ['the same people in a new group with the same id', 'authenticator', (s) => newGroup(s, GROUP_ID)],
  ['it is at another epoch', 'authenticator', (s) => s.welcome({}, { ...s.honest, context: { epoch: 41n } })],
  [
    'it comes of another commit',
    'authenticator',
    (s) => s.welcome({}, { ...s.honest, authenticatedData: Uint8Array.of(1) }),
  ],
];
