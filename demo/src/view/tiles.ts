import type { MediaSlot } from '../../../src/media/connection/MediaConnection.ts';
import type { SlotState } from '../../../src/media/transform/index.ts';
import type { Call } from '../Call.ts';
import type { Person } from '../messages.ts';
import { el, text } from './dom.ts';

/** What a badge says. `good`: the last frames were opened with this sender's key. */
interface Badge {
  readonly state: string;
  readonly words: string;
  readonly tone: 'good' | 'quiet' | 'wait' | 'bad';
}

const WAITS: Partial<Record<SlotState, string>> = {
  'no key yet': 'no key yet',
  'newer epoch': 'key on its way',
  'older epoch': 'old key',
  idle: 'nothing yet',
};

/** One badge for all that somebody sends: the worst of it. */
function badgeOf(states: readonly SlotState[]): Badge {
  const bad = states.find((state) => state !== 'open' && WAITS[state] === undefined);
  if (bad !== undefined) return { state: bad, words: bad, tone: 'bad' };
  const waits = states.find((state) => state !== 'open');
  if (waits !== undefined) return { state: waits, words: WAITS[waits] ?? waits, tone: 'wait' };
  if (states.length === 0) return { state: 'none', words: 'sends nothing', tone: 'quiet' };
  return { state: 'open', words: 'encrypted', tone: 'good' };
}

/** One person's picture, sound, name and badge. */
class Tile {
  readonly element: HTMLElement;
  readonly #video = el('video', { autoplay: true, playsinline: true, muted: true });
  readonly #audio = el('audio', { autoplay: true });
  readonly #avatar = el('span', { class: 'avatar', 'aria-hidden': 'true' });
  readonly #name = el('span', { class: 'name', 'data-testid': 'tile-name' });
  readonly #badge = el('span', { class: 'badge', 'data-testid': 'badge' });

  constructor(participant: string, own: boolean) {
    this.#video.muted = true;
    this.element = el(
      'figure',
      {
        class: own ? 'tile own' : 'tile',
        'data-testid': own ? 'own-tile' : 'tile',
        'data-participant': participant,
      },
      this.#avatar,
      this.#video,
      own ? null : this.#audio,
      el('figcaption', {}, this.#name, this.#badge),
    );
  }

  /** Shows these tracks; null: none is sent. */
  show(name: string, badge: Badge, video: MediaStreamTrack | null, audio: MediaStreamTrack | null): void {
    text(this.#name, name);
    text(this.#avatar, String.fromCodePoint(name.codePointAt(0) ?? 0x20).toUpperCase());
    text(this.#badge, badge.words);
    this.#badge.dataset['state'] = badge.state;
    this.#badge.dataset['tone'] = badge.tone;
    this.#video.hidden = video === null;
    this.#play(this.#video, video);
    this.#play(this.#audio, audio);
  }

  #play(element: HTMLMediaElement, track: MediaStreamTrack | null): void {
    const shown = (element.srcObject as MediaStream | null)?.getTracks()[0] ?? null;
    if (shown === track) return;
    element.srcObject = track && new MediaStream([track]);
    // Allowed: a click or an open microphone came before. Where it is not, the next click anywhere plays it.
    if (track !== null)
      element.play().catch(() => addEventListener('click', () => void element.play(), { once: true }));
  }
}

/** The tiles of everybody in the call, the own one first. Elements stay while people stay: pictures do not flicker. */
export class Tiles {
  readonly element = el('section', { class: 'tiles', 'aria-label': 'People in the call' });
  readonly #tiles = new Map<string, Tile>();

  show(call: Call): void {
    const { view } = call;
    if (view === null) return;
    const here = view.people.filter(({ standing }) => standing !== 'departed');
    const others = here.filter(({ id }) => id !== view.self);
    const shown = new Set([view.self, ...others.map(({ id }) => id)]);
    for (const [id, tile] of this.#tiles) {
      if (shown.has(id)) continue;
      tile.element.remove();
      this.#tiles.delete(id);
    }
    this.#showOwn(call, view.self);
    for (const person of others) this.#showOther(call, person);
  }

  #tile(id: string, own: boolean): Tile {
    let tile = this.#tiles.get(id);
    if (tile === undefined) {
      tile = new Tile(id, own);
      this.#tiles.set(id, tile);
      if (own) this.element.prepend(tile.element);
      else this.element.append(tile.element);
    }
    return tile;
  }

  #showOwn(call: Call, self: string): void {
    const sends = [call.microphone?.enabled === true, call.camera !== null];
    const states = sends.flatMap((on, slot) =>
      on ? [call.reports.get(`send ${slot}`)?.state ?? 'idle'] : [],
    );
    this.#tile(self, true).show(`${call.nameOf(self)} (you)`, badgeOf(states), call.camera, null);
  }

  #showOther(call: Call, { id, standing }: Person): void {
    const slots = call.slots.filter(({ participant, active }) => participant === id && active);
    const track = (kind: MediaSlot['kind']): MediaStreamTrack | null =>
      slots.find((slot) => slot.kind === kind)?.track ?? null;
    const states = slots.map(({ slot }): SlotState => {
      const report = call.reports.get(`receive ${slot}`);
      // A slot is open for the one whose key opened it, whatever the server says of it.
      return report === undefined || (report.state === 'open' && report.participant !== id)
        ? 'idle'
        : report.state;
    });
    const waits: Badge = { state: 'waiting', words: 'waits to be let in', tone: 'wait' };
    const badge = standing === 'waiting' ? waits : badgeOf(states);
    this.#tile(id, false).show(call.nameOf(id), badge, track('video'), track('audio'));
  }
}
