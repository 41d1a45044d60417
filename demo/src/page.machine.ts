import { assign, fromPromise, setup } from 'xstate';
import { areOpen, openDevices, stopDevices, type DeviceChoice, type Devices } from './devices.ts';

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
  /** Opens devices to try them before joining, or others than before. */
  | { readonly type: 'preview'; readonly choice: DeviceChoice }
  | { readonly type: 'closePreview' }
  | { readonly type: 'join'; readonly wish: Wish }
  /** The own participant has keys. */
  | { readonly type: 'admitted' }
  /** The worker gave up, or the user left. */
  | { readonly type: 'closed'; readonly why: string }
  | { readonly type: 'again' };

/** The page's own states. What happens inside a call is the participant's machine, in the worker. */
export const pageMachine = setup({
  types: {
    context: {} as {
      wish: Wish | null;
      /** What is or was opened last. */
      choice: DeviceChoice;
      /** What is open: for the preview, then for the call, which ends it. */
      devices: Devices | null;
      problem: string | null;
    },
    events: {} as PageEvent,
  },
  actors: {
    openDevices: fromPromise<Devices, DeviceChoice>(async ({ input, signal }) => {
      const devices = await openDevices(input);
      // Nobody waits for them any more.
      if (signal.aborted) stopDevices(devices);
      return devices;
    }),
  },
  actions: {
    release: ({ context }) => stopDevices(context.devices),
  },
}).createMachine({
  id: 'page',
  context: { wish: null, choice: 'none', devices: null, problem: null },
  initial: 'lobby',
  on: {
    closed: { target: '.ended', actions: assign({ problem: ({ event }) => event.why, devices: null }) },
  },
  states: {
    lobby: {
      initial: 'closed',
      states: {
        closed: {},
        opening: {
          invoke: {
            src: 'openDevices',
            input: ({ context }) => context.choice,
            onDone: { target: 'open', actions: assign({ devices: ({ event }) => event.output }) },
            onError: {
              target: 'closed',
              actions: assign({ problem: ({ event }) => (event.error as Error).message }),
            },
          },
        },
        open: {},
      },
      on: {
        preview: {
          target: '.opening',
          actions: ['release', assign({ choice: ({ event }) => event.choice, devices: null, problem: null })],
        },
        closePreview: { target: '.closed', actions: ['release', assign({ devices: null })] },
        join: [
          {
            // The call gets what the preview opened.
            guard: ({ context: { devices, choice }, event }) =>
              devices !== null && areOpen(devices) && choice === event.wish.choice,
            target: 'joining',
            actions: assign({ wish: ({ event }) => event.wish, problem: null }),
          },
          {
            target: 'opening',
            actions: [
              'release',
              assign({
                wish: ({ event }) => event.wish,
                choice: ({ event }) => event.wish.choice,
                devices: null,
                problem: null,
              }),
            ],
          },
        ],
        closed: {},
      },
    },
    opening: {
      invoke: {
        src: 'openDevices',
        input: ({ context }) => context.choice,
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
