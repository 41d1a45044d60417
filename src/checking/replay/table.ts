import { digitsOf, type Replay, type ReplayRow } from './replay.ts';
import type { Sight } from './world.ts';

/** Short names of state nodes, so that a row fits. */
const short = (state: string): string =>
  state.replace('designated', 'DC').replace('follower.', '').replace('.idle', '');

const cell = (sight: Sight): string => {
  const { state, position, epoch } = sight;
  if (state === 'outside') return '';
  const where = position === 0 ? '' : `@${position}`;
  return epoch === null ? `${short(state)}${where}` : `${short(state)}${where} e${epoch} ${digitsOf(sight)}`;
};

const note = ({ skipped, split, refused, difference }: ReplayRow): string =>
  [
    ...(skipped ? ['skipped: not possible with the rules on'] : []),
    ...(split === null ? [] : [`<== ${split.join(' and ')} SPLIT`]),
    ...(refused === null ? [] : [`<== ${refused} cannot follow`]),
    ...(difference === null ? [] : ['<== DIFFERS']),
  ].join(' ');

/** A replay as a table: a row a step, a column a participant with its state, position, epoch and authenticator. */
export function printReplay(replay: Replay): string {
  const names = replay.rows[0]?.sights.map(({ name }) => name) ?? [];
  const rows = [
    ['#', 'action', 'log', ...names, ''],
    ...replay.rows.map((row) => [
      String(row.step),
      `${row.action}(${row.participant})`,
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
  const where = replay.step === null ? '' : ` at step ${replay.step}`;
  return [...lines, `${replay.verdict}${where}: ${replay.reason}`].join('\n');
}
