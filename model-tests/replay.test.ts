import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { readConstants } from '../src/checking/model/constants.ts';
import { asExpected, printReplay, replay, scheduleOf, type Schedule } from '../src/checking/replay/index.ts';
import {
  readSimulationFile,
  runTlc,
  simulationFiles,
  traceToItf,
  verdict,
} from '../src/checking/tlc/index.ts';
import type { MlsGroup } from '../src/mls/MlsGroup.ts';
import { loadMlsInNode } from '../src/mls/node.ts';
import { createMlsGroup } from '../src/mls/wasm.ts';
import { RULES } from '../src/protocol/rules.ts';
import { readItf } from '../src/trace/index.ts';

const path = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url));
const NOW = 1_795_305_600;

/** The full rules, and each fault. Simulated, so that the bounds need not keep the graph small. */
const SIMULATED = `INIT TracedInit
NEXT SimulatedNext
CONSTANTS
  ViewAt <- KeptViewAt
  Participants = {p1, p2, p3}
  Uninvited = {}
  OtherSide = {}
  BatchLimit = 2
${RULES.map((rule) => `  ${rule} = TRUE`).join('\n')}
  MaxCrashes = 1
  MaxLeaves = 1
  MaxGone = 1
  MaxClaims = 3
  MaxHandovers = 3
  MaxLost = 3
CHECK_DEADLOCK FALSE
`;
/** By pure chance everybody would have left before anything happened: ends are rarer than the rest. */
const RARE_ENDS = `---- MODULE Simulated ----
EXTENDS MC, TLC
SimulatedNext ==
  /\\ TracedNext
  /\\ act'.name \\in {"Leave", "Crash", "DeclareGone"} => RandomElement(1..20) = 1
====
`;
const TRACES = 40;
/** States of each, at most: TLC stops where nothing is possible any more. */
const DEPTH = 45;

let noAtomic: Schedule;
let simulated: readonly Schedule[] = [];

beforeAll(async () => {
  loadMlsInNode();
  const itf = readItf(await readFile(path('traces/no-atomic.itf.json'), 'utf8'));
  noAtomic = scheduleOf(
    itf,
    readConstants(await readFile(path('spec/models/ablations/no-atomic.cfg'), 'utf8')),
  );
  simulated = await simulate();
});

async function simulate(): Promise<readonly Schedule[]> {
  const folder = await mkdtemp(join(tmpdir(), 'replay-test-'));
  try {
    const files = join(folder, 'trace');
    const { outcome } = await runTlc({
      spec: 'Simulated.tla',
      config: 'Simulated.cfg',
      modulesFrom: [path('spec')],
      extraFiles: { 'Simulated.tla': RARE_ENDS, 'Simulated.cfg': SIMULATED },
      deadlock: false,
      simulate: { traces: TRACES, files },
      depth: DEPTH,
      seed: 20,
    });
    expect(verdict(outcome)).toBe('holds');
    const constants = readConstants(SIMULATED);
    const description = { source: 'spec/MC.tla', config: '', rule: '', description: '', property: 'holds' };
    const paths = await simulationFiles(files);
    return await Promise.all(
      paths.map(async (file) =>
        scheduleOf(traceToItf(await readSimulationFile(file), description), constants),
      ),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

describe('without the rule Atomic', () => {
  it('two members part, with two authenticators, at the last step of the counterexample', () => {
    const result = replay(noAtomic);
    expect(result.verdict, printReplay(result)).toBe('forked');
    expect(result.step).toBe(noAtomic.steps.length);
    expect(asExpected(noAtomic, result.verdict)).toBe(true);
    const { split, sights } = result.rows.at(-1)!;
    const [p, q] = split!.map((name) => sights.find((sight) => sight.name === name)!);
    expect(p!.authenticator).toMatch(/^[0-9a-f]{64}$/);
    expect(q!.authenticator).toMatch(/^[0-9a-f]{64}$/);
    expect(p!.authenticator).not.toBe(q!.authenticator);
    expect(p!.epoch).toBe(q!.epoch);
    expect(printReplay(result)).toMatch(/SPLIT\nforked at step \d+: /);
  });

  it('with the rule on, the same schedule holds together', () => {
    const result = replay(noAtomic, { withRules: true });
    expect(result.verdict, printReplay(result)).toBe('agree');
    expect(result.skipped).toBeGreaterThan(0);
    expect(result.skipped).toBeLessThan(noAtomic.steps.length / 2);
    expect(result.pairs).toBeGreaterThan(0);
    expect(asExpected(noAtomic, result.verdict, { withRules: true })).toBe(true);
  });
});

describe('traces that TLC simulates, all rules on', () => {
  it('are what machine and MLS do, step by step', () => {
    const counts = new Map<string, number>();
    let steps = 0;
    let pairs = 0;
    for (const schedule of simulated) {
      const result = replay(schedule);
      expect(result.verdict, printReplay(result)).toBe('agree');
      expect(result.rows).toHaveLength(schedule.steps.length);
      for (const { action } of result.rows) counts.set(action, (counts.get(action) ?? 0) + 1);
      steps += result.rows.length;
      pairs += result.pairs;
    }
    const actions = [...counts].map(([name, count]) => `${name} ${count}`).join(', ');
    console.log(`${simulated.length} traces, ${steps} steps, ${pairs} pairs of groups: ${actions}`);
    expect(simulated).toHaveLength(TRACES);
    expect(steps).toBeGreaterThanOrEqual(TRACES * 15);
    expect(pairs).toBeGreaterThanOrEqual(50);
    const all = [
      'AppendEntry',
      'Claim',
      'Commit',
      'Crash',
      'DeclareGone',
      'Found',
      'HandOver',
      'Join',
      'Leave',
      'Lose',
      'Read',
      'Resend',
    ];
    expect([...counts.keys()].sort()).toEqual(all);
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
  const verdicts = (createMls: (participant: string) => MlsGroup): string[] =>
    simulated.map((schedule) => replay(schedule, { createMls }).verdict);

  it('an adapter that merges its commit before it is read back', () => {
    const found = verdicts((participant) =>
      broken(participant, (group) => ({
        commit: (...parts) => {
          const made = group.commit(...parts);
          group.merge();
          return made;
        },
        merge: () => {
          if (group.hasPending) group.merge();
        },
      })),
    );
    const committing = simulated.filter(({ steps }) =>
      steps.some(({ action }) => action === 'Commit'),
    ).length;
    console.log(
      `early merge: ${found.filter((it) => it === 'differs').length} of ${committing} traces with a commit`,
    );
    expect(committing).toBeGreaterThanOrEqual(5);
    expect(found.filter((it) => it === 'differs')).toHaveLength(committing);
  });

  it('an adapter that follows nobody', () => {
    const found = verdicts((participant) => broken(participant, () => ({ process: () => undefined })));
    expect(found).toContain('differs');
  });

  it('a trace that says something else', () => {
    const steps = noAtomic.steps.map((step, i) =>
      i === 11 ? { ...step, state: { ...step.state, pos: noAtomic.steps[0]!.state['pos']! } } : step,
    );
    const result = replay({ ...noAtomic, steps });
    expect(result).toMatchObject({ verdict: 'differs', step: 12 });
    expect(result.reason).toMatch(/pos/);
    expect(asExpected(noAtomic, result.verdict)).toBe(false);
  });
});
