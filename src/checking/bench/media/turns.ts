/**
 * Contenders that take turns: what slows the machine down for a second slows all of them down. Turns are short, and so are the batches
 * in them: frames live as shortly as they do in a call, and whoever else wants the processor gets it between most of them. Medians over
 * the batches; ratios over turns that followed each other.
 */
import { median, type Measured } from '../measure.ts';
import { sameBytes, type Contender, type Frame } from './contender.ts';

/** Clocks by their unit, each in milliseconds. */
export type Clocks = Readonly<Record<string, () => number>>;

export interface TurnsOptions {
  readonly turns: number;
  /** Milliseconds of one turn, at least. */
  readonly turn: number;
  /** Turns of each contender before the first that counts: compilers take a while. */
  readonly warmUp: number;
  /** How many frames are begun before the first is waited for: 1, or as many as there are streams in a worker. */
  readonly inFlight: number;
  readonly clocks: Clocks;
}

/** Milliseconds a frame. */
export interface Times extends Measured {
  /** The medians of the turns, in their order. */
  readonly turns: readonly number[];
}

/** By the unit of the clock. */
type ByUnit = Readonly<Record<string, Times>>;

export interface Timed {
  readonly name: string;
  /** Bytes that it adds to a frame: the most that were seen. */
  readonly added: number;
  readonly protect: ByUnit;
  readonly open: ByUnit;
}

/** Bytes of a batch, and how many frames it has: enough for a clock that a browser has made coarse. */
const BATCH_BYTES = 200_000;
const FEWEST = 16;
const MOST = 64;

const batchOf = ({ plaintext }: Frame): number =>
  Math.max(FEWEST, Math.min(MOST, Math.floor(BATCH_BYTES / plaintext.length)));

/** Runs `step` for each frame of a batch, so many at a time. */
async function inBatch<T>(
  count: number,
  inFlight: number,
  step: (at: number) => T | Promise<T>,
): Promise<T[]> {
  const results: T[] = [];
  if (inFlight === 1) {
    for (let at = 0; at < count; at += 1) {
      const result = step(at);
      results.push(result instanceof Promise ? await result : result);
    }
    return results;
  }
  for (let at = 0; at < count; at += inFlight) {
    const begun = Array.from({ length: Math.min(inFlight, count - at) }, (_, i) => step(at + i));
    results.push(...(await Promise.all(begun)));
  }
  return results;
}

/** What one contender has taken: for each clock and turn, milliseconds a frame of each batch. */
interface Tally {
  readonly contender: Contender;
  readonly protect: number[][][];
  readonly open: number[][][];
  frames: number;
  added: number;
}

/** Throws where a frame does not come out as it went in. */
async function takeTurn(it: Tally, frame: Frame, { inFlight, clocks, turn }: TurnsOptions): Promise<void> {
  const { contender } = it;
  const read = Object.values(clocks);
  const count = batchOf(frame);
  const protect = (): unknown => contender.protect(frame);
  const turnOf = (clocks: number[][][], clock: number): number[] => {
    const batches: number[] = [];
    (clocks[clock] ??= []).push(batches);
    return batches;
  };
  const [protecting, opening] = [it.protect, it.open].map((clocks) => read.map((_, i) => turnOf(clocks, i)));
  const ends = performance.now() + turn;
  do {
    const started = read.map((clock) => clock());
    const done = await inBatch(count, inFlight, protect);
    const between = read.map((clock) => clock());
    const opened = await inBatch(count, inFlight, (at) => contender.open(done[at], frame));
    read.forEach((clock, i) => {
      opening![i]!.push((clock() - between[i]!) / count);
      protecting![i]!.push((between[i]! - started[i]!) / count);
    });
    if (!opened.every((out) => sameBytes(contender.plain(out), frame.plaintext)))
      throw new Error(`${contender.name}: a frame did not come out as it went in`);
    it.added = Math.max(it.added, ...done.map((out) => contender.added(out, frame)));
    it.frames += count;
  } while (performance.now() < ends);
}

const tallyOf = (contender: Contender): Tally => ({ contender, protect: [], open: [], frames: 0, added: 0 });

export async function inTurns(
  contenders: readonly Contender[],
  frame: Frame,
  options: TurnsOptions,
): Promise<readonly Timed[]> {
  for (const contender of contenders)
    for (let i = 0; i < options.warmUp; i += 1) await takeTurn(tallyOf(contender), frame, options);
  const tallies = contenders.map(tallyOf);
  for (let i = 0; i < options.turns; i += 1)
    for (const tally of tallies) await takeTurn(tally, frame, options);
  const units = Object.keys(options.clocks);
  return tallies.map(({ contender, protect, open, frames, added }) => {
    const byUnit = (times: readonly number[][][]): ByUnit =>
      Object.fromEntries(
        units.map((unit, i) => {
          const turns = times[i] ?? [];
          return [unit, { median: median(turns.flat()), repetitions: frames, turns: turns.map(median) }];
        }),
      );
    return { name: contender.name, added, protect: byUnit(protect), open: byUnit(open) };
  });
}

/** Of the medians of turns that followed each other, the one in the middle. */
export const ratioByTurns = (ours: Times, reference: Times): number =>
  median(ours.turns.map((time, i) => time / (reference.turns[i] ?? Number.NaN)));
