import { proxy, wrap, type Remote } from 'comlink';
import {
  createMediaConnection,
  type MediaConnection,
  type MediaConnectionState,
  type MediaSlot,
} from '../../src/media/connection/MediaConnection.ts';
import { MediaConnectionError } from '../../src/media/connection/errors.ts';
import type { VideoEncoding } from '../../src/media/connection/videoEncoding.ts';
import type { Moved, MoveView } from '../../src/messaging/move/Mover.ts';
import type { SlotReport, TransformMessage } from '../../src/media/transform/index.ts';
import type { ParticipantId } from '../../src/protocol/ids.ts';
import type { Periods } from '../../src/participant/timers/periods.ts';
import { DeviceError, openDevice, type Devices } from './devices.ts';
import { OwnVideo } from './OwnVideo.ts';
import type {
  BadCommit,
  CallView,
  CallWorker,
  ConnectionState,
  FromWorker,
  LogLine,
  PortMessage,
  Split,
} from './messages.ts';
import { ChatLog } from './ChatLog.ts';
import type { Wish } from './page.machine.ts';
import { Trust } from './trust/Trust.ts';
import { startWorker } from './worker/start.ts';

/** What a user of a browser is told that cannot encrypt frames. */
export const NO_ENCODED_TRANSFORM =
  'This browser cannot encrypt frames (it has neither RTCRtpScriptTransform nor createEncodedStreams), so it cannot take part. A current Chrome, Edge, Firefox or Safari can.';
/** Milliseconds before a media connection that failed is made anew. */
const MEDIA_RETRY_MS = 2_000;
/** Milliseconds within which the worker of a call that is over gives its recording. */
const ANSWER_MS = 2_000;

/** What goes with the user to another room. */
export interface Luggage {
  readonly worker: Worker;
  readonly calls: Remote<CallWorker>;
}

function startCallWorker(): Luggage {
  const worker = startWorker();
  const { port1, port2 } = new MessageChannel();
  worker.postMessage({ type: 'port', port: port2 } satisfies PortMessage, [port2]);
  return { worker, calls: wrap<CallWorker>(port1) };
}

/** The page's side of a call: the worker with the keys, the media connection, and what the page shows of both. */
export class Call {
  view: CallView | null = null;
  connection: ConnectionState = 'connecting';
  media: MediaConnectionState | null = null;
  /** How many participants this page has been: a new one joins when the last was declared gone. */
  attempt = 0;
  problem: string | null = null;
  /** The last entry that showed that the log is split. It is never taken back. */
  split: Split | null = null;
  /** The last commit that could not be followed. It is never taken back. */
  badCommit: BadCommit | null = null;
  /** There should have been a commit by now. */
  maybeCutOff = false;
  /** The user compares codes. */
  comparing = false;
  readonly video: OwnVideo;
  microphone: MediaStreamTrack | null;
  log: LogLine[] = [];
  readonly trust = new Trust();
  readonly chat = new ChatLog();
  moving: MoveView | null = null;
  /** It is time to go to this room. */
  moved: Moved | null = null;
  /** What there is to be known of how this page came here from another room. */
  arrival: string | null = null;
  slots: readonly MediaSlot[] = [];
  readonly names = new Map<ParticipantId, string>();
  /** Groups of digits; null for a name that nothing vouches for. */
  readonly personCodes = new Map<ParticipantId, readonly string[] | null>();
  /** Whether the own person key is one that this device keeps; null before that is known. */
  personKept: boolean | null = null;
  /** Whether this browser has encoded transforms; without them nothing is sent and nothing is shown. */
  browserSupported = true;
  /** By direction and slot. */
  readonly reports = new Map<string, SlotReport>();
  /** Runs the transforms. */
  readonly #worker: Worker;
  readonly #calls: Remote<CallWorker>;
  readonly #changed: (call: Call) => void;
  #peer: MediaConnection | null = null;
  readonly #toggling = new Set<'microphone' | 'video'>();
  /** What `problem` says of a device, where it does. */
  #deviceProblem: string | null = null;
  #closed = false;

