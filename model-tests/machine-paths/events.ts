import { canClaim, canCommit, canFound, canHandOver, commitDraft } from '../../src/machine/drafting.ts';
import type { Context, Pending } from '../../src/machine/context.ts';
import type { ParticipantEvent, ParticipantSnapshot } from '../../src/machine/machine.ts';
import { refusal } from '../../src/protocol/counts.ts';
import type { CommitEntry, Drafted, Entry } from '../../src/protocol/entry.ts';
import { claim, commit, found, handover, hashOf, join, leave, next } from '../../src/protocol/testing.ts';
import {
  designatedCommitter,
  duty,
  gone,
  responsible,
  waitingAt,
  type View,
} from '../../src/protocol/view.ts';
import { nodeOf } from './definition.ts';
import { NO_PARENT } from './forged.ts';

/** Whose machine the paths go over. */
export const SELF = 'a';
/** Who else is in the log. They join in this order. */
export const OTHERS = ['b', 'c'] as const;
/** Who never joins. */
export const STRANGER = 'x';
const NAMES = [SELF, ...OTHERS];

/** What a user, or a timer, has a participant do. */
export const COMMANDS = ['found', 'commit', 'handOver', 'claim', 'leave'] as const;
export type CommandType = (typeof COMMANDS)[number];

export type ReadEvent = Extract<ParticipantEvent, { type: 'read' }>;

export const reads = (view: View, entry: Entry): ReadEvent => ({ type: 'read', placed: next(view, entry) });

/** The entry that is read; null for any other event. */
export const entryOf = (event: ParticipantEvent): Entry | null =>
  event.type === 'read' ? event.placed.entry : null;

const commitOf = (context: Context, author: string, at: number): CommitEntry => {
  const { adds, removes } = commitDraft({ ...context, view: { ...context.view, position: at } });
  return commit(author, at, context.view.history.at(-1) ?? NO_PARENT, adds, removes);
};

/** Who was to take the next step at `at`, since when epoch and role have not changed. */
const responsibleAt = (view: View, at: number): string | null =>
  designatedCommitter(view) ?? waitingAt(view, at)[0] ?? null;

/** What `author` drafts, or has drafted, at `at`. */
const draftOf = (context: Context, author: string, kind: Pending['kind'], at: number): Entry => {
  switch (kind) {
    case 'found':
      return found(author, at);
    case 'commit':
      return commitOf(context, author, at);
    case 'handover':
      return handover(author, at);
    case 'claim':
      return claim(author, at, responsibleAt(context.view, at) ?? '');
  }
};

const GUARDS = { found: canFound, commit: canCommit, handover: canHandOver, claim: canClaim } as const;
const KINDS = Object.keys(GUARDS) as readonly Pending['kind'][];

/** What `author` may draft who has read just this much, and is waiting for nothing of its own. */
const draftsOf = (context: Context, author: string): readonly Entry[] =>
  KINDS.filter((kind) => GUARDS[kind]({ ...context, self: author, pending: null })).map((kind) =>
    draftOf(context, author, kind, context.view.position),
  );

/**
 * The next entries that count: who comes and goes, what others draft here, what the participant has drafted before, and
 * what its second life drafts here (whoever copied its keys).
 */
export function countedEntries({ context }: ParticipantSnapshot): readonly Entry[] {
  const { view, pending } = context;
  const newcomer = OTHERS.find((p) => view.joined[p] === undefined);
  return [
    ...(view.joined[SELF] === undefined ? [join(SELF)] : []),
    ...(newcomer === undefined ? [] : [join(newcomer)]),
    ...NAMES.filter((p) => view.joined[p] !== undefined && !gone(view, p)).map(leave),
    ...(pending === null ? [] : [draftOf(context, SELF, pending.kind, pending.at)]),
    ...NAMES.flatMap((p) => draftsOf(context, p)).filter(
      (entry) => !(entry.author === SELF && pending?.kind === entry.kind && pending.at === view.position),
    ),
  ];
}

