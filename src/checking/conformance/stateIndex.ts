import { parseValue } from '../../trace/parseValue.ts';
import { printValue } from '../../trace/printValue.ts';
import type { TlaState, TlaValue } from '../../trace/value.ts';
import { VARIABLES, type Variable } from '../explorer/project.ts';
import { Interner } from '../explorer/interner.ts';

/** The values of all variables, each by its number. */
export type StateValues = readonly number[];

const PART = /\n?\/\\ ([a-z]+) = /g;

/**
 * One numbering of the spec's states for both sides: two states have one number exactly where each variable has the
 * same canonical text. A state is split by variables, so that each value is parsed and printed once.
 */
export class StateIndex {
  private readonly values = VARIABLES.map(() => new Interner<string>());
  private readonly raw = VARIABLES.map(() => new Map<string, number>());
  private readonly states = new Interner<StateValues>();

  get size(): number {
    return this.states.size;
  }

  valueNumber(variable: number, value: TlaValue): number {
    const text = printValue(value);
    return this.values[variable]!.intern(text, () => text);
  }

  stateNumber(values: StateValues): number {
    return this.states.intern(values.join(' '), () => values);
  }

  /** The number of a state as TLC printed it. Throws TlaValueError, or RangeError where a variable is missing. */
  printed(label: string): number {
    const values = new Array<number>(VARIABLES.length).fill(-1);
    const parts = label.split(PART);
    for (let i = 1; i < parts.length; i += 2) {
      const variable = VARIABLES.indexOf(parts[i] as Variable);
      if (variable === -1)
        throw new RangeError(`the spec has a variable that the explorer lacks: ${parts[i]!}`);
      values[variable] = this.rawNumber(variable, parts[i + 1]!);
    }
    if (values.includes(-1)) throw new RangeError('the spec lacks a variable that the explorer has');
    return this.stateNumber(values);
  }

  /** The state back, as values. */
  state(number: number): TlaState {
    const values = this.states.get(number);
    return Object.fromEntries(
      VARIABLES.map((name, i) => [name, parseValue(this.values[i]!.get(values[i]!))]),
    );
  }

  private rawNumber(variable: number, text: string): number {
    const raw = this.raw[variable]!;
    const known = raw.get(text);
    if (known !== undefined) return known;
    const number = this.valueNumber(variable, parseValue(text));
    raw.set(text, number);
    return number;
  }
}
