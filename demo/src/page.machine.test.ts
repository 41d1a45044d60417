import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createActor, type ActorRefFrom } from 'xstate';
import { chooseDevice } from './chosenDevices.ts';
import { type DeviceChoice } from './devices.ts';
import { pageMachine, type Wish } from './page.machine.ts';

/** A track of a browser, as far as the page's states go. */
class Track extends EventTarget {
  readonly kind: 'audio' | 'video';
  readonly device: string | null;
  readyState = 'live';

  constructor(kind: 'audio' | 'video', { deviceId }: { deviceId?: { exact: string } }) {
    super();
    this.kind = kind;
    this.device = deviceId?.exact ?? null;
  }

  stop(): void {
    this.readyState = 'ended';
  }
}

type Constraints = Partial<Record<'audio' | 'video', { deviceId?: { exact: string } }>>;

const GONE = 'a device that was unplugged';
let opened: Track[] = [];
let asked: Constraints[] = [];
/** Answers that a test gives later. */
let held: (() => void)[] | null = null;
let refuse: string | null = null;
let page: ActorRefFrom<typeof pageMachine>;

async function getUserMedia(constraints: Constraints): Promise<unknown> {
  asked.push(constraints);
  if (held !== null) await new Promise<void>((answer) => held!.push(answer));
  if (refuse !== null) throw new DOMException('', refuse);
  const { audio, video } = constraints;
  if (audio?.deviceId?.exact === GONE) throw new DOMException('', 'OverconstrainedError');
  const microphones = audio === undefined ? [] : [new Track('audio', audio)];
  const cameras = video === undefined ? [] : [new Track('video', video)];
  opened.push(...microphones, ...cameras);
  return { getAudioTracks: () => microphones, getVideoTracks: () => cameras };
}

beforeEach(() => {
  [opened, asked, held, refuse] = [[], [], null, null];
  const kept = new Map<string, string>();
  vi.stubGlobal('navigator', { mediaDevices: { getUserMedia } });
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  });
  page = createActor(pageMachine);
  page.start();
});
afterEach(() => {
  page.stop();
  vi.unstubAllGlobals();
});

const wish = (choice: DeviceChoice): Wish => ({ name: 'Anna', choice, muted: false, keepPerson: false });
const live = (): string[] => opened.filter((it) => it.readyState === 'live').map((it) => it.kind);
const at = (state: unknown) => expect.poll(() => page.getSnapshot().value).toEqual(state);

test('nothing is asked for before a preview or a join; a join gets what the preview opened', async () => {
  expect(asked).toEqual([]);
  page.send({ type: 'preview', choice: 'camera and microphone' });
  await at({ lobby: 'open' });
  const { devices } = page.getSnapshot().context;
  page.send({ type: 'join', wish: wish('camera and microphone') });
  await at('joining');
  expect(page.getSnapshot().context.devices).toBe(devices);
  expect(asked).toHaveLength(1);
  expect(live()).toEqual(['audio', 'video']);
});

test('another choice, a device that ended, or none: the preview is closed before the call opens anything', async () => {
  page.send({ type: 'preview', choice: 'camera and microphone' });
  await at({ lobby: 'open' });
  page.send({ type: 'preview', choice: 'microphone' });
  await at({ lobby: 'open' });
  expect(live()).toEqual(['audio']);
  opened.at(-1)!.stop();
  page.send({ type: 'join', wish: wish('microphone') });
  await at('joining');
  expect(live()).toEqual(['audio']);
  page.send({ type: 'closed', why: 'left' });
  page.send({ type: 'again' });
  opened.at(-1)!.stop();
  page.send({ type: 'preview', choice: 'camera and microphone' });
  await at({ lobby: 'open' });
  page.send({ type: 'join', wish: wish('none') });
  await at('joining');
  expect(live()).toEqual([]);
  expect(page.getSnapshot().context.devices).toEqual({ microphone: null, camera: null });
});

test('what is opened for a preview that nobody wants any more is closed at once', async () => {
  held = [];
  page.send({ type: 'preview', choice: 'camera and microphone' });
  await expect.poll(() => held).toHaveLength(1);
  page.send({ type: 'preview', choice: 'microphone' });
  await expect.poll(() => held).toHaveLength(2);
  page.send({ type: 'closePreview' });
  for (const answer of held) answer();
  await expect.poll(() => opened).toHaveLength(3);
  await expect.poll(live).toEqual([]);
  await at({ lobby: 'closed' });
});

test('a refusal is told in the lobby, whatever it was for', async () => {
  refuse = 'NotAllowedError';
  page.send({ type: 'preview', choice: 'microphone' });
  await at({ lobby: 'closed' });
  expect(page.getSnapshot().context.problem).toContain('The microphone could not be opened');
  page.send({ type: 'join', wish: wish('camera and microphone') });
  await at({ lobby: 'closed' });
  expect(page.getSnapshot().context.problem).toContain('Camera and microphone could not be opened');
  expect(asked).toHaveLength(2);
});

test('the chosen device is asked for, and any other where it is gone', async () => {
  chooseDevice('microphone', 'a headset');
  page.send({ type: 'preview', choice: 'camera and microphone' });
  await at({ lobby: 'open' });
  expect(opened.map(({ device }) => device)).toEqual(['a headset', null]);
  chooseDevice('microphone', GONE);
  page.send({ type: 'preview', choice: 'microphone' });
  await expect.poll(() => asked).toHaveLength(3);
  await at({ lobby: 'open' });
  expect(opened.at(-1)!.device).toBeNull();
  // Where nothing was chosen, there is nothing to fall back from.
  chooseDevice('microphone', null);
  refuse = 'NotFoundError';
  page.send({ type: 'preview', choice: 'microphone' });
  await at({ lobby: 'closed' });
  expect(asked).toHaveLength(4);
});
