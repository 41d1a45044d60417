import { describe, expect, it } from 'vitest';
import { fixtureText } from '../../tlc/fixtures/index.ts';
import { kindOf } from './load.ts';
import { readPlainOutput, readToolOutput } from './tlcOutput.ts';

const output = (name: string): string => fixtureText(`output/${name}`);

/** What TLC prints without `-tool` is in the messages of `-tool`, the states with a word before their number. */
const plain = (text: string): string =>
  text
    .replace(
      /^@!@!@STARTMSG (\d+):(\d+) @!@!@\n(\d+: )?/gm,
      (_, code: string, severity: string, state?: string) =>
        code === '2217' || code === '2218' || code === '2122'
          ? `State ${state ?? ''}`
          : severity === '1'
            ? 'Error: '
            : '',
    )
    .replace(/^State (\d+): Back to state:/gm, 'Back to state $1:')
    .replace(/^@!@!@ENDMSG \d+ @!@!@\n/gm, '');

describe('what TLC printed', () => {
  it.each([
    ['invariant.txt', 'NoTwoWaiting', undefined],
    ['stuttering.txt', 'Temporal', 'stuttering'],
    ['deadlock.txt', 'Deadlock', undefined],
  ])('%s, with -tool and without', (file, property, lasso) => {
    const text = output(file);
    const tool = readToolOutput(text);
    expect(tool.property).toBe(property);
    expect(tool.trace.lasso).toBe(lasso);
    expect(tool.trace.steps.length).toBeGreaterThanOrEqual(3);
    expect(kindOf(text)).toBe('tlc');
    expect(kindOf(plain(text))).toBe('tlc');
    expect(readPlainOutput(plain(text))).toEqual(tool);
  });

  it('a lasso goes back to a state', () => {
    const { trace } = readToolOutput(output('lasso.txt'));
    expect(trace.lasso).toBeTypeOf('number');
    expect(readPlainOutput(plain(output('lasso.txt'))).trace.lasso).toBe(trace.lasso);
  });

  it('without a behaviour is nothing to replay', () => {
    expect(() => readToolOutput(output('holds.txt'))).toThrow(
      expect.objectContaining({ code: 'replay/no-trace' }),
    );
    expect(() => readPlainOutput(plain(output('holds.txt')))).toThrow(
      expect.objectContaining({ code: 'replay/no-trace' }),
    );
    expect(() => kindOf('State of the art\n')).toThrow(expect.objectContaining({ code: 'replay/no-trace' }));
    expect(() => kindOf('')).toThrow(expect.objectContaining({ code: 'replay/no-trace' }));
  });

  it('that makes no sense is an error of TLC’s output', () => {
    const text = plain(output('invariant.txt'));
    expect(() => readPlainOutput(text.replace('State 2:', 'State 3:'))).toThrow(
      expect.objectContaining({ code: 'tlc/output-malformed' }),
    );
    expect(() => readPlainOutput(text.replace('next = 2', 'next = <<'))).toThrow(
      expect.objectContaining({ code: 'tlc/output-malformed' }),
    );
  });
});

describe('the kind of a text', () => {
  it.each([
    ['record', '{"v":1,"participant":"a","line":1}\n{"v":1}'],
    ['itf', '{\n  "#meta": {},\n  "vars": []'],
    ['itf', '{"vars":["x"],"states":[]}'],
    ['simulation', '---------------- MODULE t_0_1 -----------------\nSTATE_1 == \n/\\ x = 1\n\n======\n'],
  ])('%s', (kind, text) => {
    expect(kindOf(text)).toBe(kind);
  });
});
