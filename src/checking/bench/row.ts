/** One figure of a benchmark, and the same of a named reference in the same run. */
export interface Row {
  readonly case: string;
  /** Of `ours` and `reference`: `ms`, `µs`, `bytes`, `ms a joiner`; times of the wall clock or, where it says so, of the processor. */
  readonly unit: string;
  readonly ours: number;
  /** Null where the reference has nothing like it, or was not asked. */
  readonly reference: number | null;
  /** `ours` to `reference`: below 1, ours is less. */
  readonly ratio: number | null;
  /** What was repeated how often: ours, then the reference's. */
  readonly repetitions: readonly [ours: number, reference: number];
  /** What belongs to a curve over the members of a group. */
  readonly point?: { readonly curve: string; readonly members: number };
  /** The most that `ours` or the ratio may be. */
  readonly limit?: { readonly of: 'ours' | 'ratio'; readonly most: number };
}

/** Null where there is nothing to compare with: no reference, or one that took no time at all. */
export function ratioOf(ours: number, reference: number | null): number | null {
  return reference === null || reference === 0 || !Number.isFinite(reference) ? null : ours / reference;
}

/** `ratio` where it is taken otherwise than of the two figures: over pairs of measurements that followed each other. */
type Given = Omit<Row, 'ratio'> & { readonly ratio?: number };

/** @throws RangeError where nothing was measured: a figure of no repetition is none. */
export function row(given: Given): Row {
  const { ours, reference, repetitions, ratio = ratioOf(ours, reference) } = given;
  const none = (value: number | null, count: number): boolean =>
    value !== null && (!Number.isFinite(value) || count < 1);
  if (none(ours, repetitions[0]) || none(reference, repetitions[1]) || none(ratio, 1))
    throw new RangeError(`nothing was measured: ${given.case}`);
  return { ...given, ratio };
}

/** What rows have over their limits, as text. */
export function overLimits(rows: readonly Row[]): readonly string[] {
  return rows.flatMap(({ case: name, unit, ours, ratio, limit }) => {
    if (limit === undefined) return [];
    const value = limit.of === 'ours' ? ours : ratio;
    if (value !== null && value <= limit.most) return [];
    return [
      `${name} (${unit}): ${limit.of === 'ours' ? '' : 'ratio '}${figure(value)}, above ${figure(limit.most)}`,
    ];
  });
}

/** Three figures that count: 0.0123, 1.23, 123, 12,300. */
export function figure(value: number | null): string {
  if (value === null) return '-';
  if (value === 0) return '0';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
