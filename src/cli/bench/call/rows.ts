/** Runs of calls as rows: medians of each arm, production beside each of the others. */
import { median } from '../../../checking/bench/measure.ts';
import type { Group } from '../../../checking/bench/media/rows.ts';
import { row, type Row } from '../../../checking/bench/row.ts';
import { ARMS } from './arms.ts';

/** What one call took. Cores: seconds of processor a second. */
export interface CallRun {
  readonly arm: string;
  /** Cores by kind of the browser's processes. */
  readonly processes: ReadonlyMap<string, number>;
  /** Cores of the delivery service and forwarding server. */
  readonly service: number;
  /** Video frames a second, over all people. */
  readonly sent: number;
  readonly decoded: number;
  /** Bytes of an RTP packet's payload of the microphones. */
  readonly audioPacket: number;
}

const cores = ({ processes }: CallRun): number => [...processes.values()].reduce((sum, it) => sum + it, 0);

const FIGURES: readonly (readonly [name: string, unit: string, of: (run: CallRun) => number])[] = [
  ['browser', 'cores', cores],
  ['its renderers, the workers in them', 'cores', ({ processes }) => processes.get('renderer') ?? 0],
  ['delivery service and forwarding server', 'cores', ({ service }) => service],
  ['browser, a thousand video frames decoded', 's of processor', (run) => (1_000 * cores(run)) / run.decoded],
  ['video frames sent', 'a second', ({ sent }) => sent],
  ['video frames decoded', 'a second', ({ decoded }) => decoded],
  ['payload of an audio packet', 'bytes', ({ audioPacket }) => audioPacket],
];

/** Bytes of an audio frame that encryption adds at the least: config byte and tag. */
const LEAST_ADDED = 17;

/**
 * Throws where an arm has no run, nothing was decoded, or the arms are not what they say: that frames are longer is the only thing that
 * shows from outside that they are encrypted.
 */
export function callGroup(runs: readonly CallRun[]): Group {
  const [production, ...others] = ARMS;
  const of = (arm: string): readonly CallRun[] => runs.filter((run) => run.arm === arm);
  for (const run of runs)
    if (!(run.decoded > 0 && run.sent > 0)) throw new RangeError(`${run.arm}: no frames in the call`);
  const rows = others.flatMap(({ name: other }) =>
    FIGURES.map(([name, unit, figure]): Row => {
      const [ours, theirs] = [of(production.name).map(figure), of(other).map(figure)];
      return row({
        case: `call of four, ${name}: ${production.name} to ${other}`,
        unit,
        ours: median(ours),
        reference: median(theirs),
        repetitions: [ours.length, theirs.length],
      });
    }),
  );
  for (const { case: name, unit, ours, reference } of rows)
    if (unit === 'bytes' && ours - (reference ?? 0) < LEAST_ADDED - 2)
      throw new RangeError(
        `${name}: ${ours} bytes beside ${String(reference)}, so something is not encrypted, or is`,
      );
  return { heading: 'A call of four in a browser: processor by the operating system', rows };
}
