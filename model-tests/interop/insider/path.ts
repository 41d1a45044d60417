/** Commits with a wrong update path (RFC 9420 sections 7.3 to 7.9); signatures and tags are over what is sent. */
import { x25519 } from '@noble/curves/ed25519.js';
import type { PathSecret, UpdatePath } from 'ts-mls/updatePath.js';
import { unhex } from '../../../src/protocol/wire/bytes.ts';
import { attack, type Attack } from './attack.ts';
import type { CommitLies } from './forge.ts';
import type { Scene } from './scene.ts';

const BYTES_32 = new Uint8Array(32).fill(7);
/** A public key that is nobody's. */
const KEY = x25519.getPublicKey(BYTES_32);

const garbled = (path: UpdatePath): UpdatePath => ({
  ...path,
  nodes: path.nodes.map((node) => ({
    ...node,
    encryptedPathSecret: node.encryptedPathSecret.map((it) => ({
      ...it,
      ciphertext: it.ciphertext.map((b) => b ^ 1),
    })),
  })),
});

const leafOf = (s: Scene, leaf: number): { hpkePublicKey: Uint8Array; signaturePublicKey: Uint8Array } => {
  const node = s.tree[2 * leaf];
  if (node?.nodeType !== 'leaf') throw new Error('a blank leaf');
  return node.leaf;
};

const parentKey = (s: Scene): Uint8Array => {
  const node = s.tree.find((it) => it?.nodeType === 'parent');
  if (node?.nodeType !== 'parent') throw new Error('no parent');
  return node.parent.hpkePublicKey;
};

const withLeaf = (s: Scene, leaf: NonNullable<CommitLies['leaf']>): Promise<Uint8Array> =>
  s.commit({ ...s.honest, leaf });
const sending = (s: Scene, sentPath: (path: UpdatePath) => UpdatePath): Promise<Uint8Array> =>
  s.commit({ ...s.honest, sentPath });
const encrypting = (s: Scene, change: (secret: PathSecret) => PathSecret): Promise<Uint8Array> =>
  s.commit({ ...s.honest, secrets: (all) => all.map(change) });

/** HPKE keys that no key package could have: what is sealed to them nobody opens, or everybody. */
const ODD_KEYS: readonly (readonly [what: string, key: Uint8Array])[] = [
  ['of 31 bytes', KEY.slice(1)],
  ['of no bytes', new Uint8Array()],
  ['of small order', new Uint8Array(32)],
];

export const PATH: readonly Attack[] = [
  attack('no path where a refresh is due', 'missing_path', (s) => s.commit({ ...s.honest, path: false })),
  attack(
    'no path where it removes',
    'missing_path',
    (s) => s.commit({ ...s.removing(2), path: false }),
    (s) => ({
      removes: [s.other.participant],
      path: false,
    }),
  ),
  attack('path secrets that do not decrypt', 'crypto', (s) => sending(s, garbled)),
  attack('path secrets for another node’s key', 'invalid', (s) =>
    encrypting(s, (it) => ({ ...it, secret: BYTES_32 })),
  ),
  attack('path secrets of another length', 'crypto', (s) =>
    encrypting(s, (it) => ({ ...it, secret: new Uint8Array(16) })),
  ),
  attack('path secrets encrypted to nobody', 'invalid', (s) =>
    encrypting(s, (it) => ({ ...it, sendTo: [] })),
  ),
  attack(
    'path secrets encrypted to others',
    'crypto',
    (s) => encrypting(s, (it) => ({ ...it, sendTo: it.sendTo.map(() => 8) })),
    undefined,
    ['own', 'other'],
  ),
  attack('an encapsulated key of all zero', 'crypto', (s) =>
    sending(s, (path) => ({
      ...path,
      nodes: path.nodes.map((node) => ({
        ...node,
        encryptedPathSecret: node.encryptedPathSecret.map((it) => ({ ...it, kemOutput: new Uint8Array(32) })),
      })),
    })),
  ),
  attack('a path of no nodes', 'invalid', (s) => sending(s, (path) => ({ ...path, nodes: [] }))),
  attack('a path one node short', 'invalid', (s) =>
    sending(s, (path) => ({ ...path, nodes: path.nodes.slice(0, -1) })),
  ),
  attack('a path one node long', 'invalid', (s) =>
    sending(s, (path) => ({ ...path, nodes: [...path.nodes, path.nodes[0]!] })),
  ),
  attack('nodes in another order', 'invalid', (s) =>
    sending(s, (path) => ({ ...path, nodes: path.nodes.toReversed() })),
  ),
  attack('another public key of a node', 'invalid', (s) =>
    sending(s, (path) => ({ ...path, nodes: path.nodes.map((it) => ({ ...it, hpkePublicKey: KEY })) })),
  ),
  attack('a public key of a node that is in the tree', 'invalid', (s) =>
    sending(s, (path) => ({
      ...path,
      nodes: path.nodes.map((it) => ({ ...it, hpkePublicKey: parentKey(s) })),
    })),
  ),
  attack('a wrong parent hash', 'invalid', (s) => withLeaf(s, { parentHash: BYTES_32 })),
  attack('no parent hash', 'invalid', (s) => withLeaf(s, { parentHash: new Uint8Array() })),
  attack('a leaf with a wrong signature', 'bad_signature', (s) =>
    s.commit({ ...s.honest, signedLeaf: { signature: new Uint8Array(64) } }),
  ),
  attack('a leaf signed for another leaf index', 'bad_signature', async (s) => {
    const { signature } = leafOf(s, 0) as unknown as { readonly signature: Uint8Array };
    return s.commit({ ...s.honest, signedLeaf: { signature } });
  }),
  attack('the HPKE key that its leaf has had', 'invalid', (s) =>
    withLeaf(s, { hpkePublicKey: leafOf(s, 0).hpkePublicKey }),
  ),
  attack('the HPKE key of another leaf', 'invalid', (s) =>
    withLeaf(s, { hpkePublicKey: leafOf(s, 2).hpkePublicKey }),
  ),
  attack('another signature key', 'bad_credential', (s) =>
    withLeaf(s, { signaturePublicKey: s.ghost.publicPackage.leafNode.signaturePublicKey }),
  ),
  attack('another participant id', 'bad_credential', (s) =>
    withLeaf(s, { credential: { credentialType: 'basic', identity: unhex(s.other.participant) } }),
  ),
  attack('a credential that is no participant id', 'bad_credential', (s) =>
    withLeaf(s, { credential: { credentialType: 'basic', identity: new Uint8Array(17) } }),
  ),
  attack('other capabilities', 'unexpected_content', (s) =>
    withLeaf(s, {
      capabilities: { ...s.insider.publicPackage.leafNode.capabilities, extensions: [0xf000] },
    }),
  ),
  attack('an extension in the leaf', 'unexpected_content', (s) =>
    withLeaf(s, { extensions: [{ extensionType: 0xf000, extensionData: new Uint8Array() }] }),
  ),
  ...ODD_KEYS.map(([what, hpkePublicKey]) =>
    attack(`an HPKE key ${what} in the leaf`, 'bad_key', (s) => withLeaf(s, { hpkePublicKey })),
  ),
];
