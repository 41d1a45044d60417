/** The worker of a call. What the page may have it do is `CallWorker`. It holds the MLS core, the participant and the frames: keys never leave it. */
import { expose } from 'comlink';
import {
  createMediaTransforms,
  takeTransforms,
  type TransformMessage,
} from '../../../src/media/transform/index.ts';
import { recordParticipant } from '../../../src/participant/recording.ts';
import { newPersonKey, type PersonKey } from '../../../src/participant/person.ts';
import { Session, type SessionEvent, type Socket } from '../../../src/participant/Session.ts';
import { inviteOf, type Invite } from '../../../src/protocol/wire/invite.ts';
import { keptPerson } from '../keptPerson.ts';
import type { CallWorker, FromWorker, JoinOptions, PortMessage } from '../messages.ts';
import { describeCall, describeEntry, describePerson } from './describe.ts';
import { EpochKeys } from './EpochKeys.ts';
import { fetchMls } from './mls.ts';
import { Talk } from './Talk.ts';

/** Tells the page. Nothing is told before it has joined. */
let post: (event: FromWorker) => void = () => undefined;
const tell = (code: string) => (error: unknown) =>
  post({ type: 'error', code, message: error instanceof Error ? error.message : String(error) });

const transforms = createMediaTransforms({
  now: () => performance.now(),
  report: (report) => post({ type: 'slot', report }),
  requestKeyFrame: ({ direction, slot }) => post({ type: 'keyFrameRequest', direction, slot: Number(slot) }),
});
const keys = new EpochKeys(transforms);
const talk = new Talk({
  send: (sealed) => session?.message(sealed) === true,
  heard: (from, { text }) => post({ type: 'chat', from, text }),
  moves: (view) => post({ type: 'move', view }),
  moved: (moved) => post({ type: 'moved', ...moved }),
});
let session: Session | null = null;
/** Calls that this worker was in: after a move it is in another one. */
let joins = 0;
/** Who the user is, in this call and in those that it moves to. */
let person: { readonly key: PersonKey; readonly kept: boolean } | null = null;
let socket: WebSocket | null = null;
/** Connections that were opened, and whether the last one still is. */
let connection = 0;
let open = false;
/** One line of JSON for each step of each participant, and how many are kept. */
const recording: string[] = [];
const MAX_LINES = 50_000;
/** Names are told in the order of the log. */
let naming = Promise.resolve();
let announced: ReadonlyMap<number, string | null> = new Map();

takeTransforms(globalThis, transforms, tell('transform_refused'));

async function join({ secret, name, keepPerson, periods }: JoinOptions): Promise<void> {
  const number = joins;
  const invite = inviteOf(secret);
  // Where none can be kept, one is made for this call, and the page says so.
  if (person === null) {
    const kept = keepPerson ? await keptPerson().catch(() => null) : null;
    person = { key: kept ?? newPersonKey(), kept: kept !== null };
  }
  post({ type: 'person', kept: person.kept });
  const createMls = await fetchMls();
  const url = `${location.origin.replace(/^http/, 'ws')}/rooms/${invite.room}`;
  session = new Session({
    createMls,
    invite,
    name,
    person: person.key,
    periods,
    connect: () => {
      socket = new WebSocket(url);
      return socket as unknown as Socket;
    },
    onEvent: (event) => {
      // Of a call that was left nothing is told.
      if (number === joins) follow(event, invite);
    },
  });
}

/** Ends the call that there was: its keys go, and so does what was kept of it. */
function leaveBehind(): void {
  session?.leave();
  session = null;
  keys.follow(null).catch(tell('epoch_refused'));
  talk.close();
  recording.length = 0;
  announce(new Map());
}

function follow(event: SessionEvent, invite: Invite): void {
  switch (event.type) {
    case 'participant':
      keys.follow(event.participant).catch(tell('epoch_refused'));
      talk.follow(event.participant);
      recordParticipant(event.participant, (line) => {
        if (recording.length < MAX_LINES) recording.push(`${JSON.stringify(line)}\n`);
      });
      return post({ type: 'participant', id: event.participant.id });
    case 'step': {
      const { participant, step, wire } = event;
      keys.follow(participant).catch(tell('epoch_refused'));
      talk.follow(participant);
      const line = describeEntry(step);
      if (line !== null) post({ type: 'log', line });
      if (line?.kind === 'join' && line.refusal === null && wire !== null)
        naming = naming.then(async () => post(await describePerson(invite, line.author, wire)));
      return post({ type: 'view', view: describeCall(participant) });
    }
    case 'connection':
      open = event.state === 'open';
      if (open) connection += 1;
      // Whose participant was let go has no keys; one that resumes keeps those that it has.
      keys.follow(session?.participant ?? null).catch(tell('epoch_refused'));
      talk.follow(session?.participant ?? null);
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
    case 'message':
      return talk.receive(event.from, event.data);
  }
}

function announce(slots: ReadonlyMap<number, string | null>): void {
  for (const slot of announced.keys()) if (!slots.has(slot)) transforms.expect(slot, null);
  for (const [slot, participant] of slots) transforms.expect(slot, participant);
  announced = slots;
}

const calls: CallWorker = {
  join(options, tellPage) {
    joins += 1;
    if (session !== null) leaveBehind();
    post = tellPage;
    join(options).catch(tell('not_started'));
  },
  rtc(number, message) {
    if (open && number === connection) session?.sendRtc(message);
  },
  announce,
  reconnect: () => socket?.close(4000),
  comparing: (on) => session?.comparing(on),
  recording: () => recording.join(''),
  chat: (text) => talk.chat(text),
  move: (to, without) => talk.startMove(to, without),
  answerMove: (word) => talk.answerMove(word),
  leave: () => session?.leave(),
};

addEventListener('message', ({ data }: MessageEvent<PortMessage | TransformMessage>) => {
  if (data.type === 'port') expose(calls, data.port);
});
