import { expect, test } from 'vitest';
import { periodsIn } from './periods.ts';

test.each([
  ['', {}],
  ['?rotation=5', { rotationMs: 5_000 }],
  ['?silence=2.5&rotation=3600&other=1', { rotationMs: 3_600_000, silenceMs: 2_500 }],
  ['?rotation=1&rotation=9', { rotationMs: 1_000 }],
])('%s sets %o', (search, periods) => {
  expect(periodsIn(search)).toEqual(periods);
});

test.each(['0', '0.999', '3600.001', '3601', '-5', '1e3', '0x10', ' 5', '5 ', '', 'NaN', 'Infinity', '5,5'])(
  'rotation=%s is ignored',
  (text) => expect(periodsIn(`?rotation=${encodeURIComponent(text)}`)).toEqual({}),
);
