/** The parts of a benchmark that are no measurement. */
import { describe, expect, test } from 'vitest';
import { chart, decades, type Curve } from './chart.ts';
import { measure, median } from './measure.ts';
import { chooseBatch } from './mls/choice.ts';
import { figure, ratioOf, row, type Row } from './row.ts';

describe('a row', () => {
  const given = { case: 'x', unit: 'ms', ours: 2, reference: 8, repetitions: [3, 1] } as const;

  test('holds the ratio of ours to the reference', () => {
    expect(row(given).ratio).toBe(0.25);
    expect(row({ ...given, reference: null, repetitions: [3, 0] }).ratio).toBeNull();
    expect([ratioOf(1, 0), ratioOf(1, Number.NaN)]).toEqual([null, null]);
  });

  test('of nothing is refused', () => {
    expect(() => row({ ...given, repetitions: [0, 1] })).toThrow(RangeError);
    expect(() => row({ ...given, repetitions: [3, 0] })).toThrow(RangeError);
    expect(() => row({ ...given, ours: median([]) })).toThrow(RangeError);
  });

  test('is printed with three figures', () => {
    expect([0.01234, 0.5, 1.234, 123.4, 12_345, 0, null].map(figure)).toEqual(
      ['0.0123', '0.500', '1.23', '123', '12,345', '0', '-'], // prettier-ignore
    );
  });
});

describe('measuring', () => {
  test('takes the median', () => {
    expect([median([3, 1, 2]), median([4, 1, 2, 3]), median([])]).toEqual([2, 2.5, Number.NaN]);
  });

  test('prepares each repetition anew, warms up, and stops at most', async () => {
    let [prepared, done] = [0, 0];
    const ran: number[] = [];
    const effort = { least: 2, most: 4, budget: 1e9, warmUp: 3 };
    const { repetitions } = await measure(effort, {
      prepare: () => prepared++,
      run: async (it) => void ran.push(it),
      done: () => {
        done++;
      },
    });
    expect([repetitions, prepared, done]).toEqual([4, 7, 7]);
    expect(ran).toEqual([0, 1, 2, 3, 4, 5, 6]);
    const none = await measure({ ...effort, budget: 0 }, { prepare: () => 0, run: () => 0 });
    expect(none.repetitions).toBe(2);
  });
});

describe('a chart', () => {
  const curve = (name: string, points: Curve['points']): Curve => ({
    name,
    reference: false,
    colour: 0,
    points,
  });

  test('encloses its values in powers of ten', () => {
    expect(decades([0.5, 20])).toEqual([0.1, 1, 10, 100]);
    expect(decades([1])).toEqual([1, 10]);
  });

  test('draws equal factors as equal distances, and escapes names', () => {
    const svg = chart([curve('a < b', [[2, 1], [20, 10], [200, 100]])], { title: 't', x: 'x', y: 'y' }); // prettier-ignore
    const points =
      /points="([^"]*)"/
        .exec(svg)?.[1]
        ?.split(' ')
        .map((it) => it.split(',').map(Number)) ?? [];
    const [a, b, c] = points.map((it) => [it[0] ?? 0, it[1] ?? 0] as const);
    expect(points.length).toBe(3);
    for (const i of [0, 1] as const) {
      const first = (b?.[i] ?? 0) - (a?.[i] ?? 0);
      const second = (c?.[i] ?? 0) - (b?.[i] ?? 0);
      expect(Math.abs(first)).toBeGreaterThan(100);
      expect(Math.abs(first - second)).toBeLessThan(0.2);
    }
    expect(svg).toContain('a &#60; b');
    expect(svg).not.toContain('a < b');
  });

  test('of nothing, or of what has no logarithm, is refused', () => {
    const options = { title: 't', x: 'x', y: 'y' };
    expect(() => chart([], options)).toThrow(RangeError);
    expect(() => chart([curve('zero', [[1, 0]])], options)).toThrow(RangeError);
  });
});

describe('the choice of B', () => {
  const cost = (curve: string, members: number, ours: number): Row =>
    row({ case: curve, unit: 'ms', ours, reference: null, repetitions: [1, 0], point: { curve, members } });
  const rows = [cost('committer', 1, 9), cost('bystander', 1, 2), cost('committer', 64, 2), cost('bystander', 64, 1.5), cost('committer', 250, 1), cost('bystander', 250, 0.5)]; // prettier-ignore

  test('is the cheapest, and says what the current one has over its limits', () => {
    const { best, over } = chooseBatch(rows, 64);
    expect(best).toBe(250);
    expect(over).toEqual(['bystander: 1.50 ms a joiner, not below 1']);
    expect(chooseBatch(rows, 250).over).toEqual([]);
  });

  test('needs the figures of the current one', () => {
    expect(() => chooseBatch(rows, 10)).toThrow(RangeError);
    expect(() => chooseBatch([], 64)).toThrow(RangeError);
  });
});
