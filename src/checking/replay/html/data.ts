import type { Opening, OpeningTable } from '../openings.ts';
import { digitsOf, type Replay, type ReplayRow } from '../result.ts';
import type { Sight } from '../sight.ts';
import { notesOf, shortState, type NoteKind } from '../table.ts';
import { sentenceOf } from './sentence.ts';

/** A participant at a moment, as the page shows it. */
export interface ShownSight {
  readonly state: string;
  /** The log that it reads, from 0. */
  readonly log: number;
  readonly position: number;
  /** Null without a group. */
  readonly group: { readonly epoch: string; readonly digits: string; readonly colour: number } | null;
  readonly draft: string | null;
  readonly outbox: readonly string[];
  /** It takes itself for the designated committer. */
  readonly designated: boolean;
  /** It has ended, or not begun. */
  readonly away: boolean;
}

/** A moment: the start, or what is after a step. Participants and openings by their numbers. */
export interface ShownStep {
  readonly step: number;
  readonly action: string;
  readonly who: number;
  readonly sentence: string;
  /** Length of each log. */
  readonly lengths: readonly number[];
  readonly sights: readonly number[];
  readonly openings: number;
  /** Who takes itself for a member and has read that it was removed. */
  readonly removed: readonly number[];
  readonly notes: readonly { readonly kind: NoteKind; readonly text: string }[];
}

/** All that the page shows. */
export interface PageData {
  readonly names: readonly string[];
  /** One, or two where the service shows two. */
  readonly logs: readonly (readonly string[])[];
  readonly sights: readonly ShownSight[];
  /** A word a sender, a letter a receiver: see `LETTERS`; empty for a sender without a group. */
  readonly openings: readonly (readonly string[])[];
  readonly steps: readonly ShownStep[];
}

/** How many colours epochs have before they come again. */
export const COLOURS = 12;

const LETTERS: Readonly<Record<Opening, string>> = { opens: 'o', kept: 'k', shut: 's', keyless: 'n' };

/** What a replay shows, each thing that does not change once. */
export function pageData({ rows, before, log, otherLog }: Replay): PageData {
  const logs = otherLog === null ? [log] : [log, otherLog];
  const names = before.map(({ name }) => name);
  const colours = new Map<string, number>();
  const sights = new Table<Sight, ShownSight>((sight) => shownSight(sight, colours));
  const openings = new Table<OpeningTable, readonly string[]>((table) => words(table, names));
  const start: ShownStep = {
    step: 0,
    action: '',
    who: -1,
    sentence: 'before the first step',
    lengths: logs.map((_, i) =>
      Math.max(0, ...before.filter(({ side }) => side === i + 1).map(({ position }) => position)),
    ),
    removed: [],
    sights: before.map((sight) => sights.number(sight)),
    openings: openings.number(new Map()),
    notes: [],
  };
  const steps = rows.map((row): ShownStep => {
    return {
      step: row.step,
      action: row.participant === '' ? row.action : `${row.action}(${row.participant})`,
      who: names.indexOf(row.participant),
      sentence: sentence(row),
      lengths: row.otherLength === null ? [row.length] : [row.length, row.otherLength],
      sights: row.sights.map((sight) => sights.number(sight)),
      openings: openings.number(row.openings),
      removed: row.removed.map((name) => names.indexOf(name)),
      notes: notesOf(row),
    };
  });
  return {
    names,
    logs,
    sights: sights.shown,
    openings: openings.shown,
    steps: [start, ...steps],
  };
}

function sentence(row: ReplayRow): string {
  const sight = row.sights.find(({ name }) => name === row.participant);
  return sentenceOf(row, row.entry, sight?.draft ?? '');
}

function shownSight(sight: Sight, colours: Map<string, number>): ShownSight {
  const { state, position, epoch, authenticator, draft, outbox, believes } = sight;
  const log = sight.side - 1;
  const away = /^(outside|left|evicted|dead|crashed)$/.test(state);
  if (authenticator === null || epoch === null)
    return {
      state: shortState(state),
      log,
      position,
      group: null,
      draft,
      outbox,
      designated: believes,
      away,
    };
  const colour = colours.get(authenticator) ?? colours.size % COLOURS;
  colours.set(authenticator, colour);
  const group = { epoch: String(epoch), digits: digitsOf(sight), colour };
  return { state: shortState(state), log, position, group, draft, outbox, designated: believes, away };
}

const words = (table: OpeningTable, names: readonly string[]): readonly string[] =>
  names.map((sender) => {
    const row = table.get(sender);
    if (row === undefined) return '';
    return names.map((receiver) => LETTERS[row.get(receiver) ?? 'keyless']).join('');
  });

/** Things by number, each once. */
class Table<Key extends object, Shown> {
  readonly shown: Shown[] = [];
  readonly #show: (key: Key) => Shown;
  readonly #numbers = new Map<Key, number>();

  constructor(show: (key: Key) => Shown) {
    this.#show = show;
  }

  number(key: Key): number {
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.shown.push(this.#show(key)) - 1;
    this.#numbers.set(key, number);
    return number;
  }
}
