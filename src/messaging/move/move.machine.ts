import { setup, transition, type SnapshotFrom } from 'xstate';
import type { ParticipantId } from '../../protocol/ids.ts';
import { MOVE_LIMITS } from './limits.ts';
import { isSound, type Offer } from './offer.ts';

/** How a move ended that came to nothing. */
export type MoveFailure = 'nobody_answered' | 'not_sent' | 'initiator_gone' | 'no_secret' | 'not_opened';

/** What happens to somebody in a move. Names of members come authenticated: nobody speaks as another. */
export type MoveEvent =
  /** Who is in the call now, those who have left not included. */
  | { readonly type: 'members'; readonly members: readonly ParticipantId[] }
  /** The user asks the others to move. */
  | { readonly type: 'start'; readonly offer: Offer }
  | { readonly type: 'offered'; readonly offer: Offer }
  | { readonly type: 'answered'; readonly from: ParticipantId; readonly offer: string }
  | { readonly type: 'secret'; readonly from: ParticipantId; readonly offer: string }
  /** The secret for this participant was opened, or was none. */
  | { readonly type: 'opened' }
  | { readonly type: 'notOpened' }
  /** The secrets are on their way, or something could not be sent. */
  | { readonly type: 'sealed' }
  | { readonly type: 'failed' }
  /** The time that `wait` asked for has passed. */
  | { readonly type: 'waited' }
  | { readonly type: 'go' }
  /** Stays here; who asked the others takes it back. */
  | { readonly type: 'stay' }
  | { readonly type: 'dismiss' };

/** What the machine asks for. A state that is left ends its `wait`. */
export type MoveEffect =
  | { readonly type: 'sendOffer'; readonly params: { readonly offer: Offer } }
  | { readonly type: 'sendAnswer'; readonly params: { readonly offer: Offer } }
  | {
      readonly type: 'sendSecrets';
      readonly params: { readonly offer: Offer; readonly to: readonly ParticipantId[] };
    }
  | { readonly type: 'open'; readonly params: { readonly offer: Offer } }
  | { readonly type: 'wait'; readonly params: { readonly milliseconds: number } }
  | { readonly type: 'enter'; readonly params: { readonly offer: Offer } }
  /** Drops keys and secrets of this move. */
  | { readonly type: 'forget'; readonly params: Record<string, never> };

interface Context {
  readonly self: ParticipantId;
  readonly members: readonly ParticipantId[];
  /** The offer that stands: the own one, or one of somebody else. */
  readonly offer: Offer | null;
  /** Who has answered the own offer, in order. */
  readonly answered: readonly ParticipantId[];
  /** Another offer wants other people left out: then nobody follows by itself. */
  readonly contested: boolean;
  readonly failure: MoveFailure | null;
}

type Params<T extends MoveEffect['type']> = Extract<MoveEffect, { type: T }>['params'];

const sameWithout = (a: Offer, b: Offer): boolean =>
  a.without.length === b.without.length && a.without.every((it) => b.without.includes(it));

const offerIn = (event: MoveEvent): Offer | null =>
  event.type === 'offered' || event.type === 'start' ? event.offer : null;

