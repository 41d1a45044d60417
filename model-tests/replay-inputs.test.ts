/** What `committer replay` takes: what TLC prints, with -tool and without, TLC's simulation files, and recorded runs. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SPEC_FOLDER } from '../src/checking/model/models.ts';
import {
  loadInputs,
  printReplay,
  replay,
  scheduleOfRecords,
  type Replay,
  type Replayable,
} from '../src/checking/replay/index.ts';
import { findJava, findTlcJar, runTlc, simulationFiles } from '../src/checking/tlc/index.ts';
import type { RecordText } from '../src/checking/validation/index.ts';
import { loadMlsInNode } from '../src/mls/node.ts';
import { parseRecord, printRecord, type RecordLine } from '../src/trace/record.ts';
import { localRun, recordsOf } from './validation/validate-local.ts';

const run = promisify(execFile);
const COMMITTER = fileURLToPath(new URL('../src/cli/committer.ts', import.meta.url));
const TSX = import.meta.resolve('tsx');
const MODEL = 'no-fresh-removed';

let folder: string;

beforeAll(async () => {
  loadMlsInNode();
  folder = await mkdtemp(join(tmpdir(), 'replay-inputs-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What TLC prints on a model. It ends with exit code 12: the invariant is violated. */
async function printed(...options: readonly string[]): Promise<string> {
  const args = [
    '-cp',
    findTlcJar(),
    `-Djava.io.tmpdir=${folder}`,
    'tlc2.TLC',
    '-metadir',
    join(folder, 'meta'),
  ];
  const model = ['-config', `models/ablations/${MODEL}.cfg`, 'Ablations.tla'];
  const ended = await run(findJava(), [...args, ...options, ...model], { cwd: SPEC_FOLDER }).catch(
    (error: unknown) => error as { code: number; stdout: string },
  );
  expect(ended).toMatchObject({ code: 12 });
  return ended.stdout;
}

async function only(file: string, config?: string): Promise<Replayable> {
  const [input] = await loadInputs([file], config);
  if (input === undefined || input.schedule === null) throw new Error('nothing to replay');
  return input;
}

async function committer(
  ...args: readonly string[]
): Promise<{ code: number; stdout: string; stderr: string }> {
  return await run(process.execPath, ['--import', TSX, COMMITTER, 'replay', ...args], { cwd: folder }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: unknown) => error as { code: number; stdout: string; stderr: string },
  );
}

describe('what TLC prints', () => {
  it.each([
    ['with -tool', ['-tool']],
    ['as people see it', []],
  ])('%s', async (name, options) => {
    const file = join(folder, `${name.replaceAll(' ', '-')}.txt`);
    await writeFile(file, `some words before\n${await printed(...options)}`);
    const input = await only(file, MODEL);
    expect(input).toMatchObject({ kind: 'tlc', wanted: undefined });
    expect(input.schedule).toMatchObject({ property: 'RemovedHasNoEpoch' });
    expect(input.schedule.steps).toHaveLength(16);
    const result = await replay(input.schedule);
    expect(result.verdict, printReplay(result)).toBe('leaked');
    await expect(loadInputs([file])).rejects.toMatchObject({ code: 'replay/no-config' });
  });

  it('in the files of a simulation, which name no action: it follows from the states', async () => {
    const files = join(folder, 'simulated');
    await runTlc({
      spec: join(SPEC_FOLDER, 'DesignatedCommitter.tla'),
      config: 'plain.cfg',
      extraFiles: { 'plain.cfg': await plainConfig() },
      deadlock: false,
      simulate: { traces: 15, files },
      depth: 60,
      seed: 3,
    });
    const config = join(folder, 'plain.cfg');
    await writeFile(config, await plainConfig());
    const actions = new Set<string>();
    let steps = 0;
    for (const file of await simulationFiles(files)) {
      const { kind, schedule } = await only(file, config);
      expect(kind).toBe('simulation');
      const result = await replay(schedule);
      expect(result.verdict, printReplay(result)).toBe('agree');
      for (const { action } of schedule.steps) actions.add(action ?? 'none');
      steps += schedule.steps.length;
    }
    expect(steps).toBeGreaterThan(300);
    for (const action of ['Join', 'AppendEntry', 'Found', 'Commit', 'Read', 'Claim', 'Lose', 'Resend'])
      expect(actions).toContain(action);
    expect(actions).not.toContain('none');
  });
});

