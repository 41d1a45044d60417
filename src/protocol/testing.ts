/** What tests of protocol and machine share: entries in short, on a log whose hash at position n is `h<n>`. */
import type { Protocol } from './counts.ts';
import type {
  ClaimEntry,
  CommitEntry,
  Entry,
  FoundEntry,
  HandoverEntry,
  JoinEntry,
  LeaveEntry,
  Placed,
} from './entry.ts';
import { LIMITS } from './limits.ts';
import { ALL_RULES, rulesWithout, type Rule } from './rules.ts';
import { step } from './step.ts';
import { emptyView, type View } from './view.ts';

export const hashOf = (position: number): string => `h${String(position)}`;
export const ORIGIN = hashOf(0);
export const PROTOCOL: Protocol = { rules: ALL_RULES, batchLimit: LIMITS.batch };
export const protocolWithout = (...off: readonly Rule[]): Protocol => ({
  rules: rulesWithout(...off),
  batchLimit: LIMITS.batch,
});

const drafted = (author: string, at: number) => ({ author, at, on: hashOf(at) });
export const idOf = (author: string, at: number): string => `${author}@${String(at)}`;

export const join = (author: string): JoinEntry => ({
  kind: 'join',
  author,
  signatureKey: `key of ${author}`,
  keyPackage: `key package of ${author}`,
  hpkeKeys: [`init key of ${author}`, `leaf key of ${author}`],
  invited: true,
});
export const leave = (author: string): LeaveEntry => ({ kind: 'leave', author });
export const found = (author: string, at: number): FoundEntry => ({
  kind: 'found',
  ...drafted(author, at),
  id: idOf(author, at),
});
export const commit = (
  author: string,
  at: number,
  parent: string,
  adds: readonly string[] = [],
  removes: readonly string[] = [],
): CommitEntry => ({ kind: 'commit', ...drafted(author, at), id: idOf(author, at), parent, adds, removes });
export const handover = (author: string, at: number): HandoverEntry => ({
  kind: 'handover',
  ...drafted(author, at),
});
export const claim = (author: string, at: number, accused: string): ClaimEntry => ({
  kind: 'claim',
  ...drafted(author, at),
  accused,
});

/** `entry` as the next one behind `view`. */
export const next = (view: View, entry: Entry): Placed => ({
  entry,
  position: view.position + 1,
  hash: hashOf(view.position + 1),
});

/** The view behind some entries. Throws where one of them counts for nothing: a test says what it means. */
export function viewOf(
  entries: readonly Entry[],
  protocol: Protocol = PROTOCOL,
  from: View = emptyView(ORIGIN),
): View {
  return entries.reduce((view, entry) => {
    const { view: after, refusal } = step(protocol, view, next(view, entry));
    if (refusal !== null) throw new Error(`${entry.kind} at ${String(after.position)} refused: ${refusal}`);
    return after;
  }, from);
}

/** Five entries: `a` has founded and admitted `b` and `c`. The last change is at 5, the head is `a@4`. */
export const TRIO: readonly Entry[] = [
  join('a'),
  found('a', 1),
  join('b'),
  join('c'),
  commit('a', 4, idOf('a', 1), ['b', 'c']),
];
