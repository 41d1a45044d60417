import { describe, expect, it } from 'vitest';
import { count, inWords, sum } from './count.mjs';

const json = (value, ok = true) => ({ ok, output: `progress\n${JSON.stringify(value)}\n` });

describe('counting the cases of a suite', () => {
  it('counts models by expected and found', () => {
    const models = [
      { name: 'a', expected: 'holds', found: 'holds' },
      { name: 'b', expected: 'Agreement', found: 'holds' },
      { name: 'c' },
      {
        name: 'd',
        expected: 'holds',
        found: 'holds',
        surprises: ['expected 571 distinct states, found 570'],
      },
      { name: 'e', expected: 'NoFork', found: 'NoFork', surprises: [] },
    ];
    expect(count('json', json({ unexpected: 3, models }, false))).toMatchObject({ passed: 2, failed: 3 });
  });

  it('counts graphs by equality and traces by verdict', () => {
    expect(
      count(
        'json',
        json({
          models: [
            { name: 'a', equal: true },
            { name: 'b', equal: false },
          ],
        }),
      ),
    ).toMatchObject({
      passed: 1,
      failed: 1,
    });
    const traces = [
      { file: 'x', verdict: 'forked', asExpected: true },
      { file: 'y', verdict: 'agree', asExpected: false },
    ];
    expect(count('json', json({ traces }))).toMatchObject({ passed: 1, failed: 1 });
  });

  it('fails what saw no case, printed no JSON, or ended badly', () => {
    expect(count('json', json({ models: [] })).failed).toBe(1);
    expect(count('json', { ok: true, output: 'nothing' }).failed).toBe(1);
    expect(
      count('json', json({ traces: [{ file: 'x', verdict: 'agree', asExpected: true }] }, false)),
    ).toMatchObject({
      passed: 1,
      failed: 1,
    });
    expect(count('vitest', { ok: true, output: '', report: '' }).failed).toBe(1);
    expect(
      count('cargo', { ok: true, output: 'test result: ok. 0 passed; 0 failed; 0 ignored;' }).failed,
    ).toBe(1);
  });

  it('does not take skipped cases for passed ones', () => {
    const report = JSON.stringify({
      testResults: [{ name: 'f', status: 'passed', assertionResults: [{ status: 'pending' }] }],
    });
    expect(count('vitest', { ok: true, output: '', report })).toMatchObject({
      passed: 0,
      failed: 1,
      skipped: 1,
    });
  });

  it('counts mutants: those that nobody caught have failed', () => {
    const mutants = { mutants: 50, killed: 49, explained: 1, survived: 0, problems: 0 };
    const counted = (row) => count('json', { ok: true, output: JSON.stringify(row) });
    expect(counted(mutants)).toMatchObject({ passed: 50, failed: 0 });
    expect(counted({ ...mutants, explained: 0, survived: 1 })).toMatchObject({ passed: 49, failed: 1 });
    expect(counted({ ...mutants, problems: 2 })).toMatchObject({ failed: 2 });
  });

  it('counts the schedules of a soak, what did not hold, and memory that grows', () => {
    const soak = { schedules: 40, steps: 900, forks: 0, stuck: 0, crashes: 0, memoryGrows: false };
    const counted = (result) => count('json', { ok: true, output: JSON.stringify(result) });
    expect(counted(soak)).toMatchObject({ passed: 40, failed: 0 });
    expect(counted({ ...soak, forks: 1 })).toMatchObject({ passed: 40, failed: 1 });
    expect(counted({ ...soak, stuck: 1, memoryGrows: true })).toMatchObject({ failed: 2 });
  });

  it('counts a test file that could not be loaded', () => {
    const report = JSON.stringify({
      testResults: [
        { name: 'f', status: 'failed', assertionResults: [] },
        { name: 'g', status: 'passed', assertionResults: [{ status: 'passed' }, { status: 'todo' }] },
      ],
    });
    expect(count('vitest', { ok: false, output: '', report })).toMatchObject({
      passed: 1,
      failed: 1,
      skipped: 1,
    });
  });

  it('notes the name of a failed case and how its message begins', () => {
    const failed = {
      status: 'failed',
      fullName: 'a call heals',
      failureMessages: [`expected 1\n${'at\n'.repeat(99)}`],
    };
    const report = JSON.stringify({
      testResults: [{ name: 'g.ts', status: 'failed', assertionResults: [failed] }],
    });
    const { notes } = count('vitest', { ok: true, output: '', report });
    expect(notes[0]).toMatch(/^g\.ts: a call heals\n {4}expected 1\n/);
    expect(notes[0].split('\n')).toHaveLength(13);
  });

  it('adds up the binaries of cargo test', () => {
    const output = [3, 4]
      .map((n) => `test result: ok. ${n} passed; 0 failed; 1 ignored; 0 measured`)
      .join('\n');
    expect(
      inWords(sum([count('cargo', { ok: true, output }), count('tool', { ok: true, output: '' })])),
    ).toBe('8 passed, 0 failed, 2 skipped');
  });
});
