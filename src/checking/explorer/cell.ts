import { initialTransition } from 'xstate';
import { advance } from '../../machine/advance.ts';
import {
  participantMachine,
  type ParticipantEvent,
  type ParticipantSnapshot,
} from '../../machine/machine.ts';
import type { Effect } from '../../machine/effects.ts';
import { EMPTY_CORE, type AbstractCore } from '../core/abstractCore.ts';
import type { ModelConstants } from '../model/constants.ts';
import { carryOut } from './carryOut.ts';
import { ExplorerError } from './errors.ts';
import { canonicalJson } from './interner.ts';
import { EMPTY_LOG, logHash, type Log, type LogEntry } from './logTree.ts';

/** Where a participant stands: `status` of the spec. */
export type Standing = 'outside' | 'waiting' | 'member' | 'left' | 'evicted' | 'dead' | 'crashed';

/** One participant: the production machine, and what runs beside it. Null machine: it crashed. */
export interface Cell {
  readonly self: string;
  readonly machine: ParticipantSnapshot | null;
  readonly core: AbstractCore;
  /** The entry that it drafted last, as long as the machine waits for it. */
  readonly drafted: LogEntry | null;
  /** The log that it has read. */
  readonly read: number;
}

/** What an event made of a participant. */
export interface CellStep {
  readonly cell: Cell;
  /** What it sent, in order. */
  readonly sent: readonly LogEntry[];
  readonly effects: readonly Effect[];
  /** MLS refused; the machine was told. */
  readonly refused: boolean;
}

export function outside(self: string, { rules, batchLimit }: ModelConstants): Cell {
  const input = { self, origin: logHash(EMPTY_LOG), rules, batchLimit };
  const [machine] = initialTransition(participantMachine, input);
  return { self, machine, core: EMPTY_CORE, drafted: null, read: EMPTY_LOG };
}

export const crashed = (self: string): Cell => ({
  self,
  machine: null,
  core: EMPTY_CORE,
  drafted: null,
  read: EMPTY_LOG,
});

export function standingOf({ machine }: Cell): Standing {
  if (machine === null) return 'crashed';
  const value: unknown = machine.value;
  const name = typeof value === 'string' ? value : Object.keys(value as object)[0];
  if (name !== undefined && STANDINGS.has(name)) return name as Standing;
  throw new ExplorerError('explorer/unknown-standing', `the machine is in ${JSON.stringify(value)}`);
}

const STANDINGS: ReadonlySet<string> = new Set(['outside', 'waiting', 'member', 'left', 'evicted', 'dead']);

/** Whether the machine takes the event now. */
export const takes = ({ machine }: Cell, event: ParticipantEvent): boolean => machine?.can(event) ?? false;

/** Hands the machine an event other than `read`, and carries its effects out. */
export function command(cell: Cell, event: ParticipantEvent): CellStep {
  return step(cell, event, null, cell.read);
}

/** Hands the machine the next entry of the log. */
export function read(cell: Cell, log: number, next: Log): CellStep {
  return step(cell, { type: 'read', placed: next.placed }, next, log);
}

function step(cell: Cell, event: ParticipantEvent, reading: Log | null, log: number): CellStep {
  if (cell.machine === null) throw new RangeError('a participant that crashed takes no event');
  const [machine, effects] = advance(cell.machine, event);
  const done = carryOut(cell.core, effects, {
    self: cell.self,
    atomic: cell.machine.context.protocol.rules.Atomic,
    on: logHash(cell.read),
    reading: reading?.content ?? null,
  });
  const refused = done === 'refused';
  const [after] = refused ? advance(machine, { type: 'refused' }) : [machine];
  // Whoever ends keeps nothing, and its connection is closed.
  if (refused || after.status !== 'active') {
    return { cell: { ...crashed(cell.self), machine: after }, sent: [], effects, refused };
  }
  const { core, sent } = done;
  const latest = sent.at(-1) ?? cell.drafted;
  const drafted = after.context.pending === null ? null : latest;
  return { cell: { self: cell.self, machine: after, core, drafted, read: log }, sent, effects, refused };
}

/** Equal for equal participants, and only for them: the whole persisted snapshot, the core and the place in the log. */
export function cellKey(cell: Cell): string {
  const machine = cell.machine && participantMachine.getPersistedSnapshot(cell.machine);
  return canonicalJson({ ...cell, machine });
}
