import type { Protocol } from './counts.ts';
import type { ParticipantId } from './ids.ts';
import { designatedCommitter, type View } from './view.ts';

/**
 * `BelievedCommitter`: whom participant `p` takes for the designated committer. With the rule PublicView that is what
 * the log says; without it, `p` asks whom it has itself seen leave since it joined, as Orange Meets does.
 */
export function believedCommitter({ rules }: Protocol, view: View, p: ParticipantId): ParticipantId | null {
  if (rules.PublicView) return designatedCommitter(view);
  const since = view.joined[p]?.at ?? 0;
  return view.roster.find((q) => (view.leftAt[q] ?? 0) <= since) ?? null;
}
