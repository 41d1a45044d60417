import type { Effect } from '../../machine/effects.ts';
import type { ModelConstants } from '../model/constants.ts';
import { COMMANDS, type Action } from './actions.ts';
import { cellKey, command, crashed, outside, read, standingOf, takes } from './cell.ts';
import type { Cell, CellStep, Standing } from './cell.ts';
import { Interner } from './interner.ts';
import { EMPTY_LOG, type LogTree } from './logTree.ts';

/** A step of one participant, with numbers for things. */
export interface NumberedStep {
  readonly action: Action;
  readonly cell: number;
  /** Entries, by number. */
  readonly sent: readonly number[];
  /** The entry that it drafts or reads, by number; null where it does neither. */
  readonly entry: number | null;
  /** For people: what the machine asked for, and whether MLS refused. */
  readonly step: CellStep;
}

interface Known {
  readonly cell: Cell;
  readonly standing: Standing;
  readonly position: number;
  /** The number of the entry that it drafted and not read back; null without one. */
  readonly pending: number | null;
  commands: readonly NumberedStep[] | null;
  readonly reads: Map<number, NumberedStep | null>;
}

/** All participants that were ever met. Each is asked once what it does, and the answers are remembered. */
export class Cells {
  private readonly known = new Interner<Known>();
  private readonly crashes = new Map<string, number>();
  private readonly joins = new Map<string, NumberedStep>();
  private readonly constants: ModelConstants;
  private readonly logs: LogTree;

  constructor(constants: ModelConstants, logs: LogTree) {
    this.constants = constants;
    this.logs = logs;
  }

  get size(): number {
    return this.known.size;
  }

  cell(number: number): Cell {
    return this.known.get(number).cell;
  }

  standing(number: number): Standing {
    return this.known.get(number).standing;
  }

  position(number: number): number {
    return this.known.get(number).position;
  }

  outside(self: string): number {
    return this.number(outside(self, this.constants));
  }

  crashed(self: string): number {
    const number = this.crashes.get(self) ?? this.number(crashed(self));
    this.crashes.set(self, number);
    return number;
  }

  /** The number of the entry that it drafted and not read back; null without one. */
  pending(number: number): number | null {
    return this.known.get(number).pending;
  }

  /** What the participant may do by itself, as its machine says. */
  commands(number: number): readonly NumberedStep[] {
    const known = this.known.get(number);
    known.commands ??= COMMANDS.filter(({ event }) => takes(known.cell, event)).map(({ action, event }) =>
      this.numbered(action, command(known.cell, event), null),
    );
    return known.commands;
  }

  /** Reads the next entry of `log`; null where there is none, or the machine takes none. */
  read(number: number, log: number): NumberedStep | null {
    const known = this.known.get(number);
    if (known.position >= this.logs.position(log)) return null;
    const next = this.logs.prefix(log, known.position + 1);
    const before = known.reads.get(next);
    if (before !== undefined) return before;
    const entry = this.logs.last(next);
    const taken = takes(known.cell, { type: 'read', placed: entry.placed });
    const step = taken
      ? this.numbered('Read', read(known.cell, next, entry), this.logs.entry(entry.content))
      : null;
    known.reads.set(next, step);
    return step;
  }

  /** Reads all of `log`, which ends with the participant's own join, entry by entry; null where it takes one of them not. */
  join(number: number, log: number): NumberedStep | null {
    const key = `${number} ${log}`;
    const known = this.joins.get(key);
    if (known !== undefined) return known;
    let last: NumberedStep | null = null;
    const effects: Effect[] = [];
    for (let at = number; this.position(at) < this.logs.position(log); at = last.cell) {
      last = this.read(at, log);
      if (last === null) return null;
      effects.push(...last.step.effects);
    }
    if (last === null) return null;
    const joined: NumberedStep = { ...last, action: 'Join', entry: null, step: { ...last.step, effects } };
    this.joins.set(key, joined);
    return joined;
  }

  private number(cell: Cell): number {
    return this.known.intern(cellKey(cell), () => ({
      cell,
      standing: standingOf(cell),
      position: cell.read === EMPTY_LOG ? 0 : this.logs.position(cell.read),
      pending: cell.drafted !== null && cell.machine?.context.pending ? this.logs.entry(cell.drafted) : null,
      commands: null,
      reads: new Map<number, NumberedStep | null>(),
    }));
  }

  private numbered(action: Action, step: CellStep, read: number | null): NumberedStep {
    const sent = step.sent.map((entry) => this.logs.entry(entry));
    // Of a Welcome and its commit, the commit.
    return { action, cell: this.number(step.cell), sent, entry: read ?? sent.at(-1) ?? null, step };
  }
}
