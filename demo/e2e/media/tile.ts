/** What a tile says, and what a page has asked its browser for. */
import { type CallPage } from '../call/CallPage.ts';
import { type PersonInTest } from '../call/people.ts';

export interface TileText {
  readonly state: string;
  readonly words: string;
  readonly tone: string;
  readonly meaning: string;
  readonly counters: string;
  /** Whether meaning and counters are on screen. */
  readonly explained: boolean;
  /** Frames that did not open. */
  readonly refused: number;
  /** Pictures that were shown so far. */
  readonly pictures: number;
}

/** Reads the tile of `person` on `page`, their own included. */
export async function tileOf(page: CallPage, person: PersonInTest): Promise<TileText> {
  const named = page.page
    .getByTestId('tile-name')
    .filter({ hasText: new RegExp(`^${person.name}( \\(you\\))?$`) });
  const tile = page.page.locator('figure').filter({ has: named });
  const badge = tile.getByTestId('badge');
  const counters = (await tile.getByTestId('counters').textContent()) ?? '';
  const opened = Number(/open (\d+)/.exec(counters)?.[1] ?? 0);
  const all = [...counters.matchAll(/\d+/g)].reduce((sum, [count]) => sum + Number(count), 0);
  return {
    state: (await badge.getAttribute('data-state')) ?? '',
    words: await badge.innerText(),
    tone: (await badge.getAttribute('data-tone')) ?? '',
    meaning: (await tile.getByTestId('meaning').textContent()) ?? '',
    counters,
    explained: await tile.getByTestId('explanation').isVisible(),
    refused: all - opened,
    pictures: await tile
      .locator('video')
      .evaluate((video: HTMLVideoElement) => video.getVideoPlaybackQuality().totalVideoFrames),
  };
}

/** How often the page has called what would open, capture or send something. */
export interface Calls {
  encodedStreams: number;
  devices: number;
  connections: number;
  workers: number;
  sockets: number;
}

/** Counts them, as `calls`. To be run in the page before its scripts. */
export function countCalls(): void {
  const counted: Calls = { encodedStreams: 0, devices: 0, connections: 0, workers: 0, sockets: 0 };
  const count = (owner: object, name: string, what: keyof Calls): void => {
    const original: unknown = Reflect.get(owner, name);
    if (typeof original !== 'function') return;
    const counting = new Proxy(original, {
      apply(target, self, args: unknown[]): unknown {
        counted[what] += 1;
        return Reflect.apply(target, self, args);
      },
      construct(target, args: unknown[]): object {
        counted[what] += 1;
        return Reflect.construct(target, args) as object;
      },
    });
    Reflect.set(owner, name, counting);
  };
  count(RTCRtpSender.prototype, 'createEncodedStreams', 'encodedStreams');
  count(RTCRtpReceiver.prototype, 'createEncodedStreams', 'encodedStreams');
  count(navigator.mediaDevices, 'getUserMedia', 'devices');
  count(globalThis, 'RTCPeerConnection', 'connections');
  count(globalThis, 'Worker', 'workers');
  count(globalThis, 'WebSocket', 'sockets');
  Object.assign(globalThis, { calls: counted });
}
