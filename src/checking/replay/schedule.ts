import { apply, type TlaState, type TlaValue } from '../../trace/value.ts';
import { actionOf } from '../../trace/trace.ts';
import { fromItfValue, type ItfState, type ItfTrace, type Json } from '../../trace/itf.ts';
import { ACTIONS, type Action } from '../explorer/actions.ts';
import type { ModelConstants } from '../model/constants.ts';
import { ReplayError } from './errors.ts';

/** A step of a trace: an action of the spec, whose it is, and the state that it leads to. */
export interface ScheduledStep {
  readonly action: Action;
  readonly participant: string;
  readonly state: TlaState;
}

/** A trace as something to do. */
export interface Schedule {
  readonly constants: ModelConstants;
  readonly steps: readonly ScheduledStep[];
  /** The property that the trace violates, or `holds`. */
  readonly property: string;
}

/** Steps of one replay, at most. */
export const MAX_STEPS = 100_000;

/**
 * Reads a trace as a schedule. Each state but the first names its action and the participant, in `#meta` or in the
 * variable `act`.
 *
 * @throws ReplayError where a step does not.
 */
export function scheduleOf(trace: ItfTrace, constants: ModelConstants): Schedule {
  if (trace.states.length > MAX_STEPS) {
    throw new ReplayError('replay/too-long', `${trace.states.length} states, more than ${MAX_STEPS}`);
  }
  const property = trace.meta['property'];
  return {
    constants,
    steps: trace.states.slice(1).map((state, i) => stepOf(state, i + 1, constants)),
    property: typeof property === 'string' ? property : 'holds',
  };
}

function stepOf(state: ItfState, number: number, { participants }: ModelConstants): ScheduledStep {
  const { name, parameter } = fromMeta(state) ?? fromVariable(state) ?? {};
  const action = ACTIONS.find((known) => known === name);
  if (action === undefined) {
    throw new ReplayError('replay/no-action', `step ${number}: ${name ?? 'no action'} is none of the spec's`);
  }
  const participant = nameOf(parameter);
  if (participant === null || !participants.includes(participant)) {
    throw new ReplayError('replay/no-action', `step ${number}: ${action} without a participant of the model`);
  }
  return { action, participant, state: state.values };
}

interface Named {
  readonly name: string;
  readonly parameter: TlaValue | undefined;
}

function fromMeta({ meta }: ItfState): Named | null {
  const { action, parameters } = meta;
  if (typeof action !== 'string' || !Array.isArray(parameters)) return null;
  const first = (parameters as readonly Json[])[0];
  if (typeof first !== 'object' || first === null || !('value' in first)) return null;
  return { name: action, parameter: fromItfValue(first['value']) };
}

function fromVariable({ values }: ItfState): Named | null {
  const act = actionOf(values['act']);
  return act === undefined ? null : { name: act.name, parameter: act.parameters[0]?.value };
}

/** The name of a participant: a model value, or a string. */
export function nameOf(value: TlaValue | undefined): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'object' && value.kind === 'model' ? value.name : null;
}

/** `variable[participant]` of a state. */
export function valueOf(state: TlaState, variable: string, participant: TlaValue): TlaValue | undefined {
  const value = state[variable];
  return value === undefined ? undefined : apply(value, participant);
}
