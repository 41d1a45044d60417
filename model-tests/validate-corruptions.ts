/** Ways to spoil a record: of each kind, some lines of a run and what becomes of them. */
import { parseRecord, printRecord, type RecordLine } from '../src/trace/record.ts';
import type { RecordText } from '../src/checking/validation/index.ts';

export type Corruption = 'author' | 'state' | 'view' | 'label' | 'dropped' | 'doubled' | 'swapped';

/** A spoilt run. */
export interface Corrupted {
  readonly kind: Corruption;
  readonly texts: readonly RecordText[];
  readonly file: string;
  /** The first line that is not as it was, from 1. */
  readonly fileLine: number;
  /** Nothing depends on it: the rest may still be a behaviour. */
  readonly free: boolean;
}

type Edit = (lines: RecordLine[], i: number) => RecordLine[] | null;

const other = (line: RecordLine, lines: readonly RecordLine[], id: string): string =>
  lines.flatMap(({ view }) => view.roster).find((p) => p !== id) ?? `${line.participant}x`;

const VIEW_EDITS: readonly ((view: RecordLine['view']) => RecordLine['view'] | null)[] = [
  (view) => ({ ...view, position: view.position + 1 }),
  (view) => ({ ...view, changedAt: view.changedAt + 1 }),
  (view) => (view.roster.length > 1 ? { ...view, roster: [...view.roster].reverse() } : null),
  (view) =>
    view.roster.length > 0 ? { ...view, departed: view.departed.length > 0 ? [] : view.roster } : null,
  (view) => ({ ...view, waiting: view.waiting.length > 0 ? [] : ['nobody'] }),
  (view) => ({ ...view, refresh: !view.refresh }),
  (view) => ({ ...view, epochs: view.epochs + 1 }),
  (view) => ({ ...view, head: view.head === null ? 'none' : null }),
];

const STATES = [
  'waiting.idle',
  'member.follower.idle',
  'member.designated.idle',
  'outside',
  'dead',
  'evicted',
];

const altered =
  (edit: (line: RecordLine, lines: readonly RecordLine[], i: number) => RecordLine | null): Edit =>
  (lines, i) => {
    const line = edit(lines[i]!, lines, i);
    return line && lines.with(i, line);
  };

const EDITS: Readonly<Record<Corruption, Edit>> = {
  author: altered((line, lines) => {
    const { entry } = line;
    return entry && { ...line, entry: { ...entry, author: other(line, lines, entry.author) } };
  }),
  state: altered((line, _, i) => {
    const states = STATES.filter((state) => state !== line.state);
    return { ...line, state: states[i % states.length]! };
  }),
  view: altered((line, _, i) => {
    const view = VIEW_EDITS[i % VIEW_EDITS.length]!(line.view);
    return view && { ...line, view };
  }),
  label: altered((line, lines, i) => {
    const { authenticator } = line;
    const elsewhere = lines.find((l) => l.authenticator !== null && l.authenticator !== authenticator);
    const fresh = i % 2 === 0 ? 'ffffffff' : (elsewhere?.authenticator ?? 'ffffffff');
    return { ...line, authenticator: i % 3 === 0 && authenticator !== null ? null : fresh };
  }),
  dropped: (lines, i) => lines.toSpliced(i, 1),
  doubled: (lines, i) => lines.toSpliced(i, 0, lines[i]!),
  swapped: (lines, i) => {
    const [first, second] = [lines[i], lines[i + 1]];
    return first && second ? lines.toSpliced(i, 2, second, first) : null;
  },
};

export const CORRUPTIONS = Object.keys(EDITS) as readonly Corruption[];

/**
 * Dropped: the last line of a participant, or what it did before it left; a participant may always do less. A label: the
 * only line that knows this epoch.
 */
function isFree(
  kind: Corruption,
  texts: readonly RecordText[],
  lines: readonly RecordLine[],
  i: number,
): boolean {
  if (kind === 'dropped') return i === lines.length - 1 || lines[i + 1]?.action === 'Leave';
  const label = lines[i]?.authenticator ?? null;
  if (kind !== 'label' || label === null) return false;
  return texts.reduce((sum, { text }) => sum + text.split(label).length - 1, 0) === 1;
}

/** Spoils the run at its `n`-th line that can be spoilt so, counted all through its files and round again. */
export function corrupt(kind: Corruption, texts: readonly RecordText[], n: number): Corrupted {
  const places = texts.flatMap(({ name, text }) => {
    const lines = [...parseRecord(text)];
    return lines.flatMap((_, i) => {
      const edited = EDITS[kind](lines, i);
      return edited === null ? [] : [{ name, i, edited, free: isFree(kind, texts, lines, i) }];
    });
  });
  const place = places[n % places.length];
  if (place === undefined) throw new RangeError(`no line to be ${kind}`);
  const { name, i, edited, free } = place;
  // Numbered anew: that a number is missing must not be what gives it away.
  const text = printRecord(edited.map((line, k) => ({ ...line, line: k + 1 })));
  const fileLine = kind === 'doubled' ? i + 2 : i + 1;
  return {
    kind,
    file: name,
    fileLine,
    free,
    texts: texts.map((it) => (it.name === name ? { name, text } : it)),
  };
}
