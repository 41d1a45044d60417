import { apply, entriesOf, type TlaState, type TlaValue } from '../../trace/value.ts';
import { actionOf } from '../../trace/trace.ts';
import { fromItfValue, type ItfState, type ItfTrace, type Json } from '../../trace/itf.ts';
import type { RecordEntry, RecordLine } from '../../trace/record.ts';
import { ACTIONS } from '../explorer/actions.ts';
import type { ModelConstants } from '../model/constants.ts';
import { ReplayError } from './errors.ts';
import { inferAction } from './infer.ts';
import type { ReplayAction } from './world.ts';

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
}

/** A trace as something to do. */
export interface Schedule {
  readonly constants: ModelConstants;
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
export function scheduleOf(trace: ItfTrace, constants: ModelConstants): Schedule {
  const { states, meta } = trace;
  if (states.length > MAX_STEPS) {
    throw new ReplayError('replay/too-large', `${states.length} states, more than ${MAX_STEPS}`);
  }
  const [initial] = states;
  if (initial === undefined) throw new ReplayError('replay/no-trace', 'a trace without a state');
  const property = meta['property'];
  return {
    constants,
    before: stepsTo(initial.values, constants),
    initial: initial.values,
    steps: states.slice(1).map((state, i) => stepOf(states[i]!, state, i + 1, constants)),
    property: typeof property === 'string' ? property : 'holds',
    hungForEver: meta['stuttering'] === true ? namesIn(states.at(-1)?.values['hung']) : null,
  };
}

const namesIn = (value: TlaValue | undefined): readonly string[] =>
  typeof value === 'object' && value.kind === 'set' ? value.items.map((item) => nameOf(item) ?? '') : [];

function stepOf(
  before: ItfState,
  state: ItfState,
  number: number,
  { participants }: ModelConstants,
): ScheduledStep {
  const named = fromMeta(state) ?? fromVariable(state);
  const action = ACTIONS.find((known) => known === named?.name);
  const participant = nameOf(named?.parameter);
  const expects = { kind: 'state', state: state.values } as const;
  if (action !== undefined && participant !== null && participants.includes(participant))
    return { action, name: action, participant, expects };
  const inferred = inferAction(before.values, state.values);
  if (inferred === null) {
    return { action: null, name: named?.name ?? 'nothing', participant: participant ?? '', expects };
  }
  const whose = nameOf(inferred.participant);
  if (whose === null || !participants.includes(whose)) {
    throw new ReplayError('replay/no-action', `step ${number}: ${inferred.action} by nobody of the model`);
  }
  return { action: inferred.action, name: named?.name ?? inferred.action, participant: whose, expects };
}

/** What leads to a state in which a call has begun: one entry after the other, and everybody reads it at once. */
function stepsTo(initial: TlaState, { participants }: ModelConstants): readonly ScheduledStep[] {
  const log = entriesOf(apply(initial['log'] ?? '', 1) ?? '') ?? [];
  const steps: ScheduledStep[] = [];
  const joined: string[] = [];
  const take = (action: ReplayAction, participant: string): void => {
    steps.push({ action, name: action, participant, expects: null });
  };
  for (const [, entry] of log) {
    const author = nameOf(apply(entry, 'author'));
    const kind = apply(entry, 'kind');
    if (author === null || !participants.includes(author)) {
      throw new ReplayError('replay/no-action', 'it begins with an entry by nobody of the model');
    }
    if (kind === 'join') take('Join', author);
    else {
      take(kind === 'found' ? 'Found' : 'Commit', author);
      take('AppendEntry', author);
    }
    for (const reader of joined) take('Read', reader);
    if (kind === 'join') joined.push(author);
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

/** The name of a participant: a model value, or a string. */
export function nameOf(value: TlaValue | undefined): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'object' && value.kind === 'model' ? value.name : null;
}