/** The module as it is read: without views kept beside the log, and without `act`. */
async function plainConfig(): Promise<string> {
  const text = await readFile(join(SPEC_FOLDER, 'models/nightly/simulation6.cfg'), 'utf8');
  const limits = { Crashes: 0, Leaves: 0, Gone: 1, Claims: 2, Handovers: 2, Lost: 2 };
  return Object.entries(limits).reduce(
    (config, [name, limit]) => config.replace(new RegExp(`Max${name} = \\d+`), `Max${name} = ${limit}`),
    `SPECIFICATION Spec\n${text.slice(text.indexOf('CONSTANTS'))}`
      .replace(/^ *ViewAt.*\n/m, '')
      .replace(/^(?:INVARIANTS?|PROPERT(?:Y|IES)|VIEW|SYMMETRY).*\n/gm, ''),
  );
}

const change = (
  texts: readonly RecordText[],
  edit: (line: RecordLine, i: number) => RecordLine,
): RecordText[] => {
  let number = 0;
  return texts.map(({ name, text }) => ({
    name,
    text: printRecord(parseRecord(text).map((line) => edit(line, number++))),
  }));
};

describe('a recorded run', () => {
  let texts: readonly RecordText[];
  let result: Replay;

  beforeAll(async () => {
    texts = recordsOf(localRun(4, 5, 700, { losses: 3, lies: 2 }));
    result = await replay(scheduleOfRecords(texts));
  });

  it('is what fresh participants do, void entries and lost connections too', () => {
    expect(result.verdict, printReplay(result)).toBe('agree');
    const actions = new Set(result.rows.map(({ action }) => action));
    for (const action of ['Join', 'Read', 'Found', 'Commit', 'Lose', 'Void'])
      expect(actions).toContain(action);
    expect(result.rows.length).toBeGreaterThanOrEqual(150);
    expect(result.openings.opened).toBeGreaterThanOrEqual(10);
    expect(result.openings.refused).toBeGreaterThanOrEqual(50);
  });

  it('is told from one that says another state, view, draft or class of authenticators', async () => {
    const members = texts.flatMap(({ text }) => parseRecord(text));
    const at = members.findIndex(
      ({ authenticator, view }) => authenticator !== null && view.roster.length >= 2,
    );
    expect(at).toBeGreaterThanOrEqual(0);
    const edits: readonly [RegExp, (line: RecordLine) => RecordLine][] = [
      [/state: /, (line) => ({ ...line, state: 'waiting.idle' })],
      [/refresh: /, (line) => ({ ...line, view: { ...line.view, refresh: !line.view.refresh } })],
      [/roster: /, (line) => ({ ...line, view: { ...line.view, roster: line.view.roster.slice(1) } })],
      [/pending: /, (line) => ({ ...line, pending: { kind: 'claim', at: 1 } })],
      [/label/, (line) => ({ ...line, authenticator: 'another' })],
      [/no MLS group|an MLS group/, (line) => ({ ...line, authenticator: null })],
    ];
    for (const [reason, edit] of edits) {
      const altered = change(texts, (line, i) => (i === at ? edit(line) : line));
      const told = await replay(scheduleOfRecords(altered));
      expect(told.verdict).toBe('differs');
      expect(told.reason).toMatch(reason);
      expect(told.reason).toMatch(/^[\w-]+\.ndjson:\d+: /);
    }
  });

  it('one line that is none is an error', () => {
    const [first, ...others] = texts;
    const broken = [{ name: first!.name, text: `${first!.text}{}\n` }, ...others];
    expect(() => scheduleOfRecords(broken)).toThrow(/line \d+/);
  });
});

describe('committer replay', () => {
  it('says what is missing, and ends with 2', async () => {
    const file = join(folder, 'counterexample.txt');
    await writeFile(file, await printed());
    const without = await committer(file);
    expect(without).toMatchObject({ code: 2 });
    expect(without.stderr).toMatch(/counterexample\.txt: .*--config/);
    expect((await committer(file, '--config', 'no-such-model')).code).toBe(2);
    expect((await committer(join(folder, 'none.json'))).code).toBe(2);
    await writeFile(join(folder, 'words.txt'), 'nothing to replay');
    expect((await committer(join(folder, 'words.txt'))).code).toBe(2);
  });

  it('writes a page beside, and JSON on the last line', async () => {
    const file = join(folder, 'counterexample.txt');
    const { code, stdout } = await committer(file, '--config', MODEL, '--html', '--json');
    expect(code).toBe(0);
    expect(stdout).toContain('counterexample.replay.html');
    const page = await readFile(join(folder, 'counterexample.replay.html'), 'utf8');
    expect(page).toContain('leaked at step 16');
    const { traces } = JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as { traces: object[] };
    expect(traces).toMatchObject([
      { file: 'counterexample.txt', steps: 16, verdict: 'leaked', step: 16, asExpected: true },
    ]);
  });
});
