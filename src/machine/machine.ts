import { assertEvent, setup, type SnapshotFrom } from 'xstate';
import type { Placed } from '../protocol/entry.ts';
import { believedCommitter } from '../protocol/committer.ts';
import { responsible } from '../protocol/view.ts';
import { erased, initialContext, type Context, type Input, type Pending } from './context.ts';
import { canClaim, canCommit, canFound, canHandOver, commitDraft } from './drafting.ts';
import type { Effect } from './effects.ts';
import { readOnce, type Reading, type Standing } from './reading.ts';

/** `transition` of XState makes an actor without input beside each step, and throws it away: to fail in that is slow. */
const NOBODY: Input = { self: '', origin: '' };

/** What happens to a participant. Named as the spec's actions are. */
export type ParticipantEvent =
  /** The next entry of the log. */
  | { readonly type: 'read'; readonly placed: Placed }
  /** Found a group, commit, hand the role over, claim it: taken only where the rules allow. */
  | { readonly type: 'found' }
  | { readonly type: 'commit' }
  | { readonly type: 'handOver' }
  | { readonly type: 'claim' }
  /** The user leaves. */
  | { readonly type: 'leave' }
  /** The MLS core could not carry out an effect of the last `read`. */
  | { readonly type: 'refused' };

/** The places that reading an entry can lead to. */
const PLACES = [
  'outside',
  'waiting.idle',
  'waiting.founding',
  'waiting.claiming',
  'member.follower.idle',
  'member.follower.claiming',
  'member.designated.idle',
  'member.designated.committing',
  'member.designated.handingOver',
  'evicted',
  'dead',
] as const;
type Place = (typeof PLACES)[number];

const DOING = {
  found: 'founding',
  commit: 'committing',
  handover: 'handingOver',
  claim: 'claiming',
} as const;

function doing(pending: Pending | null): 'idle' | (typeof DOING)[Pending['kind']] {
  return pending === null ? 'idle' : DOING[pending.kind];
}

/** The state node that a participant with this context belongs in. */
function placeOf({ context, standing }: Reading): Place {
  if (standing === 'waiting') return `waiting.${doing(context.pending)}` as Place;
  if (standing !== 'member') return standing;
  const { protocol, view, self, pending } = context;
  // What is pending was drafted in the same role: a change of it would have discarded that.
  const designated = believedCommitter(protocol, view, self) === self;
  return `member.${designated ? 'designated' : 'follower'}.${doing(pending)}` as Place;
}

const READS = { outside: 'readOutside', waiting: 'readWaiting', member: 'readMember' } as const;

const toward = (standing: keyof typeof READS) =>
  PLACES.map((place) => ({
    guard: { type: 'leadsTo' as const, params: { standing, place } },
    target: `#participant.${place}` as const,
    actions: READS[standing],
  }));

const ENDINGS = {
  leave: { target: '#participant.left', actions: ['askToLeave', 'erase'] },
  /** MLS has refused: `Stuck`. */
  refused: { target: '#participant.dead', actions: 'erase' },
} as const;

const effectful = setup({
  types: {
    context: {} as Context,
    events: {} as ParticipantEvent,
    input: {} as Input,
  },
  guards: {
    leadsTo: ({ context, event }, { standing, place }: { standing: Standing; place: Place }) => {
      assertEvent(event, 'read');
      return placeOf(readOnce(context, standing, event.placed)) === place;
    },
    canFound: ({ context }) => canFound(context),
    canCommit: ({ context }) => canCommit(context),
    canHandOver: ({ context }) => canHandOver(context),
    canClaim: ({ context }) => canClaim(context),
  },
  actions: {
    // The effects. The caller of `transition` carries them out.
    found: (_, _params: ParamsOf<'found'>) => undefined,
    commit: (_, _params: ParamsOf<'commit'>) => undefined,
    claim: (_, _params: ParamsOf<'claim'>) => undefined,
    handOver: (_, _params: ParamsOf<'handOver'>) => undefined,
    leave: (_, _params: ParamsOf<'leave'>) => undefined,
    merge: (_, _params: ParamsOf<'merge'>) => undefined,
    discard: (_, _params: ParamsOf<'discard'>) => undefined,
    welcome: (_, _params: ParamsOf<'welcome'>) => undefined,
    process: (_, _params: ParamsOf<'process'>) => undefined,
  },
});

