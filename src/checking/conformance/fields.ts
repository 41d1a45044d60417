import type { Context, Pending } from '../../machine/context.ts';
import type { Entry } from '../../protocol/entry.ts';
import type { Joined, View } from '../../protocol/view.ts';
import type { AbstractCore } from '../core/abstractCore.ts';
import type { Cell } from '../explorer/cell.ts';
import type { World } from '../explorer/environment.ts';
import type { LogEntry } from '../explorer/logTree.ts';
import type { Variable } from '../explorer/project.ts';

/**
 * What the comparison does with a field of a world: it is in a variable of the spec, in the `View` that is compared with
 * the spec's, a part with fields of its own, or left out for a reason.
 */
export type Fate =
  { readonly in: Variable | 'View' } | { readonly has: readonly string[] } | { readonly leftOut: string };

type FieldsOf<T> = Readonly<Record<keyof T, Fate>>;
type Every<T> = T extends unknown ? keyof T : never;

const inVariable = (name: Variable | 'View'): Fate => ({ in: name });
const has = (...parts: string[]): Fate => ({ has: parts });
const leftOut = (reason: string): Fate => ({ leftOut: reason });

const CONSTANT = 'a constant of the model, the same in every state';

const world: FieldsOf<World> = {
  log: has('log entry'),
  cells: has('participant'),
  outboxes: has('log entry'),
  gone: inVariable('faults'),
  claims: inVariable('faults'),
  handovers: inVariable('faults'),
  lost: inVariable('faults'),
  resent: inVariable('faults'),
};

const participant: FieldsOf<Cell> = {
  self: leftOut('the argument of the variables that are functions of participants'),
  machine: has('snapshot'),
  core: has('MLS core'),
  drafted: has('log entry'),
  read: leftOut('the log up to pos: there is one log, and nobody reads what is not in it'),
};

/** What XState persists of a machine. */
const snapshot: Readonly<Record<string, Fate>> = {
  value: inVariable('status'),
  context: has('context'),
  status: leftOut('whether the state node is final, which the node says'),
  children: leftOut('the machine starts no actors'),
  historyValue: leftOut('the machine has no history states'),
  output: leftOut('the machine has no output'),
  error: leftOut('no snapshot is one of an error: the explorer would have thrown'),
};

const context: FieldsOf<Context> = {
  self: leftOut('the argument of the variables that are functions of participants'),
  protocol: leftOut(CONSTANT),
  origin: leftOut('the hash of the empty log, the same in every state'),
  view: has('view'),
  pending: has('pending'),
};

const view: FieldsOf<View> = {
  position: inVariable('pos'),
  roster: inVariable('View'),
  arrivals: inVariable('View'),
  joined: has('joined'),
  leftAt: inVariable('View'),
  used: leftOut('keys of those who joined: a participant of the spec has one of each, and joins once'),
  history: inVariable('View'),
  refresh: inVariable('View'),
  changedAt: inVariable('View'),
  hashes: leftOut('stand for the log from changedAt on: the spec compares logs themselves (IsWitnessed)'),
};

const joined: FieldsOf<Joined> = {
  at: inVariable('View'),
  signatureKey: leftOut('one for each participant, the same in every state'),
};

const pending: FieldsOf<Pending> = { kind: inVariable('pending'), at: inVariable('pending') };

const core: FieldsOf<AbstractCore> = {
  history: inVariable('mls'),
  pending: leftOut('mls with the id of what is pending; none where the rule Ordered is off'),
};

const logEntry: FieldsOf<LogEntry> = {
  entry: has('entry'),
  led: leftOut("the spec's parent, which is in log, outbox and pending, and the entry's id"),
};

/** Of all kinds. */
const entry: Readonly<Record<Every<Entry>, Fate>> = {
  kind: inVariable('log'),
  author: inVariable('log'),
  at: inVariable('log'),
  adds: inVariable('log'),
  removes: inVariable('log'),
  accused: inVariable('log'),
  parent: leftOut('the last of the history that is the parent in the spec'),
  id: leftOut('author and at, which are its id in the spec'),
  on: leftOut('the hash of the log up to at: there is one log'),
  signatureKey: leftOut('one for each participant, the same in every state'),
  keyPackage: leftOut('one for each participant, the same in every state'),
  hpkeKeys: leftOut('one list for each participant, the same in every state'),
  invited: leftOut('whether the author is in Uninvited, a constant of the model'),
  flaw: leftOut('why a join is not an invited one: bytes, which the model has none of'),
  reason: leftOut('of entries that do not parse or verify: the explorer sends none'),
};

/**
 * Every field of a world, and what the comparison does with it. All of them are in the keys by which worlds are told
 * apart, so that a field that matters and is in no variable makes more worlds than states.
 */
export const FIELDS: Readonly<Record<string, Readonly<Record<string, Fate>>>> = {
  world,
  participant,
  snapshot,
  context,
  view,
  joined,
  pending,
  'MLS core': core,
  'log entry': logEntry,
  entry,
};

/** One line a field, for people. */
export function printFields(): readonly string[] {
  return Object.entries(FIELDS).flatMap(([part, fields]) =>
    Object.entries(fields).map(([name, fate]) => `${part}.${name}: ${printFate(fate)}`),
  );
}

function printFate(fate: Fate): string {
  if ('in' in fate) return `in ${fate.in}`;
  return 'has' in fate ? `its fields (${fate.has.join(', ')})` : `left out: ${fate.leftOut}`;
}
