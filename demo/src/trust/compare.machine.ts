import { assign, setup } from 'xstate';
import type { PastCode } from './codeHistory.ts';

export type CompareEvent =
  /** The user wants to compare; `key`: a certain code, without it the newest. */
  | { readonly type: 'open'; readonly key?: string }
  /** The other person is at another epoch. */
  | { readonly type: 'choose'; readonly key: string }
  /** The codes that can be compared, the newest first. */
  | { readonly type: 'codes'; readonly codes: readonly PastCode[] }
  /** This page is a new participant: no code of the one before is its own. */
  | { readonly type: 'anew' }
  | { readonly type: 'same' }
  | { readonly type: 'differ' }
  | { readonly type: 'close' };

export interface CompareContext {
  readonly codes: readonly PastCode[];
  /** The code that is compared. It stays what it is while the call moves on. */
  readonly pinned: PastCode | null;
}

const codeOf = (codes: readonly PastCode[], key: string | undefined): PastCode | null =>
  (key === undefined ? codes[0] : codes.find((it) => it.key === key)) ?? null;

/**
 * A comparison of codes. It pins one epoch, from `open` to the answer. While it is `comparing`, rotation is to wait (`hold`,
 * `release`); `agree` and `disagree` are done with `pinned` once the user has answered.
 */
export const compareMachine = setup({
  types: { context: {} as CompareContext, events: {} as CompareEvent },
  actions: {
    hold: () => undefined,
    release: () => undefined,
    agree: (_, _params: { readonly pinned: PastCode | null }) => undefined,
    disagree: (_, _params: { readonly pinned: PastCode | null }) => undefined,
    pin: assign({
      pinned: ({ context, event }) =>
        event.type === 'open' || event.type === 'choose' ? codeOf(context.codes, event.key) : context.pinned,
    }),
    unpin: assign({ pinned: null }),
  },
  guards: {
    isKept: ({ context, event }) =>
      (event.type === 'open' || event.type === 'choose') && codeOf(context.codes, event.key) !== null,
  },
}).createMachine({
  id: 'compare',
  context: { codes: [], pinned: null },
  initial: 'closed',
  on: {
    codes: { actions: assign({ codes: ({ event }) => event.codes }) },
  },
  states: {
    closed: {
      entry: 'unpin',
      on: { open: { guard: 'isKept', target: 'comparing', actions: 'pin' } },
    },
    comparing: {
      entry: 'hold',
      exit: 'release',
      on: {
        choose: { guard: 'isKept', actions: 'pin' },
        same: {
          target: 'agreed',
          actions: { type: 'agree', params: ({ context }) => ({ pinned: context.pinned }) },
        },
        differ: {
          target: 'differed',
          actions: { type: 'disagree', params: ({ context }) => ({ pinned: context.pinned }) },
        },
        anew: 'overtaken',
        close: 'closed',
      },
    },
    agreed: {
      on: { open: { guard: 'isKept', target: 'comparing', actions: 'pin' }, anew: 'closed', close: 'closed' },
    },
    differed: { on: { open: { guard: 'isKept', target: 'comparing', actions: 'pin' }, close: 'closed' } },
    /** The own participant was replaced in the middle: what was read belongs to one that is gone. */
    overtaken: { on: { open: { guard: 'isKept', target: 'comparing', actions: 'pin' }, close: 'closed' } },
  },
});
