/** Gives equal things one number, from 0: two things are equal where their keys are. */
export class Interner<T> {
  private readonly numbers = new Map<string, number>();
  private readonly things: T[] = [];

  get size(): number {
    return this.things.length;
  }

  /** The number of `thing`; `make` is called for a new key only. */
  intern(key: string, make: () => T): number {
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    const number = this.things.length;
    this.numbers.set(key, number);
    this.things.push(make());
    return number;
  }

  /** Throws RangeError for a number that was never given. */
  get(number: number): T {
    const thing = this.things[number];
    if (thing === undefined) throw new RangeError(`no thing has the number ${number}`);
    return thing;
  }
}

/** JSON with the keys of every object in order: equal values, and only they, have one text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}