/** Reads an entry: what the machine asks for goes out. Where it leads to, the guard `leadsTo` has said. */
const readFrom = (standing: Standing) =>
  effectful.enqueueActions(({ context, event, enqueue }) => {
    assertEvent(event, 'read');
    const { context: after, effects } = readOnce(context, standing, event.placed);
    enqueue.assign(after);
    for (const effect of effects) enqueue(effect);
  });

/** Drafts an entry: it is pending, and its effect goes out. With the rule Ordered off it is merged before it is read. */
const draft = (kind: Pending['kind'], effectOf: (context: Context) => Effect) =>
  effectful.enqueueActions(({ context, enqueue }) => {
    enqueue.assign({ pending: { kind, at: context.view.position } });
    enqueue(effectOf(context));
    const early = !context.protocol.rules.Ordered && (kind === 'found' || kind === 'commit');
    if (early) enqueue({ type: 'merge', params: { id: null } });
  });

/**
 * The participant: `(snapshot, event) -> (snapshot, effects)`, pure. Drive it with `advance`.
 *
 * Guards ask `reading` and `drafting`; nothing here knows a clock, a random number or a byte of MLS.
 */
export const participantMachine = effectful
  .extend({
    actions: {
      readOutside: readFrom('outside'),
      readWaiting: readFrom('waiting'),
      readMember: readFrom('member'),
      draftFounding: draft('found', ({ view }) => ({ type: 'found', params: { at: view.position } })),
      draftCommit: draft('commit', (context) => ({ type: 'commit', params: commitDraft(context) })),
      draftHandover: draft('handover', ({ view }) => ({ type: 'handOver', params: { at: view.position } })),
      draftClaim: draft('claim', ({ view }) => ({
        type: 'claim',
        params: { at: view.position, accused: responsible(view) ?? '' },
      })),
      askToLeave: effectful.enqueueActions(({ enqueue }) => {
        enqueue({ type: 'leave', params: {} });
      }),
      erase: effectful.assign(({ context }) => erased(context)),
    },
  })
  .createMachine({
    id: 'participant',
    context: ({ input }) => initialContext((input as Input | undefined) ?? NOBODY),
    initial: 'outside',
    states: {
      /** Reads the log up to its own `join`. */
      outside: { on: { read: toward('outside') } },
      waiting: {
        initial: 'idle',
        states: {
          idle: {
            on: {
              found: { guard: 'canFound', target: 'founding', actions: 'draftFounding' },
              claim: { guard: 'canClaim', target: 'claiming', actions: 'draftClaim' },
            },
          },
          founding: {},
          claiming: {},
        },
        on: { read: toward('waiting'), ...ENDINGS },
      },
      member: {
        initial: 'follower',
        states: {
          follower: {
            initial: 'idle',
            states: {
              idle: { on: { claim: { guard: 'canClaim', target: 'claiming', actions: 'draftClaim' } } },
              claiming: {},
            },
          },
          designated: {
            initial: 'idle',
            states: {
              idle: {
                on: {
                  commit: { guard: 'canCommit', target: 'committing', actions: 'draftCommit' },
                  handOver: { guard: 'canHandOver', target: 'handingOver', actions: 'draftHandover' },
                },
              },
              committing: {},
              handingOver: {},
            },
          },
        },
        on: { read: toward('member'), ...ENDINGS },
      },
      left: { type: 'final' },
      evicted: { type: 'final' },
      dead: { type: 'final' },
    },
  });

export type ParticipantSnapshot = SnapshotFrom<typeof participantMachine>;
type ParamsOf<T extends Effect['type']> = Extract<Effect, { type: T }>['params'];
