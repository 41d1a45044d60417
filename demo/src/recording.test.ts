import { expect, test } from 'vitest';
import { parseRecordFile } from '../../src/trace/record.ts';
import { withNames } from './recording.ts';

test('names stand before the lines, which stay as they are; nothing recorded stays nothing', () => {
  const names = new Map([
    ['a1', 'Anna'],
    ['b2', 'Ben "the" Second\u2028'],
  ]);
  expect(withNames('', names)).toBe('');
  const whole = withNames('{"v":1}\n', names);
  expect(whole.endsWith('}\n{"v":1}\n')).toBe(true);
  expect(parseRecordFile(withNames('\n', names).trimEnd()).names).toEqual(names);
});
