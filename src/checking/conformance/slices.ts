import { printValue } from '../../trace/printValue.ts';
import { entriesOf, sequence, type TlaValue } from '../../trace/value.ts';
import { Interner } from '../explorer/interner.ts';
import { itemsOf, textOf } from './specWords.ts';
import { AT, type StateIndex } from './stateIndex.ts';

/** The variables that are functions of the participants. */
export const SHARED = ['status', 'pos', 'mls', 'pending', 'outbox'] as const;
export type SharedVariable = (typeof SHARED)[number];

/** One participant's part of a variable. Equal parts of one variable have one number. */
export interface Part {
  readonly number: number;
  readonly value: TlaValue;
}

/** A log of the spec: its last entry, and the numbers of all logs that it was, the empty one first and itself last. */
export interface SlicedLog {
  readonly last: TlaValue | null;
  readonly prefixes: readonly number[];
}

/** Takes the values of variables apart, each once: by participants, and logs by entries. */
export class Slices {
  private readonly index: StateIndex;
  private readonly participants: readonly string[];
  private readonly texts = new Interner<string>();
  private readonly parts = new Map<SharedVariable, Map<number, readonly Part[]>>(
    SHARED.map((name) => [name, new Map<number, readonly Part[]>()]),
  );
  private readonly logs = new Map<number, SlicedLog>();

  constructor(index: StateIndex, participants: readonly string[]) {
    this.index = index;
    this.participants = participants;
  }

  /** What each participant has of a variable's value. */
  shared(variable: SharedVariable, value: number): readonly Part[] {
    const known = this.parts.get(variable)!;
    let parts = known.get(value);
    if (parts === undefined) {
      const byName = new Map(
        (entriesOf(this.index.value(AT[variable], value)) ?? []).map(([name, of]) => [textOf(name), of]),
      );
      parts = this.participants.map((name) => this.part(byName.get(name)));
      known.set(value, parts);
    }
    return parts;
  }

  log(number: number): SlicedLog {
    let sliced = this.logs.get(number);
    if (sliced === undefined) {
      const entries = itemsOf(itemsOf(this.index.value(AT.log, number))[0]);
      const last = entries.at(-1) ?? null;
      const before = last === null ? [] : this.log(this.logNumber(entries.slice(0, -1))).prefixes;
      sliced = { last, prefixes: [...before, number] };
      this.logs.set(number, sliced);
    }
    return sliced;
  }

  /** One side: the service is honest. */
  private logNumber(entries: readonly TlaValue[]): number {
    return this.index.valueNumber(AT.log, sequence([sequence(entries)]));
  }

  private part(value: TlaValue | undefined): Part {
    if (value === undefined) throw new RangeError('a variable without a participant of the model');
    const text = printValue(value);
    return { number: this.texts.intern(text, () => text), value };
  }
}
