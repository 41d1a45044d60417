import type { MediaSlot } from '../../../src/media/connection/MediaConnection.ts';
import { senderReport, type SlotReport, worstOf } from '../../../src/media/transform/index.ts';
import type { Call } from '../Call.ts';
import type { Person } from '../messages.ts';
import type { Sender } from '../trust/callBadge.ts';
import { el, text } from './dom.ts';
import { enlarge } from './enlarge.ts';
import { countersText, textOf, type TileState } from './states.ts';
import { tileGrid } from './tileGrid.ts';

/** CSS pixels between two tiles. */
const GAP = 10;

/** What somebody sends, as a tile shows it. */
interface Shown {
  readonly name: string;
  readonly state: TileState;
  /** Frames by what became of them, in words. */
  readonly counters: string;
  /** Null: none is sent. */
  readonly video: MediaStreamTrack | null;
  readonly audio: MediaStreamTrack | null;
  /** As in a mirror: what people expect of their own camera, and of nothing else. */
  readonly mirrored: boolean;
}

/** State and counters of one sender over the slots that it sends in; a slot without a report has had nothing yet. */
function stateOf(
  participant: string | null,
  reports: readonly (SlotReport | undefined)[],
  browserSupported: boolean,
): Pick<Shown, 'state' | 'counters'> {
  const known = reports.filter((report) => report !== undefined);
  const { state, counters } = senderReport(participant, known, browserSupported);
  const missing = known.length < reports.length ? (['idle'] as const) : [];
  const sends = reports.length > 0 || !browserSupported;
  return { state: sends ? worstOf([state, ...missing]) : 'none', counters: countersText(counters) };
}

/** One person's picture, sound, name and badge. */
class Tile {
  readonly element: HTMLElement;
  readonly #video = el('video', { autoplay: true, playsinline: true, muted: true });
  readonly #audio = el('audio', { autoplay: true });
  readonly #avatar = el('span', { class: 'avatar', 'aria-hidden': 'true' });
  readonly #name = el('span', { class: 'name', 'data-testid': 'tile-name' });
  readonly #badge = el('button', { class: 'badge', type: 'button', 'data-testid': 'badge' });
  readonly #meaning = el('span', { 'data-testid': 'meaning' });
  readonly #counters = el('span', { class: 'counters', 'data-testid': 'counters' });
  readonly #explanation = el(
    'p',
    { class: 'explanation', 'data-testid': 'explanation' },
    this.#meaning,
    ' ',
    this.#counters,
  );
  readonly #enlarge = enlarge(() => this.element);
  readonly #own: boolean;
  /** What it shows, for the badge of the whole call; null before the first time. */
  sender: Sender | null = null;
  /** What the user said with a click on the badge; null: whatever is not well explains itself. */
  #explains: boolean | null = null;

  constructor(participant: string, own: boolean) {
    this.#own = own;
    this.#video.muted = true;
    this.#badge.addEventListener('click', () => {
      this.#explains = this.#explanation.hidden !== false;
      this.#explain(this.#explains);
    });
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
      this.#enlarge.element,
      this.#explanation,
      el('figcaption', {}, this.#name, this.#badge),
    );
  }

  show({ name, state, counters, video, audio, mirrored }: Shown): void {
    const { words, tone, meaning } = textOf(state, name, this.#own);
    this.sender = { name, own: this.#own, state };
    text(this.#name, this.#own ? `${name} (you)` : name);
    text(this.#avatar, String.fromCodePoint(name.codePointAt(0) ?? 0x20).toUpperCase());
    if (this.#badge.dataset['state'] !== state) this.#explains = null;
    text(this.#badge, words);
    this.#badge.dataset['state'] = state;
    this.#badge.dataset['tone'] = tone;
    this.element.dataset['tone'] = tone;
    text(this.#meaning, meaning);
    text(this.#counters, `Frames: ${counters}.`);
    this.#explain(this.#explains ?? (tone === 'wait' || tone === 'bad'));
    this.#video.hidden = video === null;
    this.#video.classList.toggle('mirrored', mirrored);
    this.#enlarge.show(video === null ? null : name);
    this.#play(this.#video, video);
    this.#play(this.#audio, audio);
  }

  #explain(on: boolean): void {
    this.#explanation.hidden = !on;
    this.#badge.setAttribute('aria-expanded', String(on));
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
  /** What the tiles show now, of each. */
  get senders(): Sender[] {
    return [...this.#tiles.values()].flatMap(({ sender }) => sender ?? []);
  }

  readonly #rows = el('div', { class: 'rows' });
  readonly element = el('section', { class: 'tiles', 'aria-label': 'People in the call' }, this.#rows);
  readonly #tiles = new Map<string, Tile>();
  #room = { width: 0, height: 0 };

  constructor() {
    new ResizeObserver(([entry]) => {
      if (entry !== undefined) this.#room = entry.contentRect;
      this.#layOut();
    }).observe(this.element);
  }

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
    this.#layOut();
  }

  /** As large as they fit. The style sheet places them by these properties. */
  #layOut(): void {
    const { width, height } = this.#room;
    const grid = tileGrid(Math.max(1, this.#tiles.size), width, height, GAP);
    const { style } = this.#rows;
    style.setProperty('--gap', `${GAP}px`);
    style.setProperty('--columns', String(grid.columns));
    style.setProperty('--tile-width', `${grid.width}px`);
    style.setProperty('--tile-height', `${grid.height}px`);
  }

  #tile(id: string, own: boolean): Tile {
    let tile = this.#tiles.get(id);
    if (tile === undefined) {
      tile = new Tile(id, own);
      this.#tiles.set(id, tile);
      if (own) this.#rows.prepend(tile.element);
      else this.#rows.append(tile.element);
    }
    return tile;
  }

  #showOwn(call: Call, self: string): void {
    const { video } = call;
    const sends = [call.microphone?.enabled === true, video.track !== null];
    const reports = sends.flatMap((on, slot) => (on ? [call.reports.get(`send ${slot}`)] : []));
    const state = stateOf(null, reports, call.browserSupported);
    const tracks = { video: video.track, audio: null, mirrored: video.screen === null };
    this.#tile(self, true).show({ ...state, ...tracks, name: call.nameOf(self) });
  }

  #showOther(call: Call, { id, standing }: Person): void {
    const slots = call.slots.filter(({ participant, active }) => participant === id && active);
    const track = (kind: MediaSlot['kind']): MediaStreamTrack | null =>
      slots.find((slot) => slot.kind === kind)?.track ?? null;
    const reports = slots.map(({ slot }) => {
      const report = call.reports.get(`receive ${slot}`);
      // What is known of whom the slot had before says nothing of this one.
      return report?.expected === id ? report : undefined;
    });
    const sends = stateOf(id, reports, call.browserSupported);
    const state = standing === 'waiting' ? { ...sends, state: 'waiting' as const } : sends;
    const tracks = { video: track('video'), audio: track('audio'), mirrored: false };
    this.#tile(id, false).show({ ...state, ...tracks, name: call.nameOf(id) });
  }
}
