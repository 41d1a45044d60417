/** Traces that TLC simulates, replayed; and what a replay catches that an MLS adapter does wrong. */
import { beforeAll, describe, expect, it } from 'vitest';
import {
  ActionCounts,
  printCounts,
  printReplay,
  replay,
  simulatedTraces,
  Totals,
  type Replay,
  type Schedule,
} from '../src/checking/replay/index.ts';
import type { MlsGroup } from '../src/mls/MlsGroup.ts';
import { loadMlsInNode } from '../src/mls/node.ts';
import { createMlsGroup } from '../src/mls/wasm.ts';

const NOW = 1_795_305_600;
/** Here a few; `committer replay --simulate` takes as many as one likes. */
const TRACES = 24;
const STEPS = 40;
/** Of them, for each adapter that is broken. */
const EVENTFUL = 6;
const OPTIONS = { traces: TRACES, participants: 6, steps: STEPS, seed: 20 };

const simulated: Schedule[] = [];

beforeAll(async () => {
  loadMlsInNode();
  for await (const { schedule } of simulatedTraces(OPTIONS)) simulated.push(schedule);
});

describe('traces that TLC simulates, all rules on', () => {
  it('are what machine and MLS do, step by step', async () => {
    const totals = new Totals();
    const actions = new ActionCounts();
    for (const schedule of simulated) {
      const result = await replay(schedule);
      expect(result.verdict, printReplay(result)).toBe('agree');
      expect(result.rows.length).toBeGreaterThanOrEqual(STEPS);
      expect(result.rows).toHaveLength(schedule.steps.length);
      totals.add(result);
      actions.add(schedule);
    }
    console.log(`${simulated.length} traces: ${printCounts(totals)}`);
    console.log(JSON.stringify(actions.counts));
    expect(simulated).toHaveLength(TRACES);
    expect(actions.below(3)).toEqual([]);
    expect(totals.pairs).toBeGreaterThanOrEqual(300);
    expect(totals.openings.opened).toBeGreaterThanOrEqual(60);
    expect(totals.openings.refused).toBeGreaterThanOrEqual(60);
    expect(totals.openings.erased).toBeGreaterThanOrEqual(10);
    expect(totals.openings.pairs).toBeGreaterThanOrEqual(300);
  });

  it('are the same for the same seed, and others for another', async () => {
    const few = { ...OPTIONS, traces: 2, steps: 10 };
    const take = async (seed: number): Promise<string> => {
      const found: Schedule['steps'][] = [];
      for await (const { schedule } of simulatedTraces({ ...few, seed })) found.push(schedule.steps);
      return JSON.stringify(found.map((steps) => steps.map(({ name, participant }) => [name, participant])));
    };
    const [one, again, other] = [await take(5), await take(5), await take(6)];
    expect(again).toBe(one);
    expect(other).not.toBe(one);
  });
});

/** A group of which some methods are not as they should be. */
function broken(participant: string, faults: (group: MlsGroup) => Partial<MlsGroup>): MlsGroup {
  const group = createMlsGroup({ participant, now: NOW });
  const replaced = faults(group);
  return new Proxy(group, {
    get: (target, name) => {
      const value: unknown = Reflect.get(name in replaced ? replaced : target, name);
      return typeof value === 'function'
        ? (value.bind(name in replaced ? replaced : target) as unknown)
        : value;
    },
  });
}

describe('a replay catches', () => {
  const all = async (faults: (group: MlsGroup) => Partial<MlsGroup>): Promise<readonly Replay[]> => {
    const found: Replay[] = [];
    for (const schedule of eventful())
      found.push(await replay(schedule, { createMls: (participant) => broken(participant, faults) }));
    return found;
  };
  const differing = (found: readonly Replay[], reason: RegExp): number =>
    found.filter(({ verdict, reason: said }) => verdict === 'differs' && reason.test(said)).length;
  const commitsOf = ({ steps }: Schedule): number => steps.filter(({ action }) => action === 'Commit').length;
  /** The first that have two commits, or more. */
  const eventful = (): readonly Schedule[] => {
    const found = simulated.filter((schedule) => commitsOf(schedule) >= 2).slice(0, EVENTFUL);
    expect(found).toHaveLength(EVENTFUL);
    return found;
  };

  it('an adapter that merges its commit before it is read back', async () => {
    const found = await all((group) => ({
      commit: (...parts) => {
        const made = group.commit(...parts);
        group.merge();
        return made;
      },
      merge: () => {
        if (group.hasPending) group.merge();
      },
    }));
    expect(differing(found, /mls/)).toBe(EVENTFUL);
  });

  it('an adapter that follows nobody', async () => {
    expect(differing(await all(() => ({ process: () => undefined })), /dead/)).toBeGreaterThan(0);
  });

  it('an adapter that exports the same key in every epoch, of every group', async () => {
    const found = await all(() => ({
      exportSecret: (_label, _context, length) => new Uint8Array(length).fill(1),
    }));
    const caught = differing(found, /^p\d and what p\d protects: another epoch’s key opens it$/);
    expect(caught).toBeGreaterThanOrEqual(EVENTFUL - 1);
  });

  it('an adapter whose removed members keep deriving: the key is the founding’s for ever', async () => {
    const keys = new Map<string, Uint8Array>();
    const found = await all((group) => ({
      exportSecret: (label, context, length) => {
        const founding = group.groupId.join(' ');
        const key = keys.get(founding) ?? group.exportSecret(label, context, length);
        keys.set(founding, key);
        return key.slice();
      },
    }));
    const caught = differing(found, /another epoch’s key opens it/);
    expect(caught).toBeGreaterThanOrEqual(EVENTFUL / 2);
  });

  it('an adapter whose members do not agree on a key', async () => {
    const found = await all((group) => ({
      exportSecret: (label, _context, length) =>
        group.exportSecret(label, new Uint8Array([group.ownLeafIndex]), length),
    }));
    const caught = differing(found, /it is of its epoch, and does not open: forged or forked/);
    expect(caught).toBeGreaterThanOrEqual(EVENTFUL / 2);
  });

  it('an adapter that says of every frame that it is the founder’s', async () => {
    const found = await all(() => ({ ownLeafIndex: 0 }));
    expect(differing(found, /does not open/)).toBeGreaterThanOrEqual(EVENTFUL / 2);
  });
});
