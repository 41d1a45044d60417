import { PassThrough } from 'node:stream';
import { afterEach, expect, test, vi } from 'vitest';
import { progressLine } from './output.ts';

afterEach(() => void vi.useRealTimers());

function written(
  isTTY: boolean,
  steps: (show: (text: string) => void, pass: (ms: number) => void) => void,
): string {
  vi.useFakeTimers({ toFake: ['performance'] });
  const out = new PassThrough();
  const stream = Object.assign(out, { isTTY, columns: 10 }) as unknown as NodeJS.WriteStream;
  const line = progressLine(stream);
  steps(line.show, (ms) => void vi.advanceTimersByTime(ms));
  line.end();
  return String(out.read() ?? '');
}

test('on a terminal the line is replaced, and is no longer than it', () => {
  const text = written(true, (show) => {
    show('one');
    show('a longer line than the terminal');
  });
  expect(text).toBe('\r\x1b[Kone\r\x1b[Ka longer \r\x1b[K');
});

test('elsewhere there is a line a minute', () => {
  const text = written(false, (show, pass) => {
    for (let step = 0; step < 180; step++) {
      pass(1_000);
      show(`step ${String(step)}`);
    }
  });
  expect(text).toBe('step 59\nstep 119\nstep 179\n');
});
