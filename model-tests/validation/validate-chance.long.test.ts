/** Long records of runs by chance over one log. */
import { describe, expect, it } from 'vitest';
import { validateRuns, type RecordText, type Validation } from '../../src/checking/validation/index.ts';
import type { MlsGroup } from '../../src/mls/MlsGroup.ts';
import { mergesEarly, refusesCommits } from '../support/faults.ts';
import { localRun, recordsOf, type LocalRun } from './validate-local.ts';

const times = (records: readonly RecordText[], what: RegExp): number =>
  records.reduce((sum, { text }) => sum + [...text.matchAll(what)].length, 0);

/** Has TLC judge all these runs, each with its own verdict, and prints what they came to. */
async function judged(runs: readonly LocalRun[], more: (run: LocalRun) => string): Promise<Validation[]> {
  const results = await validateRuns(runs.map(recordsOf));
  results.forEach(({ lines, participants, entries, crashes, losses, resends, refused }, i) => {
    console.log(
      `${lines} lines of ${participants}, ${entries} entries, ${crashes.length} kills, ${losses.length} losses and ` +
        `${resends.length} twice in the log, ${more(runs[i]!)}`,
    );
    expect(refused).toBeNull();
    expect(crashes).toHaveLength(runs[i]!.kills);
    // Who is not in the run has no line to be read.
    expect(lines).toBe(runs[i]!.lines.length);
  });
  console.log(`TLC: ${Math.max(...results.map(({ seconds }) => seconds)).toFixed(1)} s`);
  return results;
}

describe('runs by chance over one log', () => {
  it('are behaviours, and a crash is filled in for each kill', async () => {
    const runs = [localRun(11, 4, 400), localRun(12, 6, 1_000), localRun(13, 8, 1_000, { calm: 4 })];
    await judged(runs, ({ partitions }) => `${partitions} partitions`);
    expect(runs.reduce((sum, { kills: killed }) => sum + killed, 0)).toBeGreaterThanOrEqual(5);
    expect(runs.reduce((sum, { partitions }) => sum + partitions, 0)).toBeGreaterThanOrEqual(3);
  });

  it('10,000 lines of a long call of nine', async () => {
    const run = localRun(9, 9, 10_000, { calm: 50 });
    const records = recordsOf(run);
    const [handovers, claims, commits, leaves] = ['HandOver', 'Claim', 'Commit', 'Leave'].map((action) =>
      times(records, new RegExp(`"action":"${action}"`, 'g')),
    );
    await judged([run], () => JSON.stringify({ handovers, claims, commits, leaves }));
    expect(run.lines.length).toBeGreaterThanOrEqual(10_000);
    expect(handovers).toBeGreaterThanOrEqual(20);
    expect(records.length).toBeGreaterThanOrEqual(15);
  });

  it('in which the service forges entries: these count for nothing', async () => {
    const runs = [31, 32].map((seed) => localRun(seed, 4, 500, { lies: 10 }));
    await judged(
      runs,
      ({ forgedJoins, forgedEntries }) => `${forgedJoins} joins, ${forgedEntries} entries forged`,
    );
    for (const { forgedJoins, forgedEntries } of runs) {
      expect(forgedJoins).toBeGreaterThanOrEqual(5);
      expect(forgedEntries).toBeGreaterThanOrEqual(5);
    }
  });

  it('in which connections are lost: drafts were never appended, or twice', async () => {
    const runs = [21, 22, 23, 24, 25, 26, 27, 28].map((seed) => localRun(seed, 4, 500, { losses: 20 }));
    const results = await judged(runs, ({ cuts, resent }) => `${cuts} cuts, ${resent} sent again`);
    for (const [i, { losses }] of results.entries()) expect(losses.length).toBeLessThanOrEqual(runs[i]!.cuts);
    const sum = (of: (i: number) => number): number => results.reduce((total, _, i) => total + of(i), 0);
    expect(sum((i) => runs[i]!.cuts)).toBeGreaterThanOrEqual(100);
    expect(sum((i) => runs[i]!.resent)).toBeGreaterThanOrEqual(20);
    expect(sum((i) => results[i]!.losses.length - results[i]!.resends.length)).toBeGreaterThanOrEqual(4);
    expect(sum((i) => results[i]!.resends.length)).toBeGreaterThanOrEqual(4);
  });
});

// What their cores do, their lines tell, and TLC sees it at the first that does.
describe('a run of participants whose MLS core is faulty', () => {
  const cases: readonly (readonly [string, (mls: MlsGroup) => MlsGroup, RegExp])[] = [
    [
      'merge their commits early',
      mergesEarly,
      /^after Commit\(p\d\): the authenticator \w+ does not go with/,
    ],
    [
      'refuse what others commit',
      refusesCommits,
      /^after Read\(p\d\): the state is "member.*" and not "dead"/,
    ],
  ];

  it('is none, from the first line that tells of it on', async () => {
    const runs = cases.map(([, fault]) => localRun(12, 6, 300, { core: fault, calm: 4 }));
    const verdicts = await validateRuns(runs.map(recordsOf));
    verdicts.forEach(({ refused }, i) => {
      const [name, , reason] = cases[i]!;
      console.log(`${name}: refused at ${refused?.file}:${refused?.fileLine}: ${refused?.reason}`);
      expect(refused?.reason).toMatch(reason);
    });
    expect(verdicts).toHaveLength(cases.length);
  });
});
