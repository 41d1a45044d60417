/**
 * What the model calls things (`a`, `key of a`, `h3`, `a@1`) and what they are in a room of real participants (ids, keys,
 * hashes of logs and headers): one to one.
 */
export class Names {
  readonly #real = new Map<string, string>();
  readonly #model = new Map<string, string>();

  /** @throws RangeError where one of the two already stands for something else. */
  pair(model: string, real: string): void {
    if ((this.#real.get(model) ?? real) !== real || (this.#model.get(real) ?? model) !== model) {
      throw new RangeError(`${model} is ${this.#real.get(model) ?? this.#model.get(real) ?? ''} already`);
    }
    this.#real.set(model, real);
    this.#model.set(real, model);
  }

  /** What the model calls `model`, in the room. @throws RangeError where the room does not know it. */
  real(model: string): string {
    const real = this.#real.get(model);
    if (real === undefined) throw new RangeError(`nothing in the room is ${model}`);
    return real;
  }

  /** Any JSON of the room, in the model's words. What has no name there stays as it is. */
  toModel(value: unknown): unknown {
    if (typeof value === 'string') return this.#model.get(value) ?? value;
    if (Array.isArray(value)) return value.map((it) => this.toModel(it));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, it]) => [this.#model.get(key) ?? key, this.toModel(it)]),
    );
  }
}
