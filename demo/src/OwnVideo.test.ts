import { expect, test } from 'vitest';
import { cameraEncoding, SCREEN_VIDEO } from '../../src/media/connection/videoEncoding.ts';
import { DeviceError } from './devices.ts';
import { OwnVideo } from './OwnVideo.ts';

class Track extends EventTarget {
  readyState = 'live';
  stop(): void {
    this.readyState = 'ended';
  }
}

/** Cameras and screens that opened, and one's own video. */
function made(cameraOn: boolean) {
  const cameras: Track[] = cameraOn ? [new Track()] : [];
  const screens: Track[] = [];
  const state = { refuse: false, ended: 0 };
  const open = (list: Track[]) => async (): Promise<MediaStreamTrack> => {
    if (state.refuse) throw new DeviceError('refused');
    list.push(new Track());
    return list.at(-1) as unknown as MediaStreamTrack;
  };
  const first = (cameras[0] ?? null) as MediaStreamTrack | null;
  const video = new OwnVideo(first, () => (state.ended += 1), {
    camera: open(cameras),
    screen: open(screens),
  });
  const live = (): string =>
    [cameras, screens].map((list) => list.filter((it) => it.readyState === 'live').length).join(' ');
  return { video, state, cameras, screens, live };
}

test('a screen takes the place of the camera, which comes back where it was on', async () => {
  const { video, cameras, screens, live } = made(true);
  await video.setScreen(true);
  expect(live()).toBe('0 1');
  expect(video.track).toBe(screens[0]);
  expect(video.cameraWanted).toBe(true);
  expect(video.encoding(12)).toBe(SCREEN_VIDEO);
  // Another screen in its place.
  await video.setScreen(true);
  expect(live()).toBe('0 1');
  await video.setScreen(false);
  expect(live()).toBe('1 0');
  expect(video.track).toBe(cameras.at(-1));
  expect(video.encoding(12)).toBe(cameraEncoding(12));

  const off = made(false);
  await off.video.setScreen(true);
  await off.video.setScreen(false);
  expect([off.live(), off.video.track, off.video.cameraWanted]).toEqual(['0 0', null, false]);
});

test('the camera that is turned on ends the screen', async () => {
  const { video, live } = made(false);
  await video.setScreen(true);
  await video.setCamera(true);
  expect(live()).toBe('1 0');
  await video.setScreen(false);
  expect(live()).toBe('1 0');
});

test('a refused screen leaves the camera on; a camera that does not come back is off', async () => {
  const { video, state, live } = made(true);
  state.refuse = true;
  await expect(video.setScreen(true)).rejects.toBeInstanceOf(DeviceError);
  expect(live()).toBe('1 0');
  state.refuse = false;
  await video.setScreen(true);
  state.refuse = true;
  await expect(video.setScreen(false)).rejects.toBeInstanceOf(DeviceError);
  expect([live(), video.track, video.cameraWanted]).toEqual(['0 0', null, false]);
});

test('it is told when the browser ends the screen; after the end nothing is open', async () => {
  const { video, state, screens, live } = made(true);
  await video.setScreen(true);
  screens[0]!.dispatchEvent(new Event('ended'));
  expect(state.ended).toBe(1);
  const opening = video.setScreen(true);
  video.close();
  await opening;
  expect([live(), video.track]).toEqual(['0 0', null]);
});
