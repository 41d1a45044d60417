import { describe, expect, it } from 'vitest';
import { parseValue } from '../../trace/index.ts';
import { TlcCollector } from './collector.ts';
import { fixtureText } from './fixtures/index.ts';
import { verdict } from './index.ts';
import type { TlcProgress, TlcResult } from './index.ts';
import { TlcMessageReader } from './messages.ts';

/** The result of an output that TLC 2.18 wrote, given to the reader in pieces of `size` characters. */
function resultOf(
  name: string,
  exitCode: number | undefined,
  size = 1_000,
  temporal: readonly string[] = [],
): TlcResult {
  return collect(fixtureText(`output/${name}.txt`), exitCode, size, temporal);
}

function collect(
  text: string,
  exitCode: number | undefined,
  size = 1_000,
  temporal: readonly string[] = [],
): TlcResult {
  const collector = new TlcCollector({ simulate: false, temporalProperties: temporal });
  const reader = new TlcMessageReader(
    (message) => collector.message(message),
    (line) => collector.line(line),
  );
  for (let at = 0; at < text.length; at += size) reader.push(text.slice(at, at + size));
  reader.end();
  return collector.result(exitCode, 1);
}

describe('a model that holds', () => {
  const result = resultOf('holds', 0);

  it('has its counts', () => {
    expect(verdict(result.outcome)).toBe('holds');
    expect(result).toMatchObject({ initialStates: 1, statesGenerated: 27, statesDistinct: 21, depth: 6 });
    expect(result.version).toBe('TLC2 Version 2.18 of 20 March 2023');
    expect(result.trace).toBeUndefined();
  });

  it('has its states by action, which sum to all states', () => {
    const coverage = result.coverage ?? {};
    expect(coverage['Serve']).toEqual({ distinct: 8, generated: 10 });
    const sum = (of: 'distinct' | 'generated'): number =>
      Object.values(coverage).reduce((n, a) => n + a[of], 0);
    expect([sum('generated'), sum('distinct')]).toEqual([27, 21]);
  });

  it('reads the same however the output is cut', () => {
    for (const size of [1, 2, 3, 7, 64, 100_000]) expect(resultOf('holds', 0, size)).toEqual(result);
    const windows = fixtureText('output/holds.txt').replaceAll('\n', '\r\n');
    expect(collect(windows, 0)).toEqual(result);
  });
});

it('what a module prints of its states so far is progress, and no output', () => {
  const seen: TlcProgress[] = [];
  const onProgress = (progress: TlcProgress): void => void seen.push(progress);
  const collector = new TlcCollector({ simulate: false, temporalProperties: [], onProgress });
  for (const line of ['<<"states so far", 3000>>', '<<"states so far", "3000">>', '"ü"'])
    collector.line(line);
  expect(seen).toEqual([{ statesGenerated: 0, statesDistinct: 3000 }]);
  expect(collector.result(undefined, 1).output).toEqual(['<<"states so far", "3000">>', '"ü"']);
});

describe('a violated property', () => {
  it('invariant: name, steps, places, values', () => {
    const { outcome, trace } = resultOf('invariant', 12);
    expect(outcome).toEqual({ kind: 'violated', what: 'invariant', property: 'NoTwoWaiting' });
    expect(trace?.variables).toEqual(['next', 'held', 'act', 'served', 'log']);
    expect(trace?.steps.map(({ action }) => action)).toEqual(['Initial predicate', 'Draw', 'Draw']);
    expect(trace?.steps[0]?.location).toBeUndefined();
    expect(trace?.steps[1]?.location).toEqual({
      module: 'Tickets',
      line: 21,
      column: 3,
      endLine: 27,
      endColumn: 21,
    });
    expect(trace?.steps[2]?.state['held']).toEqual(parseValue('(alice :> 1 @@ bob :> 2)'));
    expect(trace?.steps[1]?.state['log']).toEqual(
      parseValue(String.raw`<<[customer |-> alice, note |-> "drew \"1\" \\ ticket"]>>`),
    );
  });

  it('in an initial state', () => {
    const { outcome, trace } = resultOf('initial-state', 12);
    expect(verdict(outcome)).toBe('NotStarted');
    expect(trace).toEqual({
      variables: ['colour'],
      steps: [{ action: 'Initial predicate', state: { colour: -1 } }],
    });
  });

  it('deadlock', () => {
    const { outcome, trace } = resultOf('deadlock', 11);
    expect([verdict(outcome), trace?.steps.length]).toEqual(['Deadlock', 5]);
  });

  it('temporal: how it goes on for ever, and the name of a single property', () => {
    expect(resultOf('lasso', 13).trace).toMatchObject({ lasso: 2, steps: { length: 4 } });
    expect(resultOf('stuttering', 13).trace).toMatchObject({ lasso: 'stuttering', steps: { length: 3 } });
    expect(verdict(resultOf('lasso', 13).outcome)).toBe('Temporal');
    expect(verdict(resultOf('lasso', 13, 99, ['StopsAtTwo']).outcome)).toBe('StopsAtTwo');
    expect(verdict(resultOf('lasso', 13, 99, ['A', 'B']).outcome)).toBe('Temporal');
  });
});

