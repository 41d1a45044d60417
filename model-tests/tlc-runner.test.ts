import { copyFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fixture, fixtureText } from '../src/checking/tlc/fixtures/index.ts';
import {
  TlcError,
  findTlcJar,
  readDot,
  readSimulationFile,
  runTlc,
  simulationFiles,
  traceToItf,
  verdict,
} from '../src/checking/tlc/index.ts';
import type { TlcProgress, TlcRequest, TlcResult } from '../src/checking/tlc/index.ts';
import { printState, printTrace, readItf, writeItf } from '../src/trace/index.ts';

let folder = '';
let oldTmp: string | undefined;

// A temporary folder of the test's own, so that what a run leaves behind can be seen.
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tlc-runner-test-'));
  oldTmp = process.env['TMPDIR'];
  process.env['TMPDIR'] = folder;
});
afterEach(async () => {
  if (oldTmp === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = oldTmp;
  await rm(folder, { recursive: true, force: true });
});

async function run(module: string, config: string, more: Partial<TlcRequest> = {}): Promise<TlcResult> {
  const files = { spec: fixture(`${module}.tla`), config: fixture(`${config}.cfg`) };
  return await runTlc({ ...files, deadlock: true, heapMb: 256, ...more });
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof TlcError ? error.code : String(error);
}

describe('verdicts', () => {
  const expected: readonly (readonly [string, string, string, number])[] = [
    ['Tickets', 'holds', 'holds', 0],
    ['Tickets', 'invariant', 'NoTwoWaiting', 12],
    ['Tickets', 'deadlock', 'Deadlock', 11],
    ['Tickets', 'stuttering', 'EventuallyClosed', 13],
    ['Tickets', 'action-property', 'NeverForward', 13],
    ['Tickets', 'config-error', 'error: config', 151],
    ['Lamp', 'lasso', 'StopsAtTwo', 13],
    ['Lamp', 'initial-state', 'NotStarted', 12],
    ['Lamp', 'evaluation-error', 'error: evaluation', 76],
    ['Broken', 'broken', 'error: parse', 150],
  ];
  it.each(expected)('%s with %s: %s', async (module, config, found, exitCode) => {
    const result = await run(module, config);
    expect([verdict(result.outcome), result.exitCode]).toEqual([found, exitCode]);
    expect(await readdir(folder)).toEqual([]);
  });

  it('a deadlock is none where it is allowed', async () => {
    expect(verdict((await run('Tickets', 'deadlock', { deadlock: false })).outcome)).toBe('holds');
  });
});

describe('what a run gives', () => {
  it('counts, coverage, progress and the graph, the same each time', async () => {
    const progress: TlcProgress[] = [];
    const runs = [];
    for (const name of ['one', 'two.dot']) {
      const dump = join(folder, name);
      const onProgress = (seen: TlcProgress): void => void progress.push(seen);
      const { seconds, ...result } = await run('Tickets', 'holds', { coverage: true, dump, onProgress });
      expect(seconds).toBeGreaterThan(0);
      runs.push(result);
    }
    expect(runs[0]).toMatchObject({ statesGenerated: 27, statesDistinct: 21, depth: 6, initialStates: 1 });
    expect(runs[0]?.coverage?.['Draw']).toEqual({ distinct: 8, generated: 8 });
    expect(runs[1]).toEqual(runs[0]);
    expect(progress.length).toBeGreaterThanOrEqual(2);
    const graphs = await Promise.all(['one.dot', 'two.dot'].map((name) => graphOf(join(folder, name))));
    expect(graphs[1]).toEqual(graphs[0]);
    expect(graphs[0]?.states.size).toBe(21);
    expect(graphs[0]?.edges).toBe(26);
  });

  it('a trace that becomes ITF and a text', async () => {
    const { trace } = await run('Lamp', 'lasso');
    const description = {
      source: 'Lamp.tla',
      config: 'lasso.cfg',
      rule: 'none',
      description: '',
      property: 'StopsAtTwo',
    };
    const itf = readItf(writeItf(traceToItf(trace!, description)));
    expect(itf).toMatchObject({ loop: 1, states: { length: 4 } });
    expect(printTrace(trace!).split('\n').slice(1)).toEqual([
      '2. Warm  colour: -1 -> 0',
      '3. Turn  colour: 0 -> 1',
      '4. Turn  colour: 1 -> 2',
      '5. (back to state 2)',
    ]);
  });

  it('simulated traces, the same for the same seed', async () => {
    const texts = [];
    for (const name of ['a', 'b']) {
      const files = join(folder, name);
      const result = await run('Tickets', 'holds', { simulate: { traces: 5, files }, depth: 6, seed: 7 });
      expect(verdict(result.outcome)).toBe('holds');
      expect(result.statesGenerated).toBeGreaterThan(5);
      const paths = await simulationFiles(files);
      expect(paths).toHaveLength(5);
      texts.push(await Promise.all(paths.map(async (path) => printTrace(await readSimulationFile(path)))));
    }
    expect(texts[1]).toEqual(texts[0]);
    expect(verdict((await run('Tickets', 'invariant', { simulate: { traces: 50 }, seed: 1 })).outcome)).toBe(
      'NoTwoWaiting',
    );
  });

  it('runs at the same time do not meet', async () => {
    const names = ['holds', 'invariant', 'holds', 'deadlock'];
    const results = await Promise.all(names.map((name) => run('Tickets', name)));
    expect(results.map(({ outcome }) => verdict(outcome))).toEqual([
      'holds',
      'NoTwoWaiting',
      'holds',
      'Deadlock',
    ]);
  });
});

describe('requests', () => {
  it('modules that are made up, extending some on disk', async () => {
    const module = '---- MODULE Made ----\nEXTENDS Lamp, TLC\nText == "ü"\nASSUME PrintT(Text)\n====\n';
    const extraFiles = {
      'Made.tla': module,
      'Made.cfg': fixtureText('lasso.cfg').replace('StopsAtTwo', 'Spec'),
    };
    const request = {
      spec: 'Made.tla',
      config: 'Made.cfg',
      extraFiles,
      modulesFrom: [fixture('.')],
      deadlock: true,
    };
    const result = await runTlc(request);
    expect(verdict(result.outcome)).toBe('holds');
    expect(result.output).toContain('"ü"');
    expect(await readdir(folder)).toEqual([]);
  });

  it('that cannot be run', async () => {
    expect(await codeOf(run('Tickets', 'none'))).toBe('tlc/bad-request');
    expect(await codeOf(run('None', 'holds'))).toBe('tlc/bad-request');
    expect(await codeOf(run('Tickets', 'holds', { workers: 0 }))).toBe('tlc/bad-request');
    expect(await codeOf(run('Tickets', 'holds', { extraFiles: { '../x.tla': '' } }))).toBe('tlc/bad-request');
    expect(await codeOf(run('Tickets', 'holds', { modulesFrom: [join(folder, 'none')] }))).toBe(
      'tlc/bad-request',
    );
    expect(await readdir(folder)).toEqual([]);
  });

  it('that are aborted, before and in the middle', async () => {
    expect(await codeOf(run('Tickets', 'holds', { signal: AbortSignal.abort() }))).toBe('tlc/aborted');
    const endless =
      "---- MODULE Endless ----\nEXTENDS Naturals\nVARIABLE x\nInit == x = 0\nNext == x' = x + 1\n====\n";
    const extraFiles = { 'Endless.tla': endless, 'Endless.cfg': 'INIT Init\nNEXT Next\n' };
    const signal = AbortSignal.timeout(4_000);
    const request = { spec: 'Endless.tla', config: 'Endless.cfg', extraFiles, deadlock: true, signal };
    expect(await codeOf(runTlc(request))).toBe('tlc/aborted');
    expect(await readdir(folder)).toEqual([]);
  });

  it('with another jar than the one that the setup fetched', async () => {
    const { TLA2TOOLS_JAR } = process.env;
    try {
      const jar = join(folder, 'other.jar');
      await copyFile(findTlcJar(), jar);
      process.env['TLA2TOOLS_JAR'] = jar;
      expect(findTlcJar()).toBe(jar);
      expect((await run('Tickets', 'holds')).version).toMatch(/^TLC2 Version/);
      await writeFile(jar, 'no jar');
      expect(verdict((await run('Tickets', 'holds')).outcome)).toBe('error: options');
    } finally {
      restore('TLA2TOOLS_JAR', TLA2TOOLS_JAR);
    }
  });

  it('without Java or without the jar', async () => {
    const { PATH, JAVA_HOME, TLA2TOOLS_JAR } = process.env;
    try {
      process.env['TLA2TOOLS_JAR'] = join(folder, 'none.jar');
      expect(await codeOf(run('Tickets', 'holds'))).toBe('tlc/jar-missing');
      restore('TLA2TOOLS_JAR', TLA2TOOLS_JAR);
      process.env['PATH'] = folder;
      delete process.env['JAVA_HOME'];
      expect(await codeOf(run('Tickets', 'holds'))).toBe('tlc/java-missing');
    } finally {
      restore('PATH', PATH);
      restore('JAVA_HOME', JAVA_HOME);
      restore('TLA2TOOLS_JAR', TLA2TOOLS_JAR);
    }
    expect(await readdir(folder)).toEqual([]);
  });
});

function restore(name: string, value: string | undefined): void {
  if (value === undefined) Reflect.deleteProperty(process.env, name);
  else process.env[name] = value;
}

async function graphOf(
  path: string,
): Promise<{ readonly states: ReadonlyMap<string, string>; readonly edges: number }> {
  const states = new Map<string, string>();
  let edges = 0;
  for await (const item of readDot(path)) {
    if (item.kind === 'node') states.set(item.id, printState(item.state()));
    else edges += 1;
  }
  return { states, edges };
}
