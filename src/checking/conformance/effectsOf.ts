import type { CommitDraft, Effect } from '../../machine/effects.ts';
import type { Action } from '../explorer/actions.ts';
import type { Share, SpecEntry, SpecView } from './specWords.ts';

/** A step of the spec, as far as it is one participant's. */
export interface SpecStep {
  readonly action: Action;
  readonly self: string;
  /** The participant's share of the variables, before and after. */
  readonly before: Share;
  readonly after: Share;
  /** `View(self)`, before. */
  readonly view: SpecView;
  /** Of a Read, the entry that is read, and the view after it; null for any other action. */
  readonly reading: { readonly entry: SpecEntry; readonly view: SpecView } | null;
}

/**
 * The effects that a machine must ask for, in order, for its MLS group and the log to be what a step of the spec makes of
 * `mls`, `pending` and `outbox`. Follows from the two states alone:
 *
 * - what a command drafts is its effect; where `mls` changes at once (rule Ordered off) it is merged at once;
 * - a Read in which `mls` changes merges an own entry, opens the Welcome of an entry that adds the reader, processes any
 *   other; it discards a draft that it takes from `pending` and does not merge;
 * - whoever dies of another's entry asked for the same, and MLS refused; whoever finds an own commit counted that it
 *   forgot knows that it cannot follow, and asks for nothing;
 * - whoever is evicted keeps nothing to do anything with;
 * - what the service and the network do asks a machine for nothing. A Join is that: whoever reads the log up to its own
 *   join has no group and no draft.
 */
export function effectsOf(step: SpecStep): readonly Effect[] {
  switch (step.action) {
    case 'Found':
    case 'Commit':
    case 'HandOver':
    case 'Claim':
      return drafted(step);
    case 'Read':
      return read(step);
    case 'Leave':
      return [{ type: 'leave', params: {} }];
    case 'Join':
    case 'AppendEntry':
    case 'DeclareGone':
    case 'Lose':
    case 'Resend':
    case 'Crash':
      return [];
  }
}

function drafted({ action, before, after, view }: SpecStep): readonly Effect[] {
  const entry = after.pending;
  if (entry === null) throw new RangeError(`${action} drafts nothing`);
  const merged: readonly Effect[] = before.mls === after.mls ? [] : [{ type: 'merge', params: { id: null } }];
  return [draftEffect(entry, view), ...merged];
}

function draftEffect(
  { kind, at = 0, adds = [], removes = [], accused = '' }: SpecEntry,
  view: SpecView,
): Effect {
  switch (kind) {
    case 'found':
      return { type: 'found', params: { at } };
    case 'commit': {
      // RFC 9420, section 12.4: who removes must have a path; whoever the role was handed to refreshes its keys.
      const params: CommitDraft = { at, adds, removes, path: removes.length > 0 || view.refresh };
      return { type: 'commit', params };
    }
    case 'handover':
      return { type: 'handOver', params: { at } };
    case 'claim':
      return { type: 'claim', params: { at, accused } };
    default:
      throw new RangeError(`nobody drafts a ${kind}`);
  }
}

function read({ self, before, after, view, reading }: SpecStep): readonly Effect[] {
  if (reading === null) throw new RangeError('a Read without an entry');
  if (after.status === 'evicted') return [];
  const { entry } = reading;
  const moves = reading.view.history !== view.history;
  const own = entry.author === self;
  const died = after.status === 'dead';
  if (died && own) return [];

  const effects: Effect[] = [];
  const changed = before.mls !== after.mls;
  const mine = before.pending?.text === entry.text;
  if (before.pending !== null && after.pending === null && !(mine && moves))
    effects.push({ type: 'discard', params: {} });
  const id = `${entry.author}@${entry.at ?? 0}`;
  const params = { position: before.pos + 1, id };
  if (own) {
    if (changed && !died) effects.push({ type: 'merge', params: { id } });
  } else if (entry.adds?.includes(self) === true && (moves || changed)) {
    // Also where an early Welcome (rule Atomic off) has led to that epoch already.
    effects.push({ type: 'welcome', params });
  } else if (changed || died) effects.push({ type: 'process', params });
  return effects;
}
