import { believedCommitter } from '../../protocol/committer.ts';
import { refusal, type Protocol } from '../../protocol/counts.ts';
import type { Placed } from '../../protocol/entry.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { ALL_RULES, RULES, rulesWithout, type Rule } from '../../protocol/rules.ts';
import { gone, type View } from '../../protocol/view.ts';
import type { Seat } from './world.ts';

const protocolOf = (rules: Protocol['rules']): Protocol => ({ rules, batchLimit: LIMITS.batch });
const WHOLE = protocolOf(ALL_RULES);
const WITHOUT = new Map(RULES.map((rule) => [rule, protocolOf(rulesWithout(rule))]));
const WITHOUT_PUBLIC_VIEW = protocolOf(rulesWithout('PublicView'));

/** The rules without which this entry would count where it does not, or the other way round, on this view. */
export function decideEntry(view: View, { entry }: Placed): readonly Rule[] {
  const counts = refusal(WHOLE, view, entry) === null;
  return RULES.filter((rule) => (refusal(WITHOUT.get(rule) ?? WHOLE, view, entry) === null) !== counts);
}

/**
 * The rules besides, without which the last step of a participant would have been another one: Ordered where it discards a
 * founding or commit that it had merged by then, Fresh where it ends because it reads its own `leave`, PublicView where what
 * it happened to see names another committer than the log does. (Atomic: where a commit that adds somebody is lost.)
 */
export function decideStep<E>({ step, id }: Seat<E>): readonly Rule[] {
  if (step === null) return [];
  const { before, after, drafted, effects, placed } = step;
  const rules: Rule[] = [];
  const movesGroup = drafted?.kind === 'found' || drafted?.kind === 'commit';
  if (movesGroup && effects.includes('discard')) rules.push('Ordered');
  const { entry } = placed ?? {};
  if (entry?.kind === 'leave' && entry.author === id && !gone(before, id) && before.joined[id] !== undefined)
    rules.push('Fresh');
  const believes = (protocol: Protocol): string | null => believedCommitter(protocol, after, id);
  if (believes(WHOLE) !== believes(WITHOUT_PUBLIC_VIEW)) rules.push('PublicView');
  return rules;
}
