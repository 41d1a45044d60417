/** Commits whose proposals are what the log calls for, and whose framing is wrong (RFC 9420 sections 6 and 8). */
import { createApplicationMessage, createCommit, encodeMlsMessage } from 'ts-mls';
import { joinGroupExternal, createGroupInfoWithExternalPubAndRatchetTree } from 'ts-mls';
import { attack, type Attack } from './attack.ts';
import { GROUP_ID, addOf, packageOf, type Scene } from './scene.ts';

const flipped = (bytes: Uint8Array): Uint8Array => bytes.map((byte, i) => (i === 0 ? byte ^ 1 : byte));
const byMember = (leafIndex: number): { senderType: 'member'; leafIndex: number } => ({
  senderType: 'member',
  leafIndex,
});

async function asPrivateMessage(s: Scene): Promise<Uint8Array> {
  const { state, cipherSuite } = s.insider;
  const made = await createCommit(
    { state, cipherSuite },
    { extraProposals: [addOf(packageOf(s.joiner.keyPackage))] },
  );
  return encodeMlsMessage(made.commit);
}

async function externalCommit(s: Scene): Promise<Uint8Array> {
  const { state, cipherSuite } = s.insider;
  const info = await createGroupInfoWithExternalPubAndRatchetTree(state, [], cipherSuite);
  const { publicPackage, privatePackage } = s.ghost;
  const { publicMessage } = await joinGroupExternal(info, publicPackage, privatePackage, false, cipherSuite);
  return encodeMlsMessage({ version: 'mls10', wireformat: 'mls_public_message', publicMessage });
}

export const FRAMING: readonly Attack[] = [
  attack('the epoch to come', 'wrong_epoch', (s) => s.commit({ ...s.honest, epoch: s.insider.epoch + 1n })),
  attack('the epoch before', 'wrong_epoch', (s) => s.commit({ ...s.honest, epoch: s.insider.epoch - 1n })),
  attack('the last epoch that there is', 'wrong_epoch', (s) =>
    s.commit({ ...s.honest, epoch: 2n ** 64n - 1n }),
  ),
  attack('another group id', 'wrong_group', (s) =>
    s.commit({ ...s.honest, groupId: Uint8Array.of(...GROUP_ID, 4) }),
  ),
  attack('an empty group id', 'wrong_group', (s) => s.commit({ ...s.honest, groupId: new Uint8Array() })),
  attack('authenticated data', 'unexpected_content', (s) =>
    s.commit({ ...s.honest, authenticatedData: Uint8Array.of(1) }),
  ),
  attack(
    'in the name of another member',
    'wrong_committer',
    (s) => s.commit({ ...s.honest, sender: byMember(2) }),
    undefined,
    ['own', 'last'],
  ),
  attack(
    'in the name of the designated committer, which it is not',
    'bad_signature',
    (s) => s.commit({ ...s.honest, path: false, sender: byMember(4) }),
    (s) => ({ committer: s.last.participant, path: false }),
    ['own', 'other'],
  ),
  attack(
    'in the name of the reader',
    'own_commit',
    (s) => s.commit({ ...s.honest, sender: byMember(1) }),
    (s) => ({ committer: s.own.participant }),
    ['own'],
  ),
  attack('from a blank leaf', 'not_member', (s) => s.commit({ ...s.honest, sender: byMember(3) })),
  attack('from beyond the tree', 'not_member', (s) =>
    s.commit({ ...s.honest, sender: byMember(2 ** 32 - 1) }),
  ),
  attack('from an external sender', 'unexpected_content', (s) =>
    s.commit({ ...s.honest, sender: { senderType: 'external', senderIndex: 0 } }),
  ),
  attack(
    'by whom it is not the turn',
    'wrong_committer',
    (s) => s.commit(s.honest),
    (s) => ({
      committer: s.other.participant,
    }),
  ),
  attack('an external commit', 'unexpected_content', externalCommit),
  attack('a commit as PrivateMessage', 'unexpected_content', asPrivateMessage),
  attack('an application message', 'unexpected_content', async (s) => {
    const { state, cipherSuite } = s.insider;
    const made = await createApplicationMessage(state, Uint8Array.of(1), cipherSuite);
    return encodeMlsMessage({
      version: 'mls10',
      wireformat: 'mls_private_message',
      privateMessage: made.privateMessage,
    });
  }),
  attack('another membership key', 'bad_tag', (s) =>
    s.commit({ ...s.honest, membershipKey: new Uint8Array(32) }),
  ),
  attack('another signature key', 'bad_signature', (s) =>
    s.commit({ ...s.honest, signaturePrivateKey: s.ghost.privatePackage.signaturePrivateKey }),
  ),
  attack('a confirmation tag with a bit flipped', 'bad_tag', (s) =>
    s.commit({ ...s.honest, confirmationTag: flipped }),
  ),
  attack('a confirmation tag that is cut short', 'bad_tag', (s) =>
    s.commit({ ...s.honest, confirmationTag: (right) => right.slice(0, 16) }),
  ),
  attack('no confirmation tag', 'bad_tag', (s) =>
    s.commit({ ...s.honest, confirmationTag: () => new Uint8Array() }),
  ),
  attack('the confirmation tag of the epoch before', 'bad_tag', (s) =>
    s.commit({ ...s.honest, confirmationTag: () => s.insider.state.confirmationTag }),
  ),
  attack(
    'keys of a GroupContext with another tree hash',
    'bad_tag',
    (s) => s.commit({ ...s.honest, path: false, context: { treeHash: new Uint8Array(32) } }),
    () => ({ path: false }),
  ),
  attack(
    'keys of a GroupContext with extensions',
    'bad_tag',
    (s) =>
      s.commit({
        ...s.honest,
        path: false,
        context: { extensions: [{ extensionType: 0xf000, extensionData: Uint8Array.of(1) }] },
      }),
    () => ({ path: false }),
  ),
  attack('keys with a PSK that it does not name', 'bad_tag', (s) =>
    s.commit({ ...s.honest, pskSecret: new Uint8Array(32).fill(1) }),
  ),
];
