import { parseValue } from '../../trace/parseValue.ts';
import { printValue } from '../../trace/printValue.ts';
import type { TlaState, TlaValue } from '../../trace/value.ts';
import { Interner } from '../explorer/interner.ts';
import { VARIABLES } from '../explorer/project.ts';
import { itemsOf } from './specWords.ts';

/** The values of all variables, each by its number. */
export type StateValues = readonly number[];

const PART = /\n?\/\\ ([a-z]+) = /g;

/** Where a variable of the protocol is in `StateValues`. */
export const AT = Object.fromEntries(VARIABLES.map((name, i) => [name, i])) as Readonly<
  Record<(typeof VARIABLES)[number], number>
>;

/**
 * One numbering of the spec's states for both sides: two states have one number exactly where each variable has the
 * same canonical text. A state is split by variables, so that each value is parsed and printed once.
 *
 * `views` (`spec/KeptViews.tla`) is no part of a state, as the log says all of it: it is kept by log, and compared apart.
 */
export class StateIndex {
  /** Of the protocol; then `act`, where the last step is part of the state. */
  readonly variables: readonly string[];
  /** Where `act` is among the variables; null where the last step is no part of the state. */
  readonly act: number | null;
  private readonly values: readonly Interner<string>[];
  private readonly raw: readonly Map<string, number>[];
  private readonly states = new Interner<StateValues>();
  /** By the number of a log: the view that its entries come to, canonical. */
  private readonly views = new Map<number, string>();

  constructor(labelled = false) {
    this.variables = labelled ? [...VARIABLES, 'act'] : VARIABLES;
    this.act = labelled ? VARIABLES.length : null;
    this.values = this.variables.map(() => new Interner<string>());
    this.raw = this.variables.map(() => new Map<string, number>());
  }

  get size(): number {
    return this.states.size;
  }

  valueNumber(variable: number, value: TlaValue): number {
    const text = printValue(value);
    return this.values[variable]!.intern(text, () => text);
  }

  /** A value back. */
  value(variable: number, number: number): TlaValue {
    return parseValue(this.values[variable]!.get(number));
  }

  stateNumber(values: StateValues): number {
    return this.states.intern(values.join(' '), () => values);
  }

  stateValues(state: number): StateValues {
    return this.states.get(state);
  }

  /** The spec's view of a whole log, by the log's number; undefined for a log that TLC never had. */
  viewOfLog(log: number): string | undefined {
    return this.views.get(log);
  }

  /** The number of a state as TLC printed it. Throws TlaValueError, or RangeError where a variable is missing. */
  printed(label: string): number {
    const values = new Array<number>(this.variables.length).fill(-1);
    let views: string | undefined;
    const parts = label.split(PART);
    for (let i = 1; i < parts.length; i += 2) {
      const [name, text] = [parts[i]!, parts[i + 1]!];
      const variable = this.variables.indexOf(name);
      if (variable !== -1) values[variable] = this.rawNumber(variable, text);
      else if (name === 'views') views = text;
      else throw new RangeError(`the spec has a variable that the explorer lacks: ${name}`);
    }
    if (values.includes(-1)) throw new RangeError('the spec lacks a variable that the explorer has');
    const log = values[AT.log]!;
    if (views !== undefined && !this.views.has(log)) this.views.set(log, lastView(views));
    return this.stateNumber(values);
  }

  /** The state back, as values. */
  state(number: number): TlaState {
    const values = this.states.get(number);
    return Object.fromEntries(this.variables.map((name, i) => [name, this.value(i, values[i]!)]));
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

/** The last of the views of the only side. */
function lastView(views: string): string {
  const [side] = itemsOf(parseValue(views));
  const last = itemsOf(side).at(-1);
  if (last === undefined) throw new RangeError('a log without views');
  return printValue(last);
}
