import { parseState, parseValue } from '../../trace/parseValue.ts';
import { INITIAL_PREDICATE } from '../../trace/trace.ts';
import type { ActionParameter, TlaLocation, TraceStep } from '../../trace/trace.ts';
import { TlcError } from './errors.ts';

const HEAD = /^(\d+): <(.*)>$/;
const LOCATED = /^(.*?) line (\d+), col (\d+) to line (\d+), col (\d+) of module (\S+)$/;
const WITH_ARGUMENTS = /^([A-Za-z0-9_!]+)\((.*)\)$/s;

/** A step of a trace and its number, counted from 1. */
export interface NumberedStep {
  readonly number: number;
  readonly step: TraceStep;
}

/** Reads message 2217: `3: <Draw line 21, col 3 to line 27, col 21 of module Tickets>` and the state under it. */
export function parseStateMessage(text: string): NumberedStep {
  const end = text.indexOf('\n');
  const head = HEAD.exec(end === -1 ? text : text.slice(0, end));
  if (head === null)
    throw new TlcError('tlc/output-malformed', `a state without its number: ${text.slice(0, 80)}`);
  return {
    number: Number(head[1]),
    step: { ...parseAction(head[2] ?? ''), state: parseState(text.slice(end + 1)) },
  };
}

/** Reads message 2107, the state that violates an invariant at the start: everything after the first line. */
export function parseInitialState(text: string): TraceStep {
  return { action: INITIAL_PREDICATE, state: parseState(text.slice(text.indexOf('\n') + 1)) };
}

/** Reads `Draw line 21, col 3 to line 27, col 21 of module Tickets`; newer versions of TLC write `Draw(alice) line …`. */
export function parseAction(text: string): Omit<TraceStep, 'state'> {
  const located = LOCATED.exec(text);
  const called = WITH_ARGUMENTS.exec(located?.[1] ?? text);
  const action = called?.[1] ?? located?.[1] ?? text;
  const parameters = called === null ? undefined : parseArguments(called[2] ?? '');
  const location = located === null ? undefined : locationOf(located);
  return { action, ...(parameters && { parameters }), ...(location && { location }) };
}

function parseArguments(text: string): readonly ActionParameter[] {
  const values = parseValue(`<<${text}>>`);
  return typeof values === 'object' && values.kind === 'sequence'
    ? values.items.map((value) => ({ value }))
    : [];
}

function locationOf([, , line, column, endLine, endColumn, module = '']: RegExpExecArray): TlaLocation {
  return {
    module,
    line: Number(line),
    column: Number(column),
    endLine: Number(endLine),
    endColumn: Number(endColumn),
  };
}
