/**
 * `npm run bench -- media`: what protecting and opening a frame costs, beside references in the same run. Runs in Node and in a worker
 * of a browser: whatever only one of them has is handed in.
 */
import type { Judging, SizeTimes } from './comparisons.ts';
import { SIZES, frameOf, type Contender } from './contender.ts';
import { createOurs } from './ours.ts';
import { copying, createFramedAesGcm, createRawAesGcm } from './references.ts';
import { byteGroup, timeGroups, type Group } from './rows.ts';
import { inTurns, type Clocks, type TurnsOptions } from './turns.ts';
import { createMlsMessages, createWasmSFrame, type BenchWasm } from './wasm.ts';

export interface MediaBenchOptions extends Omit<Judging, 'mls'> {
  /** Null where it could not be built: then there are no rows of it. */
  readonly wasm: BenchWasm | null;
  /** Another implementation of MLS messages, asked where there is no wasm. */
  readonly otherMls: Contender | null;
  readonly clocks: Clocks;
  readonly onStep: (text: string) => void;
  readonly effort?: Effort;
}

type Effort = Pick<TurnsOptions, 'turns' | 'warmUp' | 'turn'>;

/** Streams of one worker in a call of four: it sends two and receives six. */
export const STREAMS = 8;

export const EFFORT: Effort = { turns: 150, warmUp: 40, turn: 8 };

export async function benchMedia(options: MediaBenchOptions): Promise<readonly Group[]> {
  const { wasm, otherMls, clocks, onStep, effort = EFFORT } = options;
  const messages = wasm === null ? otherMls : createMlsMessages(wasm);
  const inWasm = wasm === null ? null : await createWasmSFrame(wasm);
  const all: SizeTimes[] = [];
  for (const inFlight of [1, STREAMS])
    for (const size of SIZES) {
      onStep(`${size} bytes${inFlight === 1 ? '' : `, ${inFlight} at once`}`);
      const frame = frameOf(size);
      const aesGcm = [await createRawAesGcm(frame), await createFramedAesGcm(frame)];
      const contenders = [await createOurs(), ...aesGcm, copying, messages, inWasm];
      const present: readonly Contender[] = contenders.filter((it) => it !== null);
      all.push({ size, inFlight, times: await inTurns(present, frame, { ...effort, inFlight, clocks }) });
    }
  const mls = messages?.name ?? '';
  const added = all[0]?.times.find(({ name }) => name === mls)?.added ?? null;
  return [...timeGroups(all, { ...options, mls }), byteGroup(added)];
}