const bare = setup({
  types: { context: {} as Context, events: {} as MoveEvent, input: {} as { self: ParticipantId } },
  actions: {
    // The effects. The caller of `transition` carries them out.
    sendOffer: (_, _params: Params<'sendOffer'>) => undefined,
    sendAnswer: (_, _params: Params<'sendAnswer'>) => undefined,
    sendSecrets: (_, _params: Params<'sendSecrets'>) => undefined,
    open: (_, _params: Params<'open'>) => undefined,
    wait: (_, _params: Params<'wait'>) => undefined,
    enter: (_, _params: Params<'enter'>) => undefined,
    forget: (_, _params: Params<'forget'>) => undefined,
  },
  guards: {
    /** The user asks members who are here, and is among neither side. */
    mayStart: ({ context, event }) =>
      event.type === 'start' &&
      event.offer.initiator === context.self &&
      isSound(context.self, event.offer) &&
      event.offer.to.every((it) => context.members.includes(it)),
    /** A member asks this one too. */
    asksMe: ({ context, event }) => isOffer(context, event) && event.offer.to.includes(context.self),
    /** A member asks others, and not this one. */
    leavesMeOut: ({ context, event }) => isOffer(context, event) && !event.offer.to.includes(context.self),
    /**
     * It takes the place of the one that stands: its initiator's next one, or for the same reason the one with the lower
     * hash, whichever came first. So all who are asked by two go to one room.
     */
    replaces: ({ context, event }) => {
      const { offer } = context;
      if (offer === null || !isOffer(context, event) || !event.offer.to.includes(context.self)) return false;
      if (event.offer.initiator === offer.initiator) return event.offer.hash !== offer.hash;
      return sameWithout(offer, event.offer) && event.offer.hash < offer.hash;
    },
    contests: ({ context, event }) =>
      context.offer !== null &&
      isOffer(context, event) &&
      event.offer.initiator !== context.offer.initiator &&
      !(sameWithout(context.offer, event.offer) && event.offer.to.includes(context.self)),
    isAnswer: ({ context: { offer, answered }, event }) =>
      event.type === 'answered' &&
      event.offer === offer?.hash &&
      offer.to.includes(event.from) &&
      !answered.includes(event.from),
    isSecret: ({ context: { offer }, event }) =>
      event.type === 'secret' && event.offer === offer?.hash && event.from === offer.initiator,
    allAnswered: ({ context: { offer, answered, members } }) =>
      answered.length > 0 && offer?.to.every((it) => answered.includes(it) || !members.includes(it)) === true,
    someAnswered: ({ context }) => context.answered.length > 0,
    initiatorGone: ({ context, event }) =>
      event.type === 'members' && context.offer !== null && !event.members.includes(context.offer.initiator),
    isContested: ({ context }) => context.contested,
  },
});

function isOffer(context: Context, event: MoveEvent): event is Extract<MoveEvent, { type: 'offered' }> {
  return (
    event.type === 'offered' &&
    event.offer.initiator !== context.self &&
    context.members.includes(event.offer.initiator) &&
    isSound(event.offer.initiator, event.offer)
  );
}

const drop = bare.enqueueActions(({ enqueue }) => enqueue({ type: 'forget', params: {} }));

const failsWith = (failure: MoveFailure) => ({
  target: '#move.idle' as const,
  actions: [bare.assign({ failure }), drop],
});

const contested = bare.assign({ contested: true });
/** Also of somebody who was to be left out: an offer against the one that it knew is contested from the start. */
const standing = bare.assign({
  offer: ({ event }) => offerIn(event),
  answered: [],
  contested: ({ context, event }) => {
    const offer = offerIn(event);
    const before = context.offer;
    if (offer === null || before === null || before.initiator === offer.initiator) return false;
    return event.type === 'offered' && (context.contested || !sameWithout(before, offer));
  },
  failure: null,
});
const answers = bare.enqueueActions(({ context: { offer }, enqueue }) => {
  enqueue({ type: 'forget', params: {} });
  if (offer === null) return;
  enqueue({ type: 'sendAnswer', params: { offer } });
  enqueue({ type: 'wait', params: { milliseconds: MOVE_LIMITS.secretMs } });
});

/**
 * Moving to a new room without somebody, as one participant lives through it: who asks, who is asked, who is left out.
 * Pure: no clock, no key and no secret is in it. Drive it with `advanceMove`.
 */
