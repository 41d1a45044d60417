/** What tests keep of a page to ask later: its connections and its tracks, and a screen to show. */
import { type Locator, type Page } from 'playwright-core';

/** What the camera's encoder was told, and what it makes. */
export interface Sent {
  readonly maxBitrate: number | undefined;
  readonly scale: number | undefined;
  /** Pixels; undefined before the first picture. */
  readonly width: number | undefined;
  readonly hint: string | undefined;
}

interface Kept {
  readonly peers: RTCPeerConnection[];
  /** Of camera and microphone, and of screens. */
  readonly devices: MediaStreamTrack[];
  readonly screens: MediaStreamTrack[];
}

declare const kept: Kept;

/** To be run in the page before its scripts, and after those that replace devices. */
export function keep(): void {
  const all: Kept = { peers: [], devices: [], screens: [] };
  Object.assign(globalThis, { kept: all });
  globalThis.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      all.peers.push(this);
    }
  };
  const { mediaDevices } = navigator;
  const open = mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.getUserMedia = async (constraints) => {
    const stream = await open(constraints);
    all.devices.push(...stream.getTracks());
    return stream;
  };
  // Yellow, with a red left, a blue right and a white upper edge: higher than tiles are, so that one that crops shows it.
  mediaDevices.getDisplayMedia = async () => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [640, 400];
    const context = canvas.getContext('2d')!;
    let drawn = 0;
    setInterval(() => {
      context.fillStyle = 'rgb(220 200 30)';
      context.fillRect(0, 0, 640, 400);
      context.fillStyle = 'rgb(220 30 30)';
      context.fillRect(0, 0, 64, 400);
      context.fillStyle = 'rgb(40 60 220)';
      context.fillRect(576, 0, 64, 400);
      context.fillStyle = 'rgb(255 255 255)';
      context.fillRect(0, 0, 640, 16);
      context.fillStyle = '#808080';
      context.fillRect((drawn += 1) % 640, 390, 8, 8);
    }, 66);
    const stream = canvas.captureStream(15);
    all.screens.push(...stream.getTracks());
    return stream;
  };
}

export const sent = ({ page }: { readonly page: Page }): Promise<Sent> =>
  page.evaluate(async () => {
    const { sender } = kept.peers.at(-1)!.getTransceivers()[1]!;
    const [encoding] = sender.getParameters().encodings;
    let width: number | undefined;
    (await sender.getStats()).forEach((it: { type: string; frameWidth?: number }) => {
      if (it.type === 'outbound-rtp') width = it.frameWidth;
    });
    const { maxBitrate, scaleResolutionDownBy: scale } = encoding ?? {};
    return { maxBitrate, scale, width, hint: sender.track?.contentHint };
  });

/** How many tracks of devices and of screens are open. */
export const openTracks = ({
  page,
}: {
  readonly page: Page;
}): Promise<{ devices: string[]; screens: number }> =>
  page.evaluate(() => ({
    devices: kept.devices.filter((it) => it.readyState === 'live').map((it) => it.kind),
    screens: kept.screens.filter((it) => it.readyState === 'live').length,
  }));

/** Every track of camera and microphone that was opened, the microphone's first where both were, in order. */
export const settings = ({
  page,
}: {
  readonly page: Page;
}): Promise<{ kind: string; id: string; deviceId: string | undefined }[]> =>
  page.evaluate(() =>
    kept.devices.map((it) => ({ kind: it.kind, id: it.id, deviceId: it.getSettings().deviceId })),
  );

/** Ids of the tracks that are sent: microphone and camera. */
export const sentTracks = ({ page }: { readonly page: Page }): Promise<(string | undefined)[]> =>
  page.evaluate(() =>
    kept.peers
      .at(-1)!
      .getTransceivers()
      .slice(0, 2)
      .map(({ sender }) => sender.track?.id),
  );

/** Ends the screen as the browser's own button does. */
export const endScreen = ({ page }: { readonly page: Page }): Promise<void> =>
  page.evaluate(() => {
    for (const track of kept.screens) {
      track.stop();
      track.dispatchEvent(new Event('ended'));
    }
  });

/** The colours of what a user sees there, at places from 0 to 1 each way: red, green and blue. */
export async function coloursAt(
  element: Locator,
  places: readonly (readonly [x: number, y: number])[],
): Promise<number[][]> {
  const png = (await element.screenshot()).toString('base64');
  return element.page().evaluate(
    async ([png, places]) => {
      const bytes = Uint8Array.from(atob(png), (it) => it.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
      context.drawImage(bitmap, 0, 0);
      return places.map(([x, y]) => [
        ...context
          .getImageData(Math.round(x * bitmap.width), Math.round(y * bitmap.height), 1, 1)
          .data.slice(0, 3),
      ]);
    },
    [png, places] as const,
  );
}
