import { keysOf, refusal, type Protocol, type Refusal } from './counts.ts';
import type { Entry, Placed } from './entry.ts';
import type { ParticipantId } from './ids.ts';
import { designatedCommitter, type View } from './view.ts';

/** What one entry made of a view. */
export interface Stepped {
  readonly view: View;
  /** Why the entry counted for nothing; null where it counted. */
  readonly refusal: Refusal | null;
  /** It led the group to another epoch: a founding or a commit that counted. */
  readonly moves: boolean;
}

const without = (list: readonly ParticipantId[], drop: readonly ParticipantId[]): readonly ParticipantId[] =>
  list.filter((p) => !drop.includes(p));

const toTheEnd = (list: readonly ParticipantId[], p: ParticipantId): readonly ParticipantId[] => [
  ...without(list, [p]),
  p,
];

/** `Apply`: what an entry that counts makes of the view. */
function apply(view: View, e: Entry, position: number): View {
  switch (e.kind) {
    case 'join':
      return {
        ...view,
        arrivals: [...view.arrivals, e.author],
        joined: { ...view.joined, [e.author]: { at: position, signatureKey: e.signatureKey } },
        used: { ...view.used, ...Object.fromEntries(keysOf(e).map((key) => [key, true] as const)) },
      };
    case 'leave':
      return { ...view, leftAt: { ...view.leftAt, [e.author]: position } };
    case 'found':
      return {
        ...view,
        roster: [e.author],
        arrivals: without(view.arrivals, [e.author]),
        history: [e.id],
        refresh: false,
      };
    case 'commit':
      return {
        ...view,
        roster: [...without(view.roster, e.removes), ...e.adds],
        arrivals: without(view.arrivals, e.adds),
        history: [...view.history, e.id],
        refresh: false,
      };
    case 'handover':
      return { ...view, roster: toTheEnd(view.roster, e.author), refresh: true };
    case 'claim':
      return view.roster.includes(e.author)
        ? { ...view, roster: toTheEnd(view.roster, e.accused) }
        : { ...view, leftAt: { ...view.leftAt, [e.accused]: position } };
    case 'welcome':
    case 'void':
      return view;
  }
}

const changes = (before: View, after: View, e: Entry): boolean =>
  before.history !== after.history ||
  e.kind === 'handover' ||
  e.kind === 'claim' ||
  designatedCommitter(before) !== designatedCommitter(after);

/**
 * `Step`: the view after one more entry. Pure, total: an entry that counts for nothing moves the position on and
 * changes nothing else.
 *
 * @throws RangeError where `placed` is not the next entry: the caller has lost its place, which no peer can cause.
 */
export function step(protocol: Protocol, view: View, placed: Placed): Stepped {
  const { entry, position, hash } = placed;
  if (position !== view.position + 1) {
    throw new RangeError(`entry ${String(position)} does not follow position ${String(view.position)}`);
  }
  const refused = refusal(protocol, view, entry);
  const applied = refused === null ? apply(view, entry, position) : view;
  const changed = refused === null && changes(view, applied, entry);
  return {
    view: {
      ...applied,
      position,
      changedAt: changed ? position : view.changedAt,
      hashes: changed ? [hash] : [...view.hashes, hash],
    },
    refusal: refused,
    moves: applied.history !== view.history,
  };
}
