/** What a check has seen, by name. */
export class Counts {
  readonly #counts = new Map<string, number>();

  add(name: string, count = 1): void {
    this.#counts.set(name, this.of(name) + count);
  }

  /** The largest that there was. */
  most(name: string, value: number): void {
    this.#counts.set(name, Math.max(this.of(name), value));
  }

  of(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  print(): string {
    const names = [...this.#counts.keys()].sort();
    return names.map((name) => `  ${name}: ${this.of(name).toLocaleString('en-US')}`).join('\n');
  }

  /** What is below its floor; empty where all is seen. */
  below(floors: Readonly<Record<string, number>>): readonly string[] {
    return Object.entries(floors)
      .filter(([name, floor]) => this.of(name) < floor)
      .map(([name, floor]) => `${name}: ${this.of(name)} < ${floor}`);
  }
}
