import { sha256 } from '@noble/hashes/sha2.js';
import { decodeMlsMessage, type Proposal } from 'ts-mls';
import type { KeyPackage } from 'ts-mls/keyPackage.js';
import { addLeafNode, removeLeafNode } from 'ts-mls/ratchetTree.js';
import { nodeToLeafIndex, toLeafIndex } from 'ts-mls/treemath.js';
import { TsMlsMember } from '../../../src/checking/interop/TsMlsMember.ts';
import type { ExpectedCommit, MlsGroup } from '../../../src/mls/MlsGroup.ts';
import { id, member } from '../../../src/mls/testing.ts';
import { forgeCommit, inline, type CommitLies, type Forged, type Tree } from './forge.ts';
import { forgeWelcome, type Signer, type WelcomeLies } from './welcome.ts';

export const GROUP_ID = Uint8Array.of(1, 2, 3);

/** Of an MLSMessage(KeyPackage), as ts-mls has it. */
export function packageOf(keyPackage: Uint8Array): KeyPackage {
  const message = decodeMlsMessage(keyPackage, 0)?.[0];
  if (message?.wireformat !== 'mls_key_package') throw new Error('not a key package');
  return message.keyPackage;
}

export const addOf = (keyPackage: KeyPackage): Proposal => ({ proposalType: 'add', add: { keyPackage } });
export const removeOf = (removed: number): Proposal => ({ proposalType: 'remove', remove: { removed } });

/**
 * A group of five leaves: the insider at leaf 0, who is the designated committer and runs ts-mls; three of ours at leaves 1, 2 and 4;
 * leaf 3 is blank. `joiner` waits, and the log calls for a commit with a path that adds it.
 */
export class Scene {
  readonly insider: TsMlsMember;
  readonly own: MlsGroup;
  readonly other: MlsGroup;
  readonly last: MlsGroup;
  readonly joiner: MlsGroup;
  /** Nobody knows of it but the insider. */
  readonly ghost: TsMlsMember;
  readonly expected: ExpectedCommit;

  private constructor(people: Pick<Scene, 'insider' | 'own' | 'other' | 'last' | 'joiner' | 'ghost'>) {
    this.insider = people.insider;
    this.own = people.own;
    this.other = people.other;
    this.last = people.last;
    this.joiner = people.joiner;
    this.ghost = people.ghost;
    this.expected = {
      committer: this.insider.participant,
      adds: [{ participant: this.joiner.participant, keyPackageHash: sha256(this.joiner.keyPackage) }],
      removes: [],
      path: true,
    };
  }

  static async make(): Promise<Scene> {
    const now = Date.now() / 1000;
    const insider = await TsMlsMember.create({ participant: id(), now });
    const ghost = await TsMlsMember.create({ participant: id(), now });
    const [own, other, leaver, last, joiner] = [member(), member(), member(), member(), member()] as const;
    const added = [own, other, leaver, last];
    await insider.found(GROUP_ID);
    const begins = await insider.commit(
      added.map((it) => it.keyPackage),
      [],
    );
    insider.merge();
    for (const it of added) it.welcome(begins.welcome);
    const removal = await insider.commit([], [leaver.participant]);
    insider.merge();
    const removes = [leaver.participant];
    for (const it of [own, other, last])
      it.process(removal.commit, { committer: insider.participant, adds: [], removes, path: true });
    // Everybody has committed once: no parent is blank but where the blank leaf is.
    for (const it of [own, other, last]) {
      const made = it.commit([], [], true);
      await insider.process(made.commit);
      for (const reader of [own, other, last]) {
        if (reader === it) it.merge();
        else reader.process(made.commit, { committer: it.participant, adds: [], removes: [], path: true });
      }
    }
    // Something of one's own is pending with one of them: a refusal leaves that, too.
    other.commit([], [], true);
    return new Scene({ insider, own, other, last, joiner, ghost });
  }

  get tree(): Tree {
    return this.insider.state.ratchetTree;
  }

  get signer(): Signer {
    const { privatePath, signaturePrivateKey } = this.insider.state;
    return { leafIndex: privatePath.leafIndex, signaturePrivateKey };
  }

  /** Adds these, in the content and in the tree. */
  adding(
    ...packages: readonly KeyPackage[]
  ): CommitLies & Required<Pick<CommitLies, 'proposals' | 'tree' | 'added'>> {
    let { tree } = this;
    const added: (readonly [number, KeyPackage])[] = [];
    for (const keyPackage of packages) {
      const [larger, at] = addLeafNode(tree, keyPackage.leafNode);
      tree = larger;
      added.push([nodeToLeafIndex(at), keyPackage]);
    }
    return { proposals: inline(...packages.map(addOf)), tree, added };
  }

  /** What the log calls for: to be made wrong. */
  get honest(): CommitLies & Required<Pick<CommitLies, 'proposals' | 'tree' | 'added'>> {
    return this.adding(packageOf(this.joiner.keyPackage));
  }

  /** What the log calls for, and these removes. */
  removing(...leaves: readonly number[]): CommitLies {
    const { proposals, added } = this.honest;
    let { tree } = this;
    for (const leaf of leaves) tree = removeLeafNode(tree, toLeafIndex(leaf));
    const [larger] = addLeafNode(tree, packageOf(this.joiner.keyPackage).leafNode);
    return { proposals: [...proposals, ...inline(...leaves.map(removeOf))], tree: larger, added };
  }

  forge(lies: CommitLies): Promise<Forged> {
    return forgeCommit(this.insider.state, this.insider.cipherSuite, lies);
  }

  async commit(lies: CommitLies): Promise<Uint8Array> {
    return (await this.forge(lies)).commit;
  }

  /** A Welcome for what the commit adds. */
  async welcome(lies: WelcomeLies, commit: CommitLies = this.honest): Promise<Uint8Array> {
    const { next } = await this.forge(commit);
    return forgeWelcome(next, this.signer, this.insider.cipherSuite, lies);
  }
}
