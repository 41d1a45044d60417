import { believedCommitter } from '../protocol/committer.ts';
import { addsAt, mayClaim, mayFound, mayHandOver, removesAt } from '../protocol/counts.ts';
import { duty, responsible } from '../protocol/view.ts';
import type { Context } from './context.ts';
import type { CommitDraft } from './effects.ts';

// When a participant may draft, and what. That it waits or is a member, and has nothing pending, the state nodes of the
// machine say.

/** The guard of `Found`. */
export const canFound = ({ protocol, view, self }: Context): boolean => mayFound(protocol, view, self);

/** The guard of `Commit`. */
export const canCommit = ({ protocol, view, self }: Context): boolean =>
  believedCommitter(protocol, view, self) === self && duty(view);

/** The guard of `HandOver`. */
export const canHandOver = ({ protocol, view, self }: Context): boolean => mayHandOver(protocol, view, self);

/** The guard of `Claim`. */
export const canClaim = ({ protocol, view, self }: Context): boolean =>
  mayClaim(protocol, view, self, responsible(view));

/** What the commit of a designated committer holds at its position. */
export function commitDraft({ protocol, view }: Context): CommitDraft {
  const removes = removesAt(protocol, view, view.position);
  return {
    at: view.position,
    adds: addsAt(protocol, view, view.position),
    removes,
    path: removes.length > 0 || view.refresh,
  };
}
