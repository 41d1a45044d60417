import { toItfValue } from '../../trace/itf.ts';
import type { ItfState, ItfTrace, Json } from '../../trace/itf.ts';
import { actionOf } from '../../trace/trace.ts';
import type { ActionParameter, Trace, TraceStep } from '../../trace/trace.ts';

/** What a kept trace says about itself. */
export interface TraceDescription {
  /** The module that was checked, as a path in the repository. */
  readonly source: string;
  /** The configuration, as a path in the repository. */
  readonly config: string;
  /** The rule whose absence or presence the trace shows. */
  readonly rule: string;
  /** One or two sentences for people. */
  readonly description: string;
  /** The invariant or property that the trace violates, or `holds` for a witness. */
  readonly property: string;
  /** Of a witness: the invariant that says that there is no such behaviour. */
  readonly witness?: string;
  /** What the replay of the trace must show, where that does not follow from `property`. */
  readonly replay?: string;
}

/**
 * A trace of TLC as ITF. Each state's `#meta` has the action that led to it and its parameters, from the action variable
 * where the states have it (it stays a variable as well). A lasso becomes `loop`; in one that ends in stuttering, `loop`
 * is the last state and `#meta` says `stuttering`.
 */
export function traceToItf(trace: Trace, description: TraceDescription, actionVariable = 'act'): ItfTrace {
  const { source, config, rule, description: text, property, witness, replay } = description;
  const states = trace.steps.map((step): ItfState => ({
    meta: stepMeta(step, actionVariable),
    values: step.state,
  }));
  const stuttering = trace.lasso === 'stuttering';
  return {
    meta: {
      format: 'ITF',
      'format-description': 'https://apalache.informal.systems/docs/adr/015adr-trace.html',
      source,
      config,
      rule,
      description: text,
      property,
      ...(witness !== undefined && { witness }),
      ...(replay !== undefined && { replay }),
      ...(stuttering && { stuttering }),
    },
    vars: trace.variables,
    states,
    ...(trace.lasso !== undefined && { loop: stuttering ? states.length - 1 : trace.lasso - 1 }),
  };
}

function stepMeta(step: TraceStep, actionVariable: string): { readonly [name: string]: Json } {
  const act = actionOf(step.state[actionVariable]);
  const parameters = step.parameters ?? act?.parameters;
  return {
    action: act?.name ?? step.action,
    ...(parameters !== undefined && parameters.length > 0 && { parameters: parameters.map(parameterMeta) }),
  };
}

function parameterMeta({ name, value }: ActionParameter): Json {
  return { ...(name !== undefined && { name }), value: toItfValue(value) };
}
