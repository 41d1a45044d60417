import { afterEach, describe, expect, it, vi } from 'vitest';
import { printJson, readArguments, wholeNumber } from './options.ts';
import { WrongUse } from './wrongUse.ts';

const said: string[] = [];
vi.spyOn(console, 'log').mockImplementation((text: string) => void said.push(text));
afterEach(() => void said.splice(0));

describe('the arguments of a command', () => {
  it('are its own and the common ones', () => {
    const line = readArguments(['one', '--json', '--workers', '2', 'two'], 'usage', {
      workers: { type: 'string' },
      quiet: { type: 'boolean', default: false },
    });
    expect(line?.values).toMatchObject({ json: true, workers: '2', quiet: false });
    expect(line?.positionals).toEqual(['one', 'two']);
    expect(said).toEqual([]);
  });

  it.each(['--help', '-h'])('are none where %s asks for the usage', (help) => {
    expect(readArguments(['one', help], 'usage', {})).toBeUndefined();
    expect(said).toEqual(['usage']);
  });

  it('that there are not are wrong use', () => {
    expect(() => readArguments(['--nothing'], 'usage', {})).toThrow(/--nothing/);
  });

  it('are numbers within limits', () => {
    expect(wholeNumber('workers', undefined, 1, 9)).toBeUndefined();
    expect(wholeNumber('workers', '9', 1, 9)).toBe(9);
    for (const text of ['10', '0', '-1', '1.5', '1e1', ' 1', 'many', '', '0x1'])
      expect(() => wholeNumber('workers', text, 1, 9)).toThrow(WrongUse);
  });
});

it('JSON is printed where it is asked for', () => {
  printJson(false, { a: 1 });
  printJson(true, { a: 1 });
  expect(said).toEqual(['{"a":1}']);
});