  constructor(
    secret: Uint8Array,
    { name, keepPerson }: Pick<Wish, 'name' | 'keepPerson'>,
    devices: Devices,
    periods: Partial<Periods>,
    changed: (call: Call) => void,
    luggage: Luggage = startCallWorker(),
  ) {
    this.#changed = changed;
    this.video = new OwnVideo(devices.camera, () => void this.setScreen(false));
    this.microphone = devices.microphone;
    this.#worker = luggage.worker;
    this.#calls = luggage.calls;
    this.#worker.addEventListener('error', () => this.#fail('The worker of the call could not be started.'));
    void this.#calls.join(
      { secret, name, keepPerson, periods },
      proxy((event: FromWorker) => this.#receive(event)),
    );
  }

  nameOf(participant: ParticipantId): string {
    return this.names.get(participant) || `nameless ${participant.slice(0, 4)}`;
  }

  /** Sends the microphone, or nothing at all of it. Opens it where it was not open yet. */
  setMicrophone = (on: boolean): Promise<void> =>
    this.#toggle('microphone', async () => {
      if (on) this.microphone ??= await this.#openMicrophone();
      if (this.microphone !== null) this.microphone.enabled = on;
      await this.#peer?.setMicrophone(on ? this.microphone : null);
    });

  /** Turns the camera on, or off: then its light goes out too. */
  setCamera = (on: boolean): Promise<void> =>
    this.#toggle('video', () => this.#sendVideo(this.video.setCamera(on)));

  /** Shows a screen in the place of the camera, or the camera again where it was on. */
  setScreen = (on: boolean): Promise<void> =>
    this.#toggle('video', () => this.#sendVideo(this.video.setScreen(on)));

  /** One change of each at a time: a second click meanwhile does nothing. Rejects never. */
  async #toggle(what: 'microphone' | 'video', change: () => Promise<void>): Promise<void> {
    if (this.#toggling.has(what)) return;
    this.#toggling.add(what);
    const told = this.#deviceProblem;
    this.#deviceProblem = null;
    try {
      await change();
    } catch (error) {
      // A media connection that ended takes no track; the next one is made with what there is then.
      if (error instanceof DeviceError) this.problem = this.#deviceProblem = error.message;
    }
    if (this.#deviceProblem === null && this.problem === told) this.problem = null;
    this.#toggling.delete(what);
    this.#changed(this);
    // The browser may have ended the screen meanwhile.
    if (this.video.screen?.readyState === 'ended') void this.setScreen(false);
  }

  /** Sends what there is after a change of the picture, also where it failed. */
  async #sendVideo(change: Promise<void>): Promise<void> {
    try {
      await change;
    } finally {
      this.#adaptVideo();
      await this.#peer?.setCamera(this.video.track).catch(() => undefined);
    }
  }

  /** The camera sends what as many people as there are now allow. */
  #adaptVideo(): void {
    this.#peer?.setVideoEncoding(this.#videoEncoding).catch(() => undefined);
  }

  get #videoEncoding(): VideoEncoding {
    const here = this.view?.people.filter(({ standing }) => standing !== 'departed') ?? [];
    return this.video.encoding(here.length);
  }

  async #openMicrophone(): Promise<MediaStreamTrack | null> {
    const track = await openDevice('microphone');
    if (!this.#closed) return track;
    track?.stop();
    return null;
  }

  /** The user begins to compare codes, or stops: the own participant does not hand its role over meanwhile. */
  compare = (on: boolean): void => void this.#calls.comparing(on);

  /** The user says something of whom they trust. */
  judge(change: (trust: Trust) => void): void {
    change(this.trust);
    this.#changed(this);
  }

  /** What the participants of this page did, one line of JSON each (NDJSON). */
  recording(): Promise<string> {
    return this.#calls.recording();
  }

  /** Says a text to the others. Gives why it was not sent, for people; null where it was. */
  say = async (text: string): Promise<string | null> => {
    const unsent = await this.#calls.chat(text);
    if (unsent === null) this.chat.said(text);
    this.#changed(this);
    return unsent?.message ?? null;
  };

  leave(): void {
    void this.#calls.leave();
  }

  /** Asks all members who are here to go to a new room, but for these. */
  move = (to: readonly ParticipantId[], without: readonly ParticipantId[]): void =>
    void this.#calls.move(to, without);

  answerMove = (word: 'go' | 'stay' | 'dismiss'): void => void this.#calls.answerMove(word);

  /** Ends the call on this page, but for what goes with the user to another room: worker, person, camera, microphone. */
  handOver(): Luggage {
    this.#closed = true;
    this.moved = null;
    // What was shown to these people need not be for those.
    this.video.screen?.stop();
    this.#closeMedia();
    return { worker: this.#worker, calls: this.#calls };
  }

  /** Ends what is left of the call on this page. Gives its recording; empty where the worker no longer answers. */
  async close(): Promise<string> {
    this.#closed = true;
    this.#closeMedia();
    this.video.close();
    this.microphone?.stop();
    const silence = new Promise<string>((resolve) => setTimeout(resolve, ANSWER_MS, ''));
    const lines = await Promise.race([this.recording(), silence]);
    this.#worker.terminate();
    return lines;
  }

  #fail(problem: string): void {
    this.problem = problem;
    this.#changed(this);
  }

  #receive(message: FromWorker): void {
    if (this.#closed) return;
    this.trust.receive(message);
    this.chat.follow(message);
    switch (message.type) {
      case 'participant':
        this.attempt += 1;
        this.log = [];
        break;
      case 'view':
        this.view = message.view;
        this.#adaptVideo();
        break;
      case 'log':
        this.log.push(message.line);
        break;
      case 'name':
        this.names.set(message.participant, message.name);
        this.personCodes.set(message.participant, message.personCode);
        break;
      case 'person':
        this.personKept = message.kept;
        break;
      case 'split':
        this.split = message;
        break;
      case 'badCommit':
        this.badCommit = message;
        break;
      case 'maybeCutOff':
        this.maybeCutOff = message.suspected;
        break;
      case 'comparing':
        this.comparing = message.on;
        break;
      case 'connection':
        this.connection = message.state;
        // The forwarding server goes by the connection to the service: a new one needs new media.
        this.#closeMedia();
        if (message.state === 'open') {
          this.problem = null;
          this.#openMedia(message.connection);
        }
        break;
      case 'rtc':
        this.#peer?.receive(message.message);
        return;
      case 'slot':
        this.reports.set(`${message.report.direction} ${message.report.slot}`, message.report);
        break;
      case 'error':
        this.problem = `${message.message} (${message.code})`;
        break;
      case 'chat':
        break;
      case 'move':
        this.moving = message.view;
        break;
      case 'moved':
        this.moved = message;
        break;
      case 'keyFrameRequest':
        return;
    }
    this.#changed(this);
  }

  #openMedia(connection: number): void {
    try {
      this.#connectMedia(connection);
    } catch (error) {
      if (!(error instanceof MediaConnectionError)) throw error;
      // The lobby asks before the call. Here it fails where the browser has the names, and not what they stand for.
      this.browserSupported = false;
      this.#worker.postMessage({ type: 'browserNotSupported' } satisfies TransformMessage);
      this.#fail(NO_ENCODED_TRANSFORM);
    }
  }

  #connectMedia(connection: number): void {
    const peer = createMediaConnection({
      worker: this.#worker,
      send: (message) => void this.#calls.rtc(connection, message),
      onSlots: (slots) => {
        this.slots = slots;
        void this.#calls.announce(new Map(slots.map(({ slot, participant }) => [slot, participant])));
        this.#changed(this);
      },
      onState: (state) => {
        this.media = state;
        if (state === 'failed')
          setTimeout(() => {
            if (this.#peer === peer) void this.#calls.reconnect();
          }, MEDIA_RETRY_MS);
        this.#changed(this);
      },
      onError: (error) => this.#fail(`Media: ${error.message}`),
      microphone: this.microphone?.enabled === true ? this.microphone : null,
      camera: this.video.track,
      videoEncoding: this.#videoEncoding,
    });
    this.#peer = peer;
    this.media = peer.state;
  }

  #closeMedia(): void {
    const peer = this.#peer;
    this.#peer = null;
    peer?.close();
    this.media = null;
    this.slots = [];
    this.reports.clear();
  }
}
