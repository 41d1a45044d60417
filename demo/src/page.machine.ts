import { assign, fromPromise, setup } from 'xstate';
import { openDevices, type DeviceChoice, type Devices } from './devices.ts';

/** What somebody fills in to join. */
export interface Wish {
  readonly name: string;
  readonly choice: DeviceChoice;
  /** Begins with the microphone off. */
  readonly muted: boolean;
  /** Uses the person key that this device keeps, and keeps one. */
  readonly keepPerson: boolean;
}

export type PageEvent =
  | { readonly type: 'join'; readonly wish: Wish }
  /** The own participant has keys. */
  | { readonly type: 'admitted' }
  /** The worker gave up, or the user left. */
  | { readonly type: 'closed'; readonly why: string }
  | { readonly type: 'again' };

/** The page's own states. What happens inside a call is the participant's machine, in the worker. */
export const pageMachine = setup({
  types: {
    context: {} as { wish: Wish | null; devices: Devices | null; problem: string | null },
    events: {} as PageEvent,
  },
  actors: {
    openDevices: fromPromise<Devices, DeviceChoice>(({ input }) => openDevices(input)),
  },
}).createMachine({
  id: 'page',
  context: { wish: null, devices: null, problem: null },
  initial: 'lobby',
  on: {
    closed: { target: '.ended', actions: assign({ problem: ({ event }) => event.why, devices: null }) },
  },
  states: {
    lobby: {
      on: {
        join: { target: 'opening', actions: assign({ wish: ({ event }) => event.wish, problem: null }) },
        closed: {},
      },
    },
    opening: {
      invoke: {
        src: 'openDevices',
        input: ({ context }) => context.wish?.choice ?? 'none',
        onDone: { target: 'joining', actions: assign({ devices: ({ event }) => event.output }) },
        onError: {
          target: 'lobby',
          actions: assign({ problem: ({ event }) => (event.error as Error).message }),
        },
      },
    },
    joining: { on: { admitted: 'inCall' } },
    inCall: {},
    ended: { on: { again: { target: 'lobby', actions: assign({ problem: null }) }, closed: {} } },
  },
});