/** Entries that count for nothing, one of each kind and refusal where there is one. */
export function refusedEntries({ context }: ParticipantSnapshot): readonly Entry[] {
  const { view, protocol } = context;
  const at = view.position;
  const signed = OTHERS.filter((p) => view.joined[p] !== undefined && !gone(view, p));
  const head = view.history.at(-1) ?? NO_PARENT;
  const stale = view.changedAt - 1;
  const drafts = (author: string, on: number): (Entry & Drafted)[] => [
    found(author, on),
    commitOf(context, author, on),
    handover(author, on),
    claim(author, on, responsible(view) ?? STRANGER),
  ];
  const committer = designatedCommitter(view);
  const all: readonly Entry[] = [
    { kind: 'void', author: '', reason: 'no header' },
    { ...join(STRANGER), invited: false },
    ...NAMES.filter((p) => view.joined[p] !== undefined && !gone(view, p)).map(join),
    leave(STRANGER),
    ...NAMES.filter((p) => gone(view, p)).map(leave),
    ...signed.flatMap((p) => [
      ...drafts(p, at),
      claim(p, at, STRANGER),
      ...drafts(p, at).map((entry) => ({ ...entry, on: hashOf(at + 1) })),
      ...(stale < 0 ? [] : drafts(p, stale)),
    ]),
    ...signed
      .filter((p) => p === committer && duty(view))
      .flatMap((p) => [commit(p, at, head), { ...commitOf(context, p, at), parent: NO_PARENT }]),
  ];
  const seen = new Set<string>();
  return all.filter((entry) => {
    const refused = refusal(protocol, view, entry);
    const kind = `${entry.kind} ${String(refused)}`;
    if (refused === null || seen.has(kind)) return false;
    seen.add(kind);
    return true;
  });
}

/** What the participant drafted on the way and was overtaken: not pending any more, and still to be read. */
export function overtakenEntries(
  steps: readonly { readonly state: ParticipantSnapshot; readonly event: ParticipantEvent }[],
): readonly Entry[] {
  const drafts = new Map<string, Entry>();
  for (const { state, event } of steps) {
    const { context } = state;
    const entry = entryOf(event);
    if (entry?.author === SELF && 'at' in entry) drafts.delete(`${entry.kind} ${String(entry.at)}`);
    const { pending } = context;
    if (event.type === 'read' || pending === null) continue;
    drafts.set(`${pending.kind} ${String(pending.at)}`, draftOf(context, SELF, pending.kind, pending.at));
  }
  const last = steps.at(-1)?.state.context;
  if (last?.pending) drafts.delete(`${last.pending.kind} ${String(last.pending.at)}`);
  return [...drafts.values()];
}

/** Whether an entry under the participant's own name is one that it has not drafted, or not any more. */
const isOdd = ({ context: { pending } }: ParticipantSnapshot, entry: Entry): boolean =>
  'at' in entry && !(pending?.kind === entry.kind && pending.at === entry.at);

/** What a commit does: each way is another one for the MLS core. */
function contentOf({ refresh }: View, entry: Entry): string {
  if (entry.kind !== 'commit') return '';
  const adds = entry.adds.length > 0 ? ['adds'] : [];
  const removes = entry.removes.length > 0 ? ['removes'] : [];
  return ` that ${[...adds, ...removes, ...(refresh ? ['refreshes'] : [])].join(', ')}`;
}

/** The event in words: for a `read`, of what, whose, and why it counts for nothing. */
export function eventName(before: ParticipantSnapshot, event: ParticipantEvent): string {
  const entry = entryOf(event);
  if (entry === null) return event.type;
  const { context } = before;
  const refused = refusal(context.protocol, context.view, entry);
  const own = entry.author === SELF ? 'own ' : '';
  const odd =
    own !== '' && isOdd(before, entry) ? (refused === 'Current' ? ', overtaken' : ', never drafted') : '';
  const content = refused === null ? contentOf(context.view, entry) : '';
  return `read ${own}${entry.kind}${content}${odd}${refused === null ? '' : ` (${refused})`}`;
}

/** A transition that was taken, in words. */
export const transitionName = (
  before: ParticipantSnapshot,
  event: ParticipantEvent,
  after: ParticipantSnapshot,
): string => `${nodeOf(before)} --${eventName(before, event)}--> ${nodeOf(after)}`;
