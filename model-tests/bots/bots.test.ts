/** The load client: real sessions over the real service, many in one process. */
import { describe, expect, test } from 'vitest';
import { validateRecords } from '../../src/checking/validation/index.ts';
import type { MlsGroup } from '../../src/mls/MlsGroup.ts';
import { exportsOtherwise, mergesEarly, refusesCommits } from '../support/faults.ts';
import { botsRun, inWords } from './run.ts';

const NOBODY_GOES = { leave: 0, crash: 0 };
/** Milliseconds. Short, where a test waits for it. */
const SHORT = { graceMs: 300, silenceMs: 1_000 };

test('twelve join at once, some leave and crash: one authenticator, and a behaviour of the spec', async () => {
  const run = await botsRun({ count: 12, leave: 3, crash: 3, periods: { silenceMs: 1_000 } }, SHORT);
  const { report, records, lines } = run;
  console.log(inWords(run));
  expect(report).toMatchObject({ ok: true, left: 3, crashed: 3, staying: 6, admitted: 6, authenticators: 1 });
  expect(report).toMatchObject({ apart: null, surprises: [], missing: [], rejoins: 0, troubles: {} });
  expect(report.log.counted).toMatchObject({ join: 12, leave: 6 });
  expect(report.log.counted.found).toBeGreaterThanOrEqual(1);
  expect(report.commits).toBeGreaterThanOrEqual(2);
  expect(report.epochs).toBeGreaterThanOrEqual(3);
  expect(report.comparisons).toBeGreaterThanOrEqual(12);
  expect(report.joining?.max).toBeGreaterThan(0);
  expect(report.bytesReceived.mean).toBeGreaterThan(1_000);
  expect(lines).toBeGreaterThanOrEqual(100);
  const verdict = await validateRecords(records);
  console.log(
    `${verdict.taken} of ${verdict.events} events are a behaviour, ${verdict.crashes.length} crashes`,
  );
  expect(verdict.refused).toBeNull();
  expect(verdict).toMatchObject({ accepted: true, participants: 12, crashes: { length: 3 } });
});

test('they stay, hand the role on, and are together again', async () => {
  const run = await botsRun(
    { count: 4, ...NOBODY_GOES, staySeconds: 2, periods: { rotationMs: 500 } },
    SHORT,
  );
  console.log(inWords(run));
  expect(run.report).toMatchObject({ ok: true, authenticators: 1, admitted: 4 });
  expect(run.report.handovers).toBeGreaterThanOrEqual(2);
});

test('who crashes says nothing: the others find out after the grace', async () => {
  const { report } = await botsRun({ count: 3, leave: 0, crash: 1 }, { ...SHORT, graceMs: 1_500 });
  expect(report).toMatchObject({ ok: true, crashed: 1, admitted: 2 });
  expect(report.togetherSeconds).toBeGreaterThanOrEqual(1.5);
});

describe('who is not with the others is named, and why', () => {
  /** The fault is in the core of one bot. */
  const onlyIn =
    (faulty: number, fault: (mls: MlsGroup) => MlsGroup) =>
    (mls: MlsGroup, bot: number): MlsGroup =>
      bot === faulty ? fault(mls) : mls;

  test('a bot with another exporter', async () => {
    const { report } = await botsRun({ count: 4, ...NOBODY_GOES, core: onlyIn(2, exportsOtherwise) }, SHORT);
    expect(report.ok).toBe(false);
    expect(report.surprises.join()).toMatch(/two media keys of the epoch of \w{8}/);
  });

  test('a bot that merges its commits early: seen here, and by TLC', async () => {
    const run = await botsRun({ count: 4, ...NOBODY_GOES, core: mergesEarly }, SHORT);
    expect(run.report.ok).toBe(false);
    expect(run.report.surprises.join()).toMatch(/two authenticators of the epoch of \w{8}/);
    const { refused } = await validateRecords(run.records);
    expect(refused?.reason).toMatch(/^after Commit\(p\d\): the authenticator \w+ does not go with/);
  });

  test('a bot that can follow no commit joins anew, and that is told', async () => {
    const core = onlyIn(1, refusesCommits);
    const periods = { rotationMs: 400 };
    const run = await botsRun({ count: 4, ...NOBODY_GOES, core, staySeconds: 2, periods }, SHORT);
    console.log(inWords(run));
    expect(run.report.rejoins).toBeGreaterThanOrEqual(1);
    expect(run.report.troubles['bad_commit']).toBeGreaterThanOrEqual(1);
  });

  test('bots for which there is no room', async () => {
    const options = { count: 8, ...NOBODY_GOES, withinSeconds: 20 };
    const { report } = await botsRun(options, { ...SHORT, participants: 5 });
    expect(report).toMatchObject({ ok: false, staying: 8, admitted: 5, authenticators: 1 });
    expect(report.missing.map(({ code }) => code)).toEqual(['room_full', 'room_full', 'room_full']);
  });

  test('bots that may not join so often from one address', async () => {
    const limits = { ...SHORT, joinBurst: 5, joinsPerMinute: 1 };
    const { report } = await botsRun({ count: 8, ...NOBODY_GOES, withinSeconds: 4 }, limits);
    expect(report).toMatchObject({ ok: false, admitted: 5 });
    expect(new Set(report.missing.map(({ code }) => code))).toEqual(new Set(['too_many_joins']));
  });
});
