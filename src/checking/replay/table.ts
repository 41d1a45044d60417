import { digitsOf, type Replay, type ReplayRow, type Totals } from './result.ts';
import type { Sight } from './sight.ts';

/** Short names of state nodes, so that a row fits. */
export const shortState = (state: string): string =>
  state.replace('designated', 'DC').replace('follower.', '').replace('.idle', '');

const cell = (sight: Sight): string => {
  const { state, position, epoch } = sight;
  if (state === 'outside') return '';
  const where = position === 0 ? '' : `@${position}`;
  return epoch === null
    ? `${shortState(state)}${where}`
    : `${shortState(state)}${where} e${epoch} ${digitsOf(sight)}`;
};

/** What there is to say of a step, the damage first. */
export function notesOf(row: ReplayRow): readonly { readonly kind: NoteKind; readonly text: string }[] {
  const { skipped, split, refused, leak, disputed, stuck, difference, readsOn } = row;
  return [
    ...(difference === null ? [] : [{ kind: 'differs' as const, text: 'DIFFERS' }]),
    ...(split === null ? [] : [{ kind: 'split' as const, text: `${split.join(' and ')} SPLIT` }]),
    ...(refused === null ? [] : [{ kind: 'refused' as const, text: `${refused} cannot follow` }]),
    ...(leak === null
      ? []
      : [{ kind: 'leak' as const, text: `open: ${leak[0]} (removed) still opens ${leak[1]}` }]),
    ...(disputed === null
      ? []
      : [{ kind: 'disputed' as const, text: `designated: ${disputed.join(' and ') || 'nobody'}` }]),
    ...(stuck === null ? [] : [{ kind: 'stuck' as const, text: `${stuck.join(' and ')} STUCK` }]),
    ...(skipped ? [{ kind: 'skipped' as const, text: 'skipped: not possible with the rules on' }] : []),
    ...readsOn
      .filter(([who, whom]) => leak?.[0] !== who || leak[1] !== whom)
      .map(([who, whom]) => ({
        kind: 'reads-on' as const,
        text: `${who} (removed) could open ${whom} until ${whom} reads it`,
      })),
  ];
}

export type NoteKind =
  'differs' | 'split' | 'refused' | 'leak' | 'disputed' | 'stuck' | 'skipped' | 'reads-on';
const QUIET: readonly NoteKind[] = ['skipped', 'reads-on'];

const note = (row: ReplayRow): string =>
  notesOf(row)
    .map(({ kind, text }) => (QUIET.includes(kind) ? text : `<== ${text}`))
    .join(' ');

/** A replay as a table: a row a step, a column a participant with its state, position, epoch and authenticator. */
export function printReplay(replay: Replay): string {
  const names = replay.before.map(({ name }) => name);
  const rows = [
    ['#', 'action', 'log', ...names, ''],
    ...replay.rows.map((row) => [
      String(row.step),
      row.participant === '' ? row.action : `${row.action}(${row.participant})`,
      String(row.length),
      ...row.sights.map(cell),
      note(row),
    ]),
  ];
  const widths = names
    .concat('', '', '')
    .map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((text, i) => text.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [...lines, printVerdict(replay)].join('\n');
}

/** The verdict in one line. */
export function printVerdict({ verdict, step, reason }: Replay): string {
  return `${verdict}${step === null ? '' : ` at step ${step}`}: ${reason}`;
}

/** How much was looked at, in one line. */
export function printCounts({ steps, pairs, openings }: Totals): string {
  const { opened, refused, erased, keyless } = openings;
  return (
    `${steps} steps, ${pairs} pairs of groups compared, ${openings.pairs} ordered pairs for frames: ` +
    `${opened} opened by members of the epoch, ${refused} refused to keys of another epoch, ` +
    `${erased} that erased keys would open, ${keyless} with no key to try`
  );
}
