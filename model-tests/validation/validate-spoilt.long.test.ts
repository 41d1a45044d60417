/** Records that are spoilt are refused at that line, or the first that depends on it: by TLC and by production machines. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  mergeRun,
  validateRuns,
  walk,
  type RecordText,
  type Validation,
} from '../../src/checking/validation/index.ts';
import { readLines } from '../../src/checking/validation/lines.ts';
import { CORRUPTIONS, corruptions, type Corrupted, type Corruption } from './validate-corruptions.ts';
import { chance, localRun, recordsOf } from './validate-local.ts';

/** Of each kind. */
const CORRUPTED = 200;
const SEED = 4;
/** Of them, at least. */
const AT_THAT_LINE: Readonly<Record<Corruption, number>> = {
  ...{ author: CORRUPTED, state: CORRUPTED, draft: CORRUPTED, view: CORRUPTED, entry: 190, label: 190 },
  ...{ dropped: 160, doubled: 180, swapped: 170 },
};
/** At most: a participant may always do less, and its last line tells of nothing that somebody depends on. */
const STILL_BEHAVIOURS: Partial<Record<Corruption, number>> = { dropped: 20, label: 5, entry: 5 };

const merged = (texts: readonly RecordText[]): ReturnType<typeof mergeRun> =>
  mergeRun(readLines(texts).sources);

describe('a spoilt record', () => {
  const random = chance(SEED);
  let bases: readonly (readonly RecordText[])[] = [];
  const spoilt: (Corrupted & { verdict: Validation; machines: number })[] = [];
  const table: string[] = [];

  // Short runs in which everything happens: each action, and forged entries.
  beforeAll(async () => {
    bases = [46, 57, 59].map((seed) => recordsOf(localRun(seed, 4, 260, { losses: 8, lies: 2, calm: 3 })));
    for (const result of await validateRuns(bases)) expect(result.refused).toBeNull();
    const runs = bases.map(merged);
    expect(walk(runs)).toEqual(runs.map(({ events }) => events.length));
    expect(new Set(runs.flatMap(({ events }) => events.map(({ action }) => action))).size).toBe(15);
    console.log(`seed ${SEED}; ${runs.map(({ events }) => events.length).join(', ')} events`);
  });

  beforeAll(async () => {
    const all = CORRUPTIONS.flatMap((kind) => corruptions(kind, bases, CORRUPTED, random));
    const runs = all.map((it) => it.texts);
    const started = performance.now();
    const verdicts = await validateRuns(runs, { explain: false });
    const judgedAt = performance.now();
    const machines = walk(runs.map(merged));
    const walked = performance.now();
    all.forEach((it, i) => spoilt.push({ ...it, verdict: verdicts[i]!, machines: machines[i]! }));
    const [spec, explorer] = [judgedAt - started, walked - judgedAt].map((ms) => (ms / 1_000).toFixed(1));
    console.log(`${all.length} spoilt runs: TLC ${spec} s, explorer ${explorer} s`);
  });

  it.each(CORRUPTIONS)('%s: is refused at that line, or the first that depends on it', (kind) => {
    const own = spoilt.filter((it) => it.kind === kind);
    const counts = { 'at that line': 0, 'where it is missed': 0, 'still behaviours': 0 };
    for (const { file, fileLine, verdict, machines } of own) {
      const { accepted, refused, taken } = verdict;
      const what = `${kind} at ${file}:${fileLine}`;
      // Production machines go as far: to the end, where it still is a behaviour.
      expect(machines, what).toBe(taken);
      if (accepted) counts['still behaviours'] += 1;
      else if (refused?.file === file && refused.fileLine === fileLine) counts['at that line'] += 1;
      else {
        counts['where it is missed'] += 1;
        const there = `${what}: refused at ${refused?.file}:${refused?.fileLine}`;
        // Its line told of nothing new; or of an epoch, or an entry that counts for nothing, that nobody had told of yet.
        expect(['entry', 'label', 'dropped', 'doubled', 'swapped'], there).toContain(kind);
        if (refused?.file === file) expect(refused.fileLine, there).toBeGreaterThan(fileLine);
      }
    }
    table.push(`${kind.padEnd(8)}${JSON.stringify(counts)}`);
    expect(own).toHaveLength(CORRUPTED);
    expect(counts['at that line']).toBeGreaterThanOrEqual(AT_THAT_LINE[kind]);
    expect(counts['still behaviours']).toBeLessThanOrEqual(STILL_BEHAVIOURS[kind] ?? 0);
  });

  it('is told what the spec would have had there', async () => {
    const some = CORRUPTIONS.flatMap((kind) => corruptions(kind, bases, 3, random));
    const verdicts = await validateRuns(some.map((it) => it.texts));
    const reasons = verdicts.flatMap(({ refused }) => refused ?? []);
    for (const { reason } of reasons)
      expect(reason).toMatch(
        / is not possible there; possible for it: | is .* and not | does not go with the epoch /,
      );
    for (const kind of CORRUPTIONS)
      console.log(
        `${kind}: ${verdicts[3 * CORRUPTIONS.indexOf(kind)]!.refused?.reason ?? 'still a behaviour'}`,
      );
    expect(reasons.length).toBeGreaterThanOrEqual(24);
    expect(reasons.filter(({ allowed }) => allowed.length > 0).length).toBeGreaterThanOrEqual(20);
  });

  afterAll(() => console.log(table.join('\n')));
});
