/** The worker of a call. It holds the MLS core, the participant and the frames: keys never leave it. */
import { createMediaTransforms, type EncodedTransformer } from '../../../src/media/transform/index.ts';
import { openName } from '../../../src/participant/names.ts';
import { recordParticipant } from '../../../src/participant/recording.ts';
import { Session, type SessionEvent, type Socket } from '../../../src/participant/Session.ts';
import { inviteOf } from '../../../src/protocol/wire/invite.ts';
import { decodeJoinPayload } from '../../../src/protocol/wire/payload.ts';
import type { FromWorker, ToWorker } from '../messages.ts';
import { describeCall, describeEntry } from './describe.ts';
import { EpochKeys } from './EpochKeys.ts';
import { fetchMls } from './mls.ts';

const post = (message: FromWorker): void => postMessage(message);
const tell = (code: string) => (error: unknown) =>
  post({ type: 'error', code, message: error instanceof Error ? error.message : String(error) });

const transforms = createMediaTransforms({
  now: () => performance.now(),
  report: (report) => post({ type: 'slot', report }),
  requestKeyFrame: ({ direction, slot }) => post({ type: 'keyFrameRequest', direction, slot: Number(slot) }),
});
const keys = new EpochKeys(transforms);
let session: Session | null = null;
let socket: WebSocket | null = null;
/** Connections that were opened, and whether the last one still is. */
let connection = 0;
let open = false;
/** One line of JSON for each step of each participant, and how many are kept. */
const recording: string[] = [];
const MAX_LINES = 50_000;
let announced: ReadonlyMap<number, string | null> = new Map();

addEventListener('rtctransform', (event) => {
  try {
    transforms.attach((event as Event & { readonly transformer: EncodedTransformer }).transformer);
  } catch (error) {
    // Nothing is read from a transform that was not taken, so nothing leaves it.
    tell('transform_refused')(error);
  }
});

async function join({ secret, name, periods }: Extract<ToWorker, { type: 'join' }>): Promise<void> {
  const invite = inviteOf(secret);
  const createMls = await fetchMls();
  const url = `${location.origin.replace(/^http/, 'ws')}/rooms/${invite.room}`;
  session = new Session({
    createMls,
    invite,
    name,
    periods,
    connect: () => {
      socket = new WebSocket(url);
      return socket as unknown as Socket;
    },
    onEvent: (event) => follow(event, invite.nameKey),
  });
}

function follow(event: SessionEvent, nameKey: Uint8Array): void {
  switch (event.type) {
    case 'participant':
      keys.follow(event.participant).catch(tell('epoch_refused'));
      recordParticipant(event.participant, (line) => {
        if (recording.length < MAX_LINES) recording.push(`${JSON.stringify(line)}\n`);
      });
      return post({ type: 'participant', id: event.participant.id });
    case 'step': {
      const { participant, step, wire } = event;
      keys.follow(participant).catch(tell('epoch_refused'));
      const line = describeEntry(step);
      if (line !== null) post({ type: 'log', line });
      if (line?.kind === 'join' && line.refusal === null && wire !== null) {
        const { sealed } = decodeJoinPayload(wire.payload);
        void openName(nameKey, line.author, sealed).then((name) =>
          post({ type: 'name', participant: line.author, name: name ?? '' }),
        );
      }
      return post({ type: 'view', view: describeCall(participant) });
    }
    case 'connection':
      open = event.state === 'open';
      if (open) connection += 1;
      if (event.state === 'closed') keys.follow(null).catch(tell('epoch_refused'));
      return post({ type: 'connection', state: event.state, connection });
    case 'split':
      return post({ type: 'split', author: event.author, position: event.position });
    case 'badCommit':
      return post({
        type: 'badCommit',
        author: event.author,
        position: event.position,
        reason: event.reason,
      });
    case 'maybeCutOff':
    case 'comparing':
    case 'rtc':
      return post(event);
    case 'error':
      return post(event);
  }
}

function announce(slots: ReadonlyMap<number, string | null>): void {
  for (const slot of announced.keys()) if (!slots.has(slot)) transforms.expect(slot, null);
  for (const [slot, participant] of slots) transforms.expect(slot, participant);
  announced = slots;
}

addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  switch (data.type) {
    case 'join':
      return void join(data).catch(tell('not_started'));
    case 'rtc':
      if (open && data.connection === connection) session?.sendRtc(data.message);
      return;
    case 'slots':
      return announce(data.slots);
    case 'reconnect':
      return socket?.close(4000);
    case 'comparing':
      return session?.comparing(data.on);
    case 'recording':
      return post({ type: 'recording', lines: recording.join('') });
    case 'leave':
      return session?.leave();
  }
});
