import type { Lasso, Trace, TraceStep } from '../../../trace/trace.ts';
import { TlaValueError } from '../../../trace/errors.ts';
import { TlcCollector } from '../../tlc/collector.ts';
import { TlcError } from '../../tlc/errors.ts';
import { TlcMessageReader } from '../../tlc/messages.ts';
import { violationOf } from '../../tlc/outcome.ts';
import { parseStateMessage } from '../../tlc/stateMessage.ts';
import { ReplayError } from '../errors.ts';

/** A counterexample in what TLC printed. */
export interface PrintedTrace {
  readonly trace: Trace;
  /** The property that TLC says is violated; `holds` where it says none. */
  readonly property: string;
}

/** Whether a text is what TLC prints with `-tool`, or without. */
export const isToolOutput = (text: string): boolean => text.includes('@!@!@STARTMSG ');
export const isPlainOutput = (text: string): boolean => /^State 1: </m.test(text);

/** The counterexample in what TLC printed with `-tool`. Throws ReplayError, TlcError. */
export function readToolOutput(text: string): PrintedTrace {
  const collector = new TlcCollector({ simulate: false, temporalProperties: [] });
  let property = 'holds';
  const reader = new TlcMessageReader(
    (message) => {
      collector.message(message);
      const violation = violationOf(message, []);
      if (violation !== undefined && property === 'holds') property = violation.property;
    },
    () => undefined,
  );
  reader.push(text);
  reader.end();
  const { trace } = collector.result(undefined, 0);
  if (trace === undefined) throw noTrace();
  return { trace, property };
}

const VIOLATED =
  /^Error: (?:Invariant|(?:Action |Temporal )?[Pp]ropert(?:y|ies)) ?(.*?) ?(?:is|was|were) violated/m;
const DEADLOCK = /^Error: Deadlock reached/m;
const HEADING = /^State (\d+): (<.*>|Stuttering)\s*$/;
const BACK = /^Back to state (\d+)/;

/** The first counterexample in what TLC printed without `-tool`. Throws ReplayError, TlcError. */
export function readPlainOutput(text: string): PrintedTrace {
  const steps: TraceStep[] = [];
  let lasso: Lasso | undefined;
  let state: string[] | null = null;
  const flush = (): void => {
    if (state !== null) steps.push(stepOf(state, steps.length + 1));
    state = null;
  };
  for (const raw of text.split('\n')) {
    const line = raw.trimEnd();
    const heading = HEADING.exec(line);
    const back = BACK.exec(line);
    if (heading !== null || back !== null || line === '') flush();
    if (back !== null) lasso = Number(back[1]);
    else if (heading !== null) {
      if (heading[1] === '1' && steps.length > 0) break;
      if (heading[2] === 'Stuttering') lasso = 'stuttering';
      else state = [`${heading[1] ?? ''}: ${heading[2] ?? ''}`];
    } else if (state !== null && line !== '') state.push(line);
  }
  flush();
  const [first] = steps;
  if (first === undefined) throw noTrace();
  const named = VIOLATED.exec(text)?.[1];
  const property = named === undefined ? (DEADLOCK.test(text) ? 'Deadlock' : 'holds') : named || 'Temporal';
  const variables = Object.keys(first.state);
  return { trace: { variables, steps, ...(lasso !== undefined && { lasso }) }, property };
}

function stepOf(lines: readonly string[], expected: number): TraceStep {
  try {
    const { number, step } = parseStateMessage(lines.join('\n'));
    if (number === expected) return step;
    throw new TlcError('tlc/output-malformed', `state ${number} follows state ${expected - 1}`);
  } catch (error) {
    if (!(error instanceof TlaValueError)) throw error;
    throw new TlcError('tlc/output-malformed', `state ${expected}: ${error.message}`, { cause: error });
  }
}

const noTrace = (): ReplayError =>
  new ReplayError('replay/no-trace', 'TLC printed no behaviour: there is nothing to replay');
