/** Looks at the memory of this process while something goes on, to tell whether it grows: the least that was in use of late. */
export class HeapWatch {
  readonly #bytes: number[] = [];

  look(): void {
    const { heapUsed, external } = process.memoryUsage();
    this.#bytes.push(heapUsed + external);
  }

  /** Looks that were taken. */
  get looks(): number {
    return this.#bytes.length;
  }

  /** MiB that were in use at least: in the second quarter of the looks, when all was warm, and in the last one. */
  get mebibytes(): readonly [number, number] {
    const quarter = Math.floor(this.#bytes.length / 4);
    const least = (from: number): number =>
      Math.min(...this.#bytes.slice(from, from + Math.max(1, quarter))) / 2 ** 20;
    return [least(quarter), least(this.#bytes.length - Math.max(1, quarter))];
  }

  /** Whether it grew by more than half, and by more than what a garbage collector may leave lying, 32 MiB. */
  get grows(): boolean {
    const [before, after] = this.mebibytes;
    return this.looks >= 8 && after > Math.max(1.5 * before, before + 32);
  }
}
