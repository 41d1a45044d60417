/** Ways to spoil a record: one line of a run that is no longer as it was, is missing, comes twice or too late. */
import type { RecordText } from '../../src/checking/validation/index.ts';
import { parseRecord, printRecord, type RecordLine } from '../../src/trace/record.ts';

export type Corruption =
  'author' | 'entry' | 'state' | 'draft' | 'view' | 'label' | 'dropped' | 'doubled' | 'swapped';

/** A spoilt run. */
export interface Corrupted {
  readonly kind: Corruption;
  readonly texts: readonly RecordText[];
  readonly file: string;
  /** The first line that is not as it was, from 1. */
  readonly fileLine: number;
}

type View = RecordLine['view'];

const VIEW_EDITS: readonly ((view: View) => View | null)[] = [
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
  ...['outside', 'waiting.idle', 'waiting.founding', 'waiting.claiming'],
  ...['member.follower.idle', 'member.follower.claiming', 'member.designated.idle'],
  ...['member.designated.committing', 'member.designated.handingOver', 'left', 'evicted', 'dead'],
];

/** What becomes of a line; null where it cannot be spoilt so, or would be as it was. */
type Edit = (line: RecordLine, run: readonly RecordLine[]) => RecordLine | null;

const setAuthor =
  (pick: (line: RecordLine, run: readonly RecordLine[]) => string | undefined): Edit =>
  (line, run) => {
    const { entry } = line;
    const author = pick(line, run);
    // Whose an entry is that does not verify, nobody knows.
    if (entry === null || entry.kind === 'void' || author === undefined || author === entry.author)
      return null;
    return { ...line, entry: { ...entry, author } };
  };

type Entry = NonNullable<RecordLine['entry']>;
type Commit = Extract<Entry, { kind: 'commit' }>;

const setEntry =
  (edit: (entry: Entry) => Entry | null): Edit =>
  (line) => {
    const entry = line.entry && edit(line.entry);
    return entry && { ...line, entry };
  };
const setCommit = (edit: (entry: Commit) => Commit): Edit =>
  setEntry((entry) => (entry.kind === 'commit' ? edit(entry) : null));

const DRAFTS = ['found', 'commit', 'handover', 'claim'] as const;

const setLabel =
  (pick: (line: RecordLine, run: readonly RecordLine[]) => string | null | undefined): Edit =>
  (line, run) => {
    const authenticator = pick(line, run);
    return authenticator === undefined || authenticator === line.authenticator
      ? null
      : { ...line, authenticator };
  };

/** Each way to alter a line. */
const ALTERED: Readonly<Record<'author' | 'entry' | 'state' | 'draft' | 'view' | 'label', readonly Edit[]>> =
  {
    author: [
      setAuthor(() => 'nobody'),
      setAuthor(({ participant }) => participant),
      setAuthor(({ entry }, run) => run.find((l) => l.participant !== entry?.author)?.participant),
    ],
    entry: [
      setEntry(({ kind, author }) => (kind === 'join' ? { kind: 'leave', author } : null)),
      setEntry(({ kind, author }) => (kind === 'leave' ? { kind: 'join', author } : null)),
      setEntry((entry) => ('at' in entry ? { ...entry, at: entry.at + 1 } : null)),
      setEntry((entry) => (entry.kind === 'claim' ? { ...entry, accused: entry.author } : null)),
      setEntry((entry) => (entry.kind === 'found' ? { ...entry, id: 'another' } : null)),
      setCommit((entry) => ({ ...entry, parent: entry.id })),
      setCommit((entry) => ({ ...entry, adds: entry.adds.length > 0 ? [] : [entry.author] })),
      setCommit((entry) => ({ ...entry, removes: entry.removes.length > 0 ? [] : [entry.author] })),
    ],
    state: STATES.map((state) => (line) => (line.state === state ? null : { ...line, state })),
    draft: [
      ({ pending, ...line }) => pending && { ...line, pending: null },
      ({ pending, ...line }) => pending && { ...line, pending: { ...pending, at: pending.at + 1 } },
      ...DRAFTS.map(
        (kind): Edit =>
          ({ pending, ...line }) =>
            pending?.kind === kind ? null : { ...line, pending: { kind, at: pending?.at ?? 0 } },
      ),
    ],
    view: VIEW_EDITS.map((edit) => (line) => {
      const view = edit(line.view);
      return view && { ...line, view };
    }),
    label: [
      setLabel(() => 'ffffffff'),
      setLabel(() => null),
      setLabel(({ authenticator }, run) => {
        const other = run.find((l) => l.authenticator !== null && l.authenticator !== authenticator);
        return other?.authenticator;
      }),
    ],
  };

/** All that becomes of a file whose line `i` is spoilt so. */
function spoilt(
  kind: Corruption,
  lines: readonly RecordLine[],
  i: number,
  run: readonly RecordLine[],
): readonly (() => RecordLine[])[] {
  const line = lines[i]!;
  const next = lines[i + 1];
  switch (kind) {
    case 'dropped':
      return [() => lines.toSpliced(i, 1)];
    case 'doubled':
      return [() => lines.toSpliced(i, 0, line)];
    case 'swapped':
      return next === undefined ? [] : [() => lines.toSpliced(i, 2, next, line)];
    default:
      return ALTERED[kind].flatMap((edit) => {
        const edited = edit(line, run);
        return edited === null ? [] : [() => lines.with(i, edited)];
      });
  }
}

export const CORRUPTIONS = [
  ...['author', 'entry', 'state', 'draft', 'view', 'label', 'dropped', 'doubled', 'swapped'],
] as readonly Corruption[];

/** So many different ways to spoil one of the runs, by chance. @throws RangeError where there are fewer. */
export function corruptions(
  kind: Corruption,
  runs: readonly (readonly RecordText[])[],
  count: number,
  random: (below: number) => number,
): Corrupted[] {
  const all = runs.flatMap((texts) => {
    const files = texts.map(({ name, text }) => ({ name, lines: parseRecord(text) }));
    const run = files.flatMap(({ lines }) => lines);
    return files.flatMap(({ name, lines }) =>
      lines.flatMap((_, i) => spoilt(kind, lines, i, run).map((make) => ({ texts, name, i, make }))),
    );
  });
  if (all.length < count) throw new RangeError(`${all.length} ways of ${kind}, fewer than ${count}`);
  return Array.from({ length: count }, () => {
    const [{ texts, name, i, make }] = all.splice(random(all.length), 1) as [(typeof all)[number]];
    // Numbered anew: that a number is missing must not be what gives it away.
    const text = printRecord(make().map((line, k) => ({ ...line, line: k + 1 })));
    const fileLine = kind === 'doubled' ? i + 2 : i + 1;
    const spoiltTexts = texts.map((it) => (it.name === name ? { name, text } : it));
    return { kind, file: name, fileLine, texts: spoiltTexts };
  });
}