describe('no verdict', () => {
  const messageOf = (name: string, exitCode: number): string => {
    const { outcome } = resultOf(name, exitCode);
    return outcome.kind === 'error' ? `${outcome.code}: ${outcome.message}` : verdict(outcome);
  };

  it('says what TLC says, also in nested messages', () => {
    expect(messageOf('broken', 150)).toMatch(/^parse: [^]*Encountered "Beginning of definition" at line 5/);
    expect(messageOf('evaluation-error', 76)).toMatch(
      /^evaluation: .*CannotEvaluate failed\.\n.*Head to the empty seq/,
    );
    expect(messageOf('no-config', 255)).toMatch(/^general: [^]*File not found/);
    expect(resultOf('evaluation-error', 76).trace?.steps).toHaveLength(3);
  });

  it('where exit code and messages differ', () => {
    expect(messageOf('holds', 12)).toMatch(/^inconsistent/);
    expect(messageOf('invariant', 0)).toMatch(/^inconsistent/);
    expect(messageOf('invariant', 11)).toMatch(/^inconsistent/);
    expect(messageOf('broken', 0)).toMatch(/^inconsistent/);
    expect(messageOf('invariant', 99)).toMatch(/^unknown-exit-code: 99/);
    expect(verdict(resultOf('invariant', undefined).outcome)).toBe('error: killed');
    expect(verdict(collect('', 0).outcome)).toBe('error: inconsistent');
  });

  it('output that is cut off or mixed up', () => {
    const cut = fixtureText('output/holds.txt').split('@!@!@STARTMSG 2193')[0]!;
    expect(verdict(collect(`${cut}@!@!@STARTMSG 2193:0 @!@!@\nModel check`, 0).outcome)).toBe(
      'error: inconsistent',
    );
    expect(() => collect('@!@!@STARTMSG 1:0 @!@!@\n@!@!@ENDMSG 2 @!@!@\n', 0)).toThrow(
      /message 2 ends, but 1 was open/,
    );
    expect(() => collect('@!@!@ENDMSG 2 @!@!@\n', 0)).toThrow(/none was open/);
    expect(() => collect('@!@!@STARTMSG 1:0 @!@!@\n'.repeat(50), 0)).toThrow(/too deeply/);
    const state = (body: string): string => `@!@!@STARTMSG 2217:4 @!@!@\n${body}\n@!@!@ENDMSG 2217 @!@!@\n`;
    expect(() => collect(state('2: <Next>\nx = 1'), 12)).toThrow(/state 2 follows state 0/);
    expect(() => collect(state('1: <Next>\nx = '), 12)).toThrow(/message 2217/);
    expect(() => collect(state('x = 1'), 12)).toThrow(/without its number/);
  });
});

describe('other versions and modes', () => {
  it('reads parameters of an action where TLC prints them', () => {
    const text = '@!@!@STARTMSG 2217:4 @!@!@\n1: <Init>\nx = 1\n@!@!@ENDMSG 2217 @!@!@\n';
    const next = text.replace(
      '1: <Init>',
      '2: <Draw(alice, {1}) line 1, col 2 to line 3, col 4 of module M>',
    );
    expect(collect(text + next, 0).trace?.steps[1]).toMatchObject({
      action: 'Draw',
      parameters: [{ value: { kind: 'model', name: 'alice' } }, { value: { kind: 'set' } }],
      location: { module: 'M', line: 1, endColumn: 4 },
    });
  });

  it('reads progress with and without rates, and of a simulation', () => {
    const seen: TlcProgress[] = [];
    const onProgress = (progress: TlcProgress): void => void seen.push(progress);
    const collector = new TlcCollector({ simulate: true, temporalProperties: [], onProgress });
    const at = 'at 2026-01-01 00:00:00:';
    const texts = [
      [
        2200,
        `Progress(5) ${at} 1,019 states generated (2,091 s/min), 1,017 distinct states found (9 ds/min), 3 states left on queue.`,
      ],
      [2200, `Progress(5) ${at} 27 states generated, 21 distinct states found, 0 states left on queue.`],
      [2209, `Progress(-1) ${at} 16 states generated, -1 distinct states found, -1 states left on queue.`],
    ] as const;
    for (const [code, text] of texts) collector.message({ code, severity: 0, text });
    expect(seen).toEqual([
      { statesGenerated: 1019, statesDistinct: 1017, statesLeft: 3 },
      { statesGenerated: 27, statesDistinct: 21, statesLeft: 0 },
      { statesGenerated: 16 },
    ]);
    expect(verdict(collector.result(0, 1).outcome)).toBe('holds');
  });

  it('keeps a bounded number of lines', () => {
    expect(collect('line\n'.repeat(5_000), 1).output).toHaveLength(200);
  });
});
