/** Dishonest participants and a dishonest service as TLC makes them up by chance, replayed on real MLS. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readModels, SPEC_FOLDER } from '../src/checking/model/models.ts';
import { constantsIn, printReplay, replay, scheduleOf, type Schedule } from '../src/checking/replay/index.ts';
import { asItf } from '../src/checking/replay/input/load.ts';
import { parseSimulation, runTlc, simulationFiles, verdict } from '../src/checking/tlc/index.ts';
import { loadMlsInNode } from '../src/mls/node.ts';

beforeAll(() => loadMlsInNode());

/** Traces of a model that TLC simulates, its properties left out. */
async function simulated(model: string, traces: number, seed: number): Promise<readonly Schedule[]> {
  const { config, module } = (await readModels()).find(({ name }) => name === model)!;
  const lines = (await readFile(join(SPEC_FOLDER, config), 'utf8')).split('\n');
  const text = lines.filter((line) => !/^(?:INVARIANTS?|PROPERT(?:Y|IES)|SYMMETRY)\b/.test(line)).join('\n');
  const folder = await mkdtemp(join(tmpdir(), 'replay-adversary-'));
  try {
    const files = join(folder, 'trace');
    const { outcome } = await runTlc({
      spec: 'Simulated.tla',
      config: 'Simulated.cfg',
      modulesFrom: [SPEC_FOLDER],
      extraFiles: {
        'Simulated.tla': `---- MODULE Simulated ----\nEXTENDS ${module.replace('.tla', '')}\n====\n`,
        'Simulated.cfg': text,
      },
      deadlock: false,
      simulate: { traces, files },
      depth: 40,
      seed,
    });
    expect(verdict(outcome)).toBe('holds');
    const schedules: Schedule[] = [];
    for (const file of await simulationFiles(files)) {
      // The views follow from the log, and TLC prints some of them as it has not worked them out.
      const printed = (await readFile(file, 'utf8')).replace(/^\/\\ views = .*\n(?:[ \t].*\n)*/gm, '');
      schedules.push(scheduleOf(asItf(parseSimulation(printed), 'holds'), constantsIn(text)));
    }
    return schedules;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

describe('lies that TLC chooses by chance, all rules on', () => {
  it.each([
    ['dishonest-faults3', 7],
    ['branches-dishonest-lies3', 8],
    ['dishonest-uninvited3', 3],
    ['repeats2', 4],
  ])('%s: only a payload of somebody dishonest ends anybody', async (model, seed) => {
    const schedules = await simulated(model, 50, seed);
    const actions = new Map<string, number>();
    let refusals = 0;
    for (const schedule of schedules) {
      const result = await replay(schedule);
      expect(['agree', 'refused'], printReplay(result)).toContain(result.verdict);
      for (const { action } of result.rows) actions.set(action, (actions.get(action) ?? 0) + 1);
      for (const { refused, action, entry } of result.rows) {
        if (refused === null) continue;
        refusals += 1;
        expect(action).toBe('ReadBadPayload');
        expect(schedule.constants.dishonest).toContain(entry?.split(' ', 1)[0]);
      }
    }
    console.log(
      `${model}: ${schedules.length} traces, ${refusals} refusals, ${JSON.stringify([...actions])}`,
    );
    expect(schedules).toHaveLength(50);
    expect([...actions.values()].reduce((sum, count) => sum + count)).toBeGreaterThanOrEqual(300);
    expect(refusals).toBe(actions.get('ReadBadPayload') ?? 0);
  });
});
