/** The parts of the benchmark of calls that need no browser. */
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ARMS, buildArm, type Arm } from './arms.ts';
import { groupTime, processTime } from './processor.ts';
import { callGroup, type CallRun } from './rows.ts';

const run = (arm: string, cores: number, change: Partial<CallRun> = {}): CallRun => ({
  arm,
  processes: new Map([['renderer', cores / 2], ['browser', cores / 2]]), // prettier-ignore
  service: 0.1,
  sent: 60,
  decoded: 180,
  audioPacket: arm === ARMS[0].name ? 80 : 60,
  ...change,
});
const runs = ARMS.flatMap(({ name }, i) => [run(name, 3 - i), run(name, 4 - i), run(name, 3.5 - i)]);

describe('rows of calls', () => {
  test('set production beside each other arm, by medians', () => {
    const { rows } = callGroup(runs);
    expect(rows).toHaveLength(14);
    const browser = rows.filter(({ case: name }) => name.startsWith('call of four, browser:'));
    expect(browser.map(({ ours, reference }) => [ours, reference])).toEqual([[3.5, 2.5], [3.5, 1.5]]); // prettier-ignore
    for (const { repetitions } of rows) expect(repetitions).toEqual([3, 3]);
  });

  test('need each arm, and frames in each call', () => {
    expect(() => callGroup([])).toThrow(RangeError);
    expect(() => callGroup(runs.slice(0, 6))).toThrow(RangeError);
    expect(() => callGroup([...runs, run(ARMS[1].name, 1, { decoded: 0 })])).toThrow('no frames');
  });

  test('refuse arms that are not what they say', () => {
    const alike = runs.map((it) => ({ ...it, audioPacket: 80 }));
    expect(() => callGroup(alike)).toThrow('not encrypted');
  });
});

describe('pages', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bench-call-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** All scripts of the page of an arm. */
  const scriptsOf = async (arm: Arm): Promise<string> => {
    const out = join(folder, arm.name);
    await buildArm(arm, out);
    const names = (await readdir(out, { recursive: true })).filter((name) => name.endsWith('.js'));
    expect(names.length).toBeGreaterThan(1);
    return (await Promise.all(names.map((name) => readFile(join(out, name), 'utf8')))).join('\n');
  };

  test('differ in what is replaced', async () => {
    const LABEL = 'SFrame 1.0 Secret key';
    const GUARD = 'encodedInsertableStreams';
    const found: boolean[][] = [];
    for (const arm of ARMS) {
      const scripts = await scriptsOf(arm);
      found.push([scripts.includes(LABEL), scripts.includes(GUARD)]);
    }
    expect(found).toEqual([[true, true], [false, true], [true, false]]); // prettier-ignore
  });

  test('that replace nothing are refused', async () => {
    const arm: Arm = { name: 'nothing', replaced: [join(folder, 'no.ts'), join(folder, 'other.ts')] };
    await expect(buildArm(arm, join(folder, 'nothing'))).rejects.toThrow('nothing imports');
  });
});

test.runIf(process.platform === 'linux')('processor time is that of the operating system', () => {
  const ends = performance.now() + 200;
  const before = processTime(process.pid);
  while (performance.now() < ends) void Math.random();
  expect(processTime(process.pid)).toBeGreaterThan(before);
  expect(() => processTime(2 ** 30)).toThrow('ended');
  expect(() => groupTime(2 ** 30)).toThrow('no processes');
});
