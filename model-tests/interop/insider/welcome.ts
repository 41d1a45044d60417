/** Welcomes by an insider, RFC 9420 section 12.4.3.1: signed and encrypted as they should be, and what they say is a lie. */
import { encodeMlsMessage, type CiphersuiteImpl, type CiphersuiteName, type PreSharedKeyID } from 'ts-mls';
import { encode } from 'ts-mls/codec/tlsEncoder.js';
import type { Extension } from 'ts-mls/extension.js';
import { signGroupInfo, type GroupInfo } from 'ts-mls/groupInfo.js';
import { makeKeyPackageRef } from 'ts-mls/keyPackage.js';
import { ratchetTreeEncoder } from 'ts-mls/ratchetTree.js';
import { toLeafIndex } from 'ts-mls/treemath.js';
import { firstCommonAncestor } from 'ts-mls/updatePath.js';
import { encryptGroupInfo, encryptGroupSecrets } from 'ts-mls/welcome.js';
import type { NextEpoch, Tree } from './forge.ts';

/** What is left out is as it should be. */
export interface WelcomeLies {
  /** The tree that is handed over; null: none. */
  readonly tree?: Tree | null;
  readonly extensions?: readonly Extension[];
  readonly context?: Partial<GroupInfo['groupContext']>;
  readonly confirmationTag?: Uint8Array;
  readonly signer?: number;
  readonly signature?: Uint8Array;
  readonly joinerSecret?: Uint8Array;
  /** Of each joiner; null: none. */
  readonly pathSecret?: Uint8Array | null;
  readonly psks?: readonly PreSharedKeyID[];
  /** The key that the group secrets are encrypted to. */
  readonly initKey?: Uint8Array;
  readonly newMember?: Uint8Array;
  readonly cipherSuite?: CiphersuiteName;
  readonly encryptedGroupInfo?: (right: Uint8Array) => Uint8Array;
}

export interface Signer {
  readonly leafIndex: number;
  readonly signaturePrivateKey: Uint8Array;
}

/** MLSMessage(Welcome) for whom the commit added. */
export async function forgeWelcome(
  next: NextEpoch,
  signer: Signer,
  suite: CiphersuiteImpl,
  lies: WelcomeLies = {},
): Promise<Uint8Array> {
  const tree = lies.tree === undefined ? next.tree : lies.tree;
  const treeExtension: readonly Extension[] =
    tree === null ? [] : [{ extensionType: 'ratchet_tree', extensionData: encode(ratchetTreeEncoder)(tree) }];
  const info = await signGroupInfo(
    {
      groupContext: { ...next.context, ...lies.context },
      extensions: [...(lies.extensions ?? []), ...treeExtension],
      confirmationTag: lies.confirmationTag ?? next.confirmationTag,
      signer: lies.signer ?? signer.leafIndex,
    },
    signer.signaturePrivateKey,
    suite.signature,
  );
  const right = await encryptGroupInfo(
    { ...info, signature: lies.signature ?? info.signature },
    next.secrets.welcomeSecret,
    suite,
  );
  const encryptedGroupInfo = lies.encryptedGroupInfo?.(right) ?? right;
  const secrets = await Promise.all(
    next.added.map(async ([leaf, keyPackage]) => {
      const ancestor = firstCommonAncestor(next.tree, toLeafIndex(leaf), toLeafIndex(signer.leafIndex));
      const theirs = next.pathSecrets.find((it) => it.nodeIndex === ancestor)?.secret;
      const pathSecret = lies.pathSecret === undefined ? theirs : (lies.pathSecret ?? undefined);
      const { ct, enc } = await encryptGroupSecrets(
        await suite.hpke.importPublicKey(lies.initKey ?? keyPackage.initKey),
        encryptedGroupInfo,
        {
          joinerSecret: lies.joinerSecret ?? next.secrets.joinerSecret,
          pathSecret,
          psks: [...(lies.psks ?? [])],
        },
        suite.hpke,
      );
      const newMember = lies.newMember ?? (await makeKeyPackageRef(keyPackage, suite.hash));
      return { newMember, encryptedGroupSecrets: { kemOutput: enc, ciphertext: ct } };
    }),
  );
  const welcome = { cipherSuite: lies.cipherSuite ?? next.context.cipherSuite, secrets, encryptedGroupInfo };
  return encodeMlsMessage({ version: 'mls10', wireformat: 'mls_welcome', welcome });
}
