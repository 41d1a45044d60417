import { apply, entriesOf, equalValues, type TlaState, type TlaValue } from '../../trace/value.ts';
import type { Action } from '../explorer/actions.ts';
import { appendedBetween } from './told.ts';

/** An action of the spec and whose it is. */
export interface Inferred {
  readonly action: Action;
  readonly participant: TlaValue;
}

const DRAFTS: Readonly<Record<string, Action>> = {
  found: 'Found',
  commit: 'Commit',
  handover: 'HandOver',
  claim: 'Claim',
};

/**
 * The action that leads from one state to the next, for traces that do not name their actions (TLC's simulation files,
 * or a module without the variable `act`): each leaves a mark of its own on the variables of the protocol. Of actions
 * that come to the same for every participant, the first that may have been it. Null where the protocol takes no step.
 */
export function inferAction(before: TlaState, after: TlaState): Inferred | null {
  const appended = appendedBetween(before, after)?.entry;
  if (appended !== undefined) {
    const kind = apply(appended, 'kind');
    const action = kind === 'join' ? 'Join' : kind === 'leave' ? 'DeclareGone' : 'AppendEntry';
    return { action, participant: apply(appended, 'author') ?? '' };
  }
  for (const [participant] of entriesOf(after['status'] ?? '') ?? []) {
    const action = ownAction(participant, before, after);
    if (action !== null) return { action, participant };
  }
  return unseenAction(before, after);
}

/** A lost connection under a draft that was appended already, or a draft that is sent on a closed connection. */
function unseenAction(before: TlaState, after: TlaState): Inferred | null {
  const more = (fault: string): boolean =>
    !equalValues(apply(before['faults'] ?? '', fault) ?? 0, apply(after['faults'] ?? '', fault) ?? 0);
  const action = more('lost') ? 'Lose' : more('resent') ? 'Resend' : null;
  if (action === null) return null;
  const gone = (entriesOf(apply(after['log'] ?? '', 1) ?? '') ?? [])
    .filter(([, entry]) => apply(entry, 'kind') === 'leave')
    .map(([, entry]) => apply(entry, 'author') ?? '');
  for (const [participant, pending] of entriesOf(after['pending'] ?? '') ?? []) {
    if (lengthOf(pending) === 0) continue;
    const isSilent = lengthOf(apply(after['outbox'] ?? '', participant) ?? '') === 0;
    const isGone = gone.some((other) => equalValues(other, participant));
    if (action === 'Lose' ? isSilent : isGone) return { action, participant };
  }
  return null;
}

/** What `participant` did, as its own variables show it. */
function ownAction(participant: TlaValue, before: TlaState, after: TlaState): Action | null {
  const of = (state: TlaState, variable: string): TlaValue => apply(state[variable] ?? '', participant) ?? '';
  const status = of(after, 'status');
  if (!equalValues(of(before, 'status'), status)) {
    if (status === 'left') return 'Leave';
    if (status === 'crashed') return 'Crash';
    return 'Read';
  }
  if (!equalValues(of(before, 'pos'), of(after, 'pos'))) return 'Read';
  const [was, is] = [of(before, 'pending'), of(after, 'pending')];
  if (!equalValues(was, is)) {
    const kind = apply(apply(is, 1) ?? '', 'kind');
    return (typeof kind === 'string' ? DRAFTS[kind] : undefined) ?? 'Read';
  }
  const sent = lengthOf(of(after, 'outbox')) - lengthOf(of(before, 'outbox'));
  if (sent !== 0) return sent > 0 ? 'Resend' : 'Lose';
  return null;
}

const lengthOf = (value: TlaValue): number =>
  typeof value === 'object' && value.kind === 'sequence' ? value.items.length : 0;
