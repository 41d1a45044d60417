import { digitsOf, type Replay, type ReplayRow, type Totals } from './result.ts';
import type { LogFault } from './logView.ts';
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
  const { skipped, split, refused, leak, ghost, expelled, mixed, faults } = row;
  const { disputed, stuck, seesSplit, difference, readsOn } = row;
  return [
    ...(difference === null ? [] : [{ kind: 'differs' as const, text: 'DIFFERS' }]),
    ...(split === null ? [] : [{ kind: 'split' as const, text: `${split.join(' and ')} SPLIT` }]),
    ...(refused === null ? [] : [{ kind: 'refused' as const, text: `${refused} cannot follow` }]),
    ...(leak === null
      ? []
      : [{ kind: 'leak' as const, text: `open: ${leak[0]} (removed) still opens ${leak[1]}` }]),
    ...(ghost === null ? [] : [{ kind: 'ghost' as const, text: `ghost: ${ghost[0]} opens ${ghost[1]}` }]),
    ...(expelled === null
      ? []
      : [{ kind: 'expelled' as const, text: `${expelled} thrown out, and had not left` }]),
    ...(mixed === null
      ? []
      : [{ kind: 'unwitnessed' as const, text: `${mixed.join(' and ')}: one epoch, two logs` }]),
    ...faults.map(({ kind, text }) => ({ kind, text })),
    ...(disputed === null
      ? []
      : [{ kind: 'disputed' as const, text: `designated: ${disputed.join(' and ') || 'nobody'}` }]),
    ...(stuck === null ? [] : [{ kind: 'stuck' as const, text: `${stuck.join(' and ')} STUCK` }]),
    ...(seesSplit === null
      ? []
      : [{ kind: 'sees-split' as const, text: `${seesSplit} sees that the log is split` }]),
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
  | ('differs' | 'split' | 'refused' | 'leak' | 'ghost' | 'expelled' | LogFault['kind'])
  | ('disputed' | 'stuck' | 'sees-split' | 'skipped' | 'reads-on');
const QUIET: readonly NoteKind[] = ['skipped', 'reads-on', 'sees-split'];

const note = (row: ReplayRow): string =>
  notesOf(row)
    .map(({ kind, text }) => (QUIET.includes(kind) ? text : `<== ${text}`))
    .join(' ');

/** How long the log is, or each of two. */
export const lengthsOf = ({ length, otherLength }: Pick<ReplayRow, 'length' | 'otherLength'>): string =>
  otherLength === null ? String(length) : `${length}|${otherLength}`;

/** A replay as a table: a row a step, a column a participant with its state, position, epoch and authenticator. */
export function printReplay(replay: Replay): string {
  const names = replay.before.map(({ name }) => name);
  const rows = [
    ['#', 'action', 'log', ...names, ''],
    ...replay.rows.map((row) => [
      String(row.step),
      row.participant === '' ? row.action : `${row.action}(${row.participant})`,
      lengthsOf(row),
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
  const { opened, refused, erased, insider, keyless } = openings;
  return (
    `${steps} steps, ${pairs} pairs of groups compared, ${openings.pairs} ordered pairs for frames: ` +
    `${opened} opened by members of the epoch, ${refused} refused to keys of another epoch, ` +
    `${erased} that erased keys would open, ` +
    (insider === 0 ? '' : `${insider} opened by dishonest members with keys that they kept, `) +
    `${keyless} with no key to try`
  );
}
