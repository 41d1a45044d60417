/** What ts-mls 1.6.4 does otherwise than RFC 9420 says, told apart from a difference between two implementations that are right. */
import type { ClientState } from 'ts-mls';
import { ratchetTreeFromExtension } from 'ts-mls/groupInfo.js';
import { directPath, leafToNodeIndex, leafWidth, toLeafIndex } from 'ts-mls/treemath.js';
import { groupInfoIn } from '../../src/checking/interop/openWelcome.ts';
import type { TsMlsMember } from '../../src/checking/interop/TsMlsMember.ts';

type Tree = ClientState['ratchetTree'];

export const LIMITS_OF_TS_MLS = {
  /** It wants all parents above an unmerged leaf to have the same list, and refuses Welcomes of many well-formed trees. */
  unmergedLeaves: 'a tree with unmerged leaves at two heights',
  /** It takes a leaf that the same commit gives to a joiner for its own, and goes on to decrypt the path. */
  leafTaken: 'a removed member whose leaf the same commit fills',
  /**
   * Where the left half of the tree is blank, the root is not on a committer's filtered direct path and has no path secret; ts-mls
   * derives one all the same, and from it a commit secret that is one step further than RFC 9420 section 12.4.1 says.
   */
  rootFiltered: 'a path in a tree whose left half is blank',
} as const;

export type LimitOfTsMls = keyof typeof LIMITS_OF_TS_MLS;

/** Whether the left half of a tree is blank that has members at these leaves only. */
export function leftHalfIsBlank(leaves: readonly number[]): boolean {
  let half = 1;
  while (2 * half <= Math.max(...leaves)) half *= 2;
  return Math.min(...leaves) >= half;
}

/** The limit that `error` of a member is about; undefined where it is none of them. */
export function limitIn(error: unknown): LimitOfTsMls | undefined {
  const text = error instanceof Error ? error.message : '';
  if (text.includes('must list leaf node in its unmerged_leaves')) return 'unmergedLeaves';
  return text.includes('No overlap between provided private keys and update path') ? 'leafTaken' : undefined;
}

/** The ratchet tree of a Welcome, opened with the keys of a joiner. */
export async function treeIn(welcome: Uint8Array, joiner: TsMlsMember): Promise<Tree> {
  const tree = ratchetTreeFromExtension(await groupInfoIn(welcome, joiner));
  if (tree === undefined) throw new Error('no ratchet tree');
  return tree;
}

/**
 * RFC 9420 section 12.4.3.1: each entry of unmerged_leaves is a non-blank leaf below the parent, and every non-blank node between the
 * two has the same entry.
 */
export function unmergedLeavesAreRight(tree: Tree): boolean {
  return tree.every((node, index) => {
    if (node?.nodeType !== 'parent') return true;
    return node.parent.unmergedLeaves.every((leaf) => {
      const at = leafToNodeIndex(toLeafIndex(leaf));
      const path: readonly number[] = directPath(at, leafWidth(tree.length));
      if (tree[at]?.nodeType !== 'leaf' || !path.includes(index)) return false;
      return path.slice(0, path.indexOf(index)).every((between) => {
        const it = tree[between];
        return it?.nodeType !== 'parent' || it.parent.unmergedLeaves.includes(leaf);
      });
    });
  });
}
