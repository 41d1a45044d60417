/** As many bots as a large call has people: what takes long. */
import { expect, test } from 'vitest';
import { validateRecords } from '../../src/checking/validation/index.ts';
import { botsRun, inWords } from './run.ts';

const MINUTE = 60_000;
/** All come from one address, and share a machine that has other things to do. */
const ROOMY = { joinBurst: 1_000, connectionsPerAddress: 1_000, socketsPerAddress: 2_000 };
const PATIENT = { withinSeconds: 1_200, periods: { silenceMs: MINUTE } };

test(
  '200 join at the same moment, some leave and crash: one authenticator, and a behaviour of the spec',
  async () => {
    const run = await botsRun({ count: 200, leave: 4, crash: 4, ...PATIENT }, ROOMY);
    const { report } = run;
    console.log(inWords(run));
    expect(report).toMatchObject({ ok: true, left: 4, crashed: 4, staying: 192, admitted: 192 });
    expect(report).toMatchObject({ authenticators: 1, surprises: [], missing: [], apart: null, rejoins: 0 });
    expect(report.log.counted).toMatchObject({ join: 200, leave: 8 });
    // 64 adds a commit, at most.
    expect(report.commits).toBeGreaterThanOrEqual(4);
    expect(report.comparisons).toBeGreaterThanOrEqual(200);
    expect(run.lines).toBeGreaterThanOrEqual(30_000);
    const verdict = await validateRecords(run.records);
    const { taken, events, crashes, seconds } = verdict;
    console.log(
      `${taken} of ${events} events are a behaviour, ${crashes.length} crashes, TLC ${seconds.toFixed(0)} s`,
    );
    expect(verdict.refused).toBeNull();
    expect(verdict).toMatchObject({
      accepted: true,
      lines: run.lines,
      participants: 200,
      crashes: { length: 4 },
    });
  },
  40 * MINUTE,
);
