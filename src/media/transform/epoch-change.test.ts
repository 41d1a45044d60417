/** No frame in flight across a commit is lost, in calls of delays, reordering and copies; and what may not open, does not. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { REORDER_MS } from '../sframe/index.ts';
import { seeded } from '../sframe/testing.ts';
import { HOLD_MS } from './limits.ts';
import { type Delivery, SimulatedCall, type SimulatedEpoch, type SimulatedPage } from './simulated-call.ts';
import { type FrameOutcome } from './types.ts';

const PAGES = ['anna', 'ben', 'carol', 'dave', 'eve'];
const FRAME_PERIOD_MS = 40;
/** With the founder, those who are in the call before anything is left to chance. */
const BEGINNING = ['add', 'add', 'add'] as const;
/** How late a page may read the log: what is sent meanwhile waits. */
const READ_MS = HOLD_MS - 50;

/** What one copy of a frame is to its receiver. */
type Fate =
  /** Must open. */
  | 'due'
  /** Another copy of it is due. */
  | 'copy'
  /** Its sender was removed, as its receiver knows by then. */
  | 'removed sender'
  /** Its receiver is no member of its epoch: it has not joined yet, was removed, or the frame is of another founding. */
  | 'not for it';

/** Numbers from 0 to 1, from a seed (mulberry32). */
function chances(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const isIn = (epoch: SimulatedEpoch, participant: string): boolean =>
  [...epoch.members.values()].includes(participant);

/** Who was what when, from the histories alone: nothing of the key ring's. */
function fateOf({ sender, sentIn, receiver, arrivesAt }: Delivery): Exclude<Fate, 'copy'> {
  const { history } = receiver;
  const merged = history.findIndex(({ epoch }) => epoch === sentIn);
  if (merged < 0) return 'not for it';
  const opensAt = Math.max(arrivesAt, history[merged]?.at ?? 0);
  const later = history.slice(merged).filter(({ at }) => at <= opensAt);
  const current = later.at(-1)?.epoch ?? null;
  if (later.some(({ epoch }) => epoch?.founding !== sentIn.founding)) return 'not for it';
  return current !== null && isIn(current, sender) ? 'due' : 'removed sender';
}

interface Plan {
  readonly steps: readonly ('add' | 'remove' | 'rotate')[];
  /** Milliseconds between one commit and the next: some in a row, some far apart. */
  readonly gaps: readonly number[];
  readonly refound: boolean;
  readonly seed: number;
}

/** Plays a plan: commits come into being in order, and each page reads them in order, some time later. */
async function play({ steps, gaps, refound, seed }: Plan): Promise<SimulatedCall> {
  const chance = chances(seed);
  const delays = (): number[] => {
    const copies = chance() < 0.1 ? 2 : 1;
    return Array.from({ length: copies }, () => chance() * (REORDER_MS - 50));
  };
  const call = new SimulatedCall(PAGES, delays);
  const [founder, ...rest] = call.pages;
  const read = new Map<SimulatedPage, number>();
  const members = new Set<SimulatedPage>();
  const commit = (at: number, epoch: SimulatedEpoch, pages = call.pages, rename = ''): void => {
    for (const page of pages) {
      const time = Math.max(at + chance() * READ_MS, (read.get(page) ?? 0) + 1);
      read.set(page, time);
      // Who is no member has nothing to merge; who was one until now, lets its keys go.
      const wasMember = members.delete(page);
      if (isIn(epoch, page.name + rename)) members.add(page);
      else if (!wasMember) continue;
      call.merges(page, time, epoch, page.name + rename);
    }
  };
  let time = call.now + 1;
  let epoch: SimulatedEpoch = { founding: 1, epoch: 0, members: new Map([[0, founder!.name]]) };
  commit(time, epoch);
  const waiting = [...rest];
  for (const [index, step] of ([...BEGINNING, ...steps] as const).entries()) {
    time += gaps[index] ?? 100;
    const leaves = new Map(epoch.members);
    const last = [...leaves.keys()].at(-1) ?? 0;
    if (step === 'add') {
      const page = waiting.shift();
      const free = [...Array(PAGES.length).keys()].find((leaf) => !leaves.has(leaf));
      if (page !== undefined && free !== undefined) leaves.set(free, page.name);
    } else if (step === 'remove' && leaves.size > 2) leaves.delete(last);
    epoch = { founding: 1, epoch: epoch.epoch + 1, members: leaves };
    commit(time, epoch);
  }
  if (refound) {
    // All have left. Two of the same pages found a group anew, as new participants.
    time += 600;
    commit(time, { founding: 1, epoch: epoch.epoch + 1, members: new Map() });
    const [one, two] = call.pages.slice(1);
    // Who is let in has joined as a new participant before, and so has let the old keys go.
    time = Math.max(...[one!, two!].map((page) => read.get(page) ?? 0));
    const again: SimulatedEpoch = { founding: 2, epoch: 0, members: new Map([[0, `${one!.name}'`]]) };
    const both = new Map([...again.members, [1, `${two!.name}'`]]);
    commit(time + 5, again, [one!], "'");
    commit(time + 40, { founding: 2, epoch: 1, members: both }, [one!, two!], "'");
  }
  const end = time + 1_500;
  for (const page of call.pages) call.sends(page, 1_000 + chance() * FRAME_PERIOD_MS, end, FRAME_PERIOD_MS);
  await call.run();
  return call;
}

/** Sorts the copies of one call by what was due to them, and compares with what came out. */
function judge(call: SimulatedCall): Record<Fate | 'lost' | 'opened wrongly' | 'unsent', number> {
  const counts = {
    due: 0,
    copy: 0,
    'removed sender': 0,
    'not for it': 0,
    lost: 0,
    'opened wrongly': 0,
    unsent: 0,
  };
  for (const page of call.pages) {
    counts.unsent += page.unsent;
    const opened = call.opened(page);
    const due = new Set<number>();
    for (const delivery of call.deliveries.filter(({ receiver }) => receiver === page)) {
      const fate = fateOf(delivery);
      if (fate === 'due' && due.has(delivery.frame)) counts.copy += 1;
      else counts[fate] += 1;
      if (fate === 'due') due.add(delivery.frame);
    }
    const once = new Set(opened);
    counts.lost += [...due].filter((frame) => !once.has(frame)).length;
    counts['opened wrongly'] += opened.length - [...once].filter((frame) => due.has(frame)).length;
  }
  return counts;
}

const outcomes = (call: SimulatedCall): Partial<Record<FrameOutcome, number>> => {
  const sums: Partial<Record<FrameOutcome, number>> = {};
  for (const { worker } of call.pages)
    for (const { direction, counters } of worker.media.stats().slots)
      for (const [outcome, count] of Object.entries(counters) as [FrameOutcome, number][])
        if (direction === 'receive' && outcome !== 'codec not supported' && count > 0)
          sums[outcome] = (sums[outcome] ?? 0) + count;
  return sums;
};

const held = (call: SimulatedCall): number =>
  call.pages.flatMap(({ worker }) => worker.media.stats().slots).reduce((sum, slot) => sum + slot.held, 0);

describe('frames in flight across commits', () => {
  it('none that is due is lost, and nothing else opens: adds, removes, rotations, in a row, and a new founding', async () => {
    const step = fc.constantFrom('add', 'remove', 'rotate');
    const gap = fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 100, max: 900 }));
    const plans = fc.record({
      steps: fc.array(step, { minLength: 4, maxLength: 7 }),
      gaps: fc.array(gap, { minLength: 10, maxLength: 10 }),
      refound: fc.boolean(),
      seed: fc.integer(),
    });
    const totals: Record<string, number> = {};
    await fc.assert(
      fc.asyncProperty(plans, async (plan) => {
        const call = await play(plan);
        const counts = judge(call);
        for (const [name, count] of Object.entries({ ...counts, ...outcomes(call) }))
          totals[name] = (totals[name] ?? 0) + count;
        expect({ lost: counts.lost, wrongly: counts['opened wrongly'] }).toEqual({ lost: 0, wrongly: 0 });
        const told = outcomes(call);
        expect(told.open).toBe(counts.due);
        // Nothing is dropped without a trace.
        expect(Object.values(told).reduce((sum, count) => sum + count, 0) + held(call)).toBe(
          call.deliveries.length,
        );
      }),
      seeded('frames in flight across commits', 20),
    );
    console.log('frames in flight across commits:', totals);
    expect(totals['due']).toBeGreaterThan(4_000);
    for (const fate of ['copy', 'removed sender', 'not for it', 'unsent'])
      expect(totals[fate]).toBeGreaterThan(30);
    expect(totals['replayed']).toBeGreaterThan(30);
  }, 120_000);
});
