/** What was measured, as rows: ours beside one reference each. */
import { row, type Row } from '../row.ts';
import { comparisons, judgedCount, type Judging, type SizeTimes } from './comparisons.ts';
import { MOST_ADDED, addedRange } from './layout.ts';
import { OURS } from './ours.ts';
import { ratioByTurns, type Timed } from './turns.ts';
import { MLS, WASM } from './wasm.ts';

export interface Group {
  readonly heading: string;
  readonly rows: readonly Row[];
}

const number = (value: number): string => value.toLocaleString('en-US');

/**
 * Rows by comparison; one whose contenders were not there is left out. Throws RangeError where not all is judged that limits name: what
 * is missing is within no limit.
 */
export function timeGroups(all: readonly SizeTimes[], judging: Judging): readonly Group[] {
  const groups = comparisons(judging).map(({ heading, ours, reference, most, once }) => {
    const rows = all.flatMap((it): Row[] => {
      const named = (wanted: string): Timed | undefined => it.times.find(({ name }) => name === wanted);
      const [mine, theirs] = [named(ours), named(reference)];
      if (mine === undefined || theirs === undefined || (once && it.inFlight > 1)) return [];
      const limit = most?.(it);
      const together = it.inFlight === 1 ? '' : `, ${it.inFlight} at once`;
      return (['protect', 'open'] as const).flatMap((step) =>
        Object.entries(mine[step]).flatMap(([unit, measured], clock): Row[] => {
          if (once && clock > 0) return [];
          const other = theirs[step][unit];
          if (other === undefined) throw new RangeError(`${theirs.name} was not measured by ${unit}`);
          return [
            row({
              case: `${step} ${number(it.size)} bytes${together}: ${ours} to ${reference}`,
              unit,
              ours: measured.median * 1_000,
              reference: other.median * 1_000,
              ratio: ratioByTurns(measured, other),
              repetitions: [measured.repetitions, other.repetitions],
              ...(limit !== undefined &&
                unit === judging.judgedBy && { limit: { of: 'ratio', most: limit } }),
            }),
          ];
        }),
      );
    });
    return { heading, rows };
  });
  const judged = groups.flatMap(({ rows }) => rows).filter(({ limit }) => limit !== undefined).length;
  const expected = judgedCount(all, judging);
  if (judged === 0 || judged !== expected)
    throw new RangeError(`${judged} ratios are judged where ${expected} should be`);
  return groups.filter(({ rows }) => rows.length > 0);
}

/** Bytes that are added to an audio frame: least and most over all KIDs, beside what the messages of MLS were seen to add. */
export function byteGroup(messageAdds: number | null): Group {
  const { least, most, seen } = addedRange();
  const bytes = (name: string, ours: number): Row =>
    row({
      case: name,
      unit: 'bytes',
      ours,
      reference: messageAdds,
      repetitions: [seen, messageAdds === null ? 0 : 1],
      limit: { of: 'ours', most: MOST_ADDED },
    });
  return {
    heading: `Bytes added to an audio frame, over all KIDs and a day's counters, beside an MLS message; at most ${MOST_ADDED}`,
    rows: [bytes('added to an audio frame, least', least), bytes('added to an audio frame, most', most)],
  };
}

/** What ours is, at the most, beside one MLS message a frame: by WebCrypto, and as it would be with AES-GCM in wasm. */
export interface Bound {
  readonly frame: string;
  readonly byWebCrypto: number | null;
  readonly byWasm: number | null;
}

/** Of the wall clock, for each size and step, alone in flight. Empty without the wasm. */
export function boundsBesideMls(groups: readonly Group[]): readonly Bound[] {
  const rows = groups.flatMap((it) => it.rows).filter(({ unit }) => unit === 'µs');
  const ratio = (frame: string, by: string): number | null =>
    rows.find((it) => it.case === `${frame}: ${by} to ${MLS}`)?.ratio ?? null;
  const frames = rows.flatMap(({ case: name }) =>
    name.endsWith(`: ${WASM} to ${MLS}`) ? [name.slice(0, name.indexOf(':'))] : [],
  );
  return frames.map((frame) => ({ frame, byWebCrypto: ratio(frame, OURS), byWasm: ratio(frame, WASM) }));
}
