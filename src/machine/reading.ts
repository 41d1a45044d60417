import type { Entry, Placed } from '../protocol/entry.ts';
import { step } from '../protocol/step.ts';
import { gone } from '../protocol/view.ts';
import { erased, type Context, type Pending } from './context.ts';
import type { Effect } from './effects.ts';

/** Where a participant may stand while it is in the call or on its way there; names of the machine's state nodes. */
export type Standing = 'outside' | 'waiting' | 'member' | 'evicted' | 'dead';

/** What reading one entry comes to: `Read` of the spec. */
export interface Reading {
  readonly context: Context;
  readonly standing: Standing;
  readonly effects: readonly Effect[];
}

const isMine = (context: Context, entry: Entry): boolean =>
  context.pending !== null &&
  entry.author === context.self &&
  entry.kind === context.pending.kind &&
  'at' in entry &&
  entry.at === context.pending.at;

/** What a counted founding or commit asks of the MLS core: `Processed` of the spec. `stuck`: MLS cannot follow. */
function processed(context: Context, placed: Placed, standing: Standing): Effect | 'stuck' | null {
  const { entry, position } = placed;
  if (entry.kind !== 'found' && entry.kind !== 'commit') return null;
  if (entry.author === context.self) {
    if (!isMine(context, entry)) return 'stuck';
    return context.protocol.rules.Ordered ? { type: 'merge', params: { id: entry.id } } : null;
  }
  if (entry.kind === 'found') return null;
  const params = { position, id: entry.id };
  if (entry.adds.includes(context.self)) return { type: 'welcome', params };
  if (standing !== 'member' || entry.removes.includes(context.self)) return null;
  return { type: 'process', params };
}

/** A Welcome apart from its commit, which only exists with the rule Atomic off, is opened at once. */
function welcomedEarly(context: Context, placed: Placed, standing: Standing): Effect | null {
  const { entry, position } = placed;
  if (context.protocol.rules.Atomic || entry.kind !== 'welcome') return null;
  if (standing !== 'waiting' || context.pending !== null) return null;
  return entry.adds.includes(context.self) ? { type: 'welcome', params: { position, id: entry.id } } : null;
}

function standingAfter(before: Standing, context: Context, effect: Effect | null): Standing {
  if (context.view.roster.includes(context.self) || effect?.type === 'welcome') return 'member';
  if (before === 'outside' && context.view.joined[context.self] !== undefined) return 'waiting';
  return before;
}

/**
 * Reads the next entry of the log.
 *
 * @param standing where the participant stands before it.
 */
export function reading(context: Context, standing: Standing, placed: Placed): Reading {
  const { view, moves } = step(context.protocol, context.view, placed);
  if (context.protocol.rules.Fresh && gone(view, context.self)) {
    return { context: erased(context), standing: 'evicted', effects: [] };
  }
  const effect = moves ? processed(context, placed, standing) : welcomedEarly(context, placed, standing);
  if (effect === 'stuck') return { context: erased(context), standing: 'dead', effects: [] };

  const settled =
    context.pending !== null && (view.changedAt === view.position || isMine(context, placed.entry));
  const pending: Pending | null = settled ? null : context.pending;
  const kept = moves && isMine(context, placed.entry);
  const effects: Effect[] = [];
  if (settled && !kept) effects.push({ type: 'discard', params: {} });
  if (effect !== null) effects.push(effect);
  const after = { ...context, view, pending };
  return { context: after, standing: standingAfter(standing, after, effect), effects };
}

let last: { context: Context; placed: Placed; reading: Reading } | null = null;

/**
 * `reading`, remembered for the last call: the guards of one transition ask the same question in turn. A context is of one
 * standing.
 */
export function readOnce(context: Context, standing: Standing, placed: Placed): Reading {
  if (last?.context !== context || last.placed !== placed) {
    last = { context, placed, reading: reading(context, standing, placed) };
  }
  return last.reading;
}
