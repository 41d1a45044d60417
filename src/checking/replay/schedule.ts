import { apply, equalValues, type TlaState, type TlaValue } from '../../trace/value.ts';
import { actionOf } from '../../trace/trace.ts';
import { fromItfValue, type ItfState, type ItfTrace, type Json } from '../../trace/itf.ts';
import type { RecordEntry, RecordLine } from '../../trace/record.ts';
import { ACTIONS } from '../explorer/actions.ts';
import { ADVERSARY_ACTIONS, type ReplayAction } from './actions.ts';
import { badPayloads } from './badPayloads.ts';
import type { ReplayConstants } from './constants.ts';
import { ReplayError } from './errors.ts';
import { inferAction } from './infer.ts';
import { appendedBetween, logOf, nameOf, namesIn, type Appended } from './told.ts';

/** What a step must lead to: a state of the spec, or what a line of a record says. */
export type Expected =
  | { readonly kind: 'state'; readonly state: TlaState }
  | {
      readonly kind: 'record';
      /** Of the log, from 1; 0 where the step is about none. */
      readonly position: number;
      /** What the service appended. */
      readonly entry: RecordEntry | null;
      /** What its participant saw. */
      readonly seen: RecordLine | null;
      /** File and line, for people. */
      readonly where: string;
    };

/** A step of a trace: an action of the spec, whose it is, and what it leads to. */
export interface ScheduledStep {
  /** Null where nothing happens that a machine knows of, as where somebody hangs. */
  readonly action: ReplayAction | null;
  /** What the trace calls it. */
  readonly name: string;
  readonly participant: string;
  readonly expects: Expected | null;
  /** What the service appends; without it what the participant sent first, to the log that it reads. */
  readonly appended?: Appended | undefined;
  /** What is appended is a commit with a payload that does for nobody. */
  readonly bad?: boolean;
}

/** A trace as something to do. */
export interface Schedule {
  readonly constants: ReplayConstants;
  /** What leads to the state that the trace begins with. */
  readonly before: readonly ScheduledStep[];
  readonly initial: TlaState | null;
  readonly steps: readonly ScheduledStep[];
  /** The property that the trace violates, or `holds`. */
  readonly property: string;
  /** Who hangs where nothing happens for ever after the last step; null where that is not the trace's end. */
  readonly hungForEver: readonly string[] | null;
}

/** Steps of one replay, at most. */
export const MAX_STEPS = 100_000;

/**
 * Reads a trace as a schedule. Each state but the first names its action and the participant, in `#meta` or in the
 * variable `act`; where it does not, they follow from the states.
 *
 * @throws ReplayError where they do not either.
 */
export function scheduleOf(trace: ItfTrace, constants: ReplayConstants): Schedule {
  const { states, meta } = trace;
  if (states.length > MAX_STEPS) {
    throw new ReplayError('replay/too-large', `${states.length} states, more than ${MAX_STEPS}`);
  }
  const [initial] = states;
  if (initial === undefined) throw new ReplayError('replay/no-trace', 'a trace without a state');
  const property = meta['property'];
  const steps = states.slice(1).map((state, i) => stepOf(states[i]!, state, i + 1, constants));
  const bad = badPayloads(
    states.map(({ values }) => values),
    steps,
    constants,
  );
  return {
    constants,
    before: stepsTo(initial.values, constants),
    initial: initial.values,
    steps: steps.map((step, i) => (bad.has(i) ? { ...step, bad: true } : step)),
    property: typeof property === 'string' ? property : 'holds',
    hungForEver: meta['stuttering'] === true ? namesIn(states.at(-1)?.values['hung']) : null,
  };
}

function stepOf(
  before: ItfState,
  state: ItfState,
  number: number,
  { participants }: ReplayConstants,
): ScheduledStep {
  const named = fromMeta(state) ?? fromVariable(state);
  const action = [...ACTIONS, ...ADVERSARY_ACTIONS].find((known) => known === named?.name);
  const participant = nameOf(named?.parameter);
  const expects = { kind: 'state', state: state.values } as const;
  const appended = appendedBetween(before.values, state.values) ?? undefined;
  if (action !== undefined && participant !== null && participants.includes(participant))
    return { action, name: action, participant, expects, appended };
  const inferred = inferAction(before.values, state.values);
  if (inferred === null) {
    return { action: null, name: named?.name ?? 'nothing', participant: participant ?? '', expects };
  }
  const whose = nameOf(inferred.participant);
  if (whose === null || !participants.includes(whose)) {
    throw new ReplayError('replay/no-action', `step ${number}: ${inferred.action} by nobody of the model`);
  }
  const name = named?.name ?? inferred.action;
  return { action: inferred.action, name, participant: whose, expects, appended };
}

/**
 * What leads to a state in which a call has begun: one entry after the other, to all logs, and everybody who is honest
 * reads it at once. Where the logs are not the same, or somebody has not read all, the replay does not begin there.
 */
function stepsTo(initial: TlaState, { participants, dishonest }: ReplayConstants): readonly ScheduledStep[] {
  const steps: ScheduledStep[] = [];
  const joined: string[] = [];
  const others = logOf(initial, 2);
  for (const [i, entry] of logOf(initial, 1).entries()) {
    const author = nameOf(apply(entry, 'author'));
    const kind = apply(entry, 'kind');
    if (author === null || !participants.includes(author)) {
      throw new ReplayError('replay/no-action', 'it begins with an entry by nobody of the model');
    }
    const other = others[i];
    const sides = other !== undefined && equalValues(entry, other) ? [1, 2] : [1];
    const take = (action: ReplayAction, participant: string): void => {
      const appended = action === 'Read' ? undefined : { entry, sides };
      steps.push({ action, name: action, participant, expects: null, appended });
    };
    if (dishonest.includes(author)) take(kind === 'join' ? 'Enter' : 'Pretend', author);
    else if (kind === 'join') take('Join', author);
    else {
      take(kind === 'found' ? 'Found' : 'Commit', author);
      take('AppendEntry', author);
    }
    for (const reader of joined) take('Read', reader);
    if (kind === 'join' && !dishonest.includes(author)) joined.push(author);
  }
  return steps;
}

interface Named {
  readonly name: string;
  readonly parameter: TlaValue | undefined;
}

function fromMeta({ meta }: ItfState): Named | null {
  const { action, parameters } = meta;
  if (typeof action !== 'string') return null;
  if (!Array.isArray(parameters)) return null;
  const first = (parameters as readonly Json[])[0];
  if (typeof first !== 'object' || first === null || !('value' in first)) return null;
  return { name: action, parameter: fromItfValue(first['value']) };
}

function fromVariable({ values }: ItfState): Named | null {
  const act = actionOf(values['act']);
  return act === undefined ? null : { name: act.name, parameter: act.parameters[0]?.value };
}