export const moveMachine = bare
  .extend({
    actions: {
      ask: bare.enqueueActions(({ context: { offer }, enqueue }) => {
        if (offer === null) return;
        enqueue({ type: 'sendOffer', params: { offer } });
        enqueue({ type: 'wait', params: { milliseconds: MOVE_LIMITS.answersMs } });
      }),
      tell: bare.enqueueActions(({ context: { offer, answered }, enqueue }) => {
        if (offer !== null) enqueue({ type: 'sendSecrets', params: { offer, to: answered } });
      }),
      openIt: bare.enqueueActions(({ context: { offer }, enqueue }) => {
        if (offer !== null) enqueue({ type: 'open', params: { offer } });
      }),
      decideUntil: bare.enqueueActions(({ context, enqueue }) => {
        if (!context.contested) enqueue({ type: 'wait', params: { milliseconds: MOVE_LIMITS.followMs } });
      }),
      goThere: bare.enqueueActions(({ context: { offer }, enqueue }) => {
        if (offer !== null) enqueue({ type: 'enter', params: { offer } });
      }),
      note: bare.assign({
        members: ({ context, event }) => (event.type === 'members' ? event.members : context.members),
      }),
      count: bare.assign({
        answered: ({ context, event }) =>
          event.type === 'answered' ? [...context.answered, event.from] : context.answered,
      }),
    },
  })
  .createMachine({
    id: 'move',
    context: ({ input }) => ({
      self: (input as { self: ParticipantId } | undefined)?.self ?? '',
      members: [],
      offer: null,
      answered: [],
      contested: false,
      failure: null,
    }),
    initial: 'idle',
    on: { members: { actions: 'note' } },
    states: {
      /** Nobody moves. What came to nothing last is in `failure`. */
      idle: {
        entry: bare.assign({ offer: null, answered: [], contested: false }),
        on: {
          start: { guard: 'mayStart', target: 'asking', actions: standing },
          offered: [
            { guard: 'asksMe', target: 'asked', actions: standing },
            { guard: 'leavesMeOut', target: 'leftOut', actions: standing },
          ],
          dismiss: { actions: bare.assign({ failure: null }) },
        },
      },
      /** Waits for the answers to the own offer. */
      asking: {
        entry: 'ask',
        always: { guard: 'allAnswered', target: 'telling' },
        on: {
          answered: { guard: 'isAnswer', actions: 'count' },
          waited: [{ guard: 'someAnswered', target: 'telling' }, failsWith('nobody_answered')],
          failed: failsWith('not_sent'),
          stay: { target: 'idle', actions: drop },
          offered: [
            { guard: 'replaces', target: 'asked', actions: standing },
            { guard: 'contests', actions: contested },
          ],
        },
      },
      /** Seals the secret for each who has answered. */
      telling: {
        entry: 'tell',
        on: { sealed: { target: 'moved' }, failed: failsWith('not_sent') },
      },
      /** Has answered somebody's offer, and waits for the secret. */
      asked: {
        entry: answers,
        on: {
          members: [{ guard: 'initiatorGone', ...failsWith('initiator_gone') }, { actions: 'note' }],
          secret: { guard: 'isSecret', target: 'opening' },
          waited: failsWith('no_secret'),
          stay: { target: 'idle', actions: drop },
          offered: [
            { guard: 'replaces', target: 'asked', reenter: true, actions: standing },
            { guard: 'contests', actions: contested },
          ],
        },
      },
      opening: {
        entry: 'openIt',
        on: {
          opened: 'deciding',
          notOpened: failsWith('not_opened'),
          stay: { target: 'idle', actions: drop },
          offered: { guard: 'contests', actions: contested },
        },
      },
      /** Has the secret. Goes by itself after a while, unless the user stays, or another offer stands against this one. */
      deciding: {
        entry: 'decideUntil',
        on: {
          go: 'moved',
          waited: [{ guard: 'isContested' }, { target: 'moved' }],
          stay: { target: 'idle', actions: drop },
          offered: [
            { guard: 'replaces', target: 'asked', actions: standing },
            { guard: 'contests', actions: contested },
          ],
        },
      },
      /** The others are asked to go, and this one is not. */
      leftOut: {
        on: {
          start: { guard: 'mayStart', target: 'asking', actions: standing },
          offered: [
            { guard: 'asksMe', target: 'asked', actions: standing },
            { guard: 'leavesMeOut', actions: standing },
          ],
          dismiss: 'idle',
        },
      },
      moved: { type: 'final', entry: 'goThere' },
    },
  });

export type MoveSnapshot = SnapshotFrom<typeof moveMachine>;
export type MoveState = MoveSnapshot['value'];

const EFFECTS: Readonly<Record<MoveEffect['type'], true>> = {
  sendOffer: true,
  sendAnswer: true,
  sendSecrets: true,
  open: true,
  wait: true,
  enter: true,
  forget: true,
};

/** One step: `(snapshot, event) -> (snapshot, effects)`. The effects are for the caller, in order. */
export function advanceMove(
  snapshot: MoveSnapshot,
  event: MoveEvent,
): readonly [MoveSnapshot, readonly MoveEffect[]] {
  const [after, actions] = transition(moveMachine, snapshot, event);
  const effects = actions.flatMap(({ type, params }) =>
    Object.hasOwn(EFFECTS, type) ? [{ type, params } as MoveEffect] : [],
  );
  return [after, effects];
}
