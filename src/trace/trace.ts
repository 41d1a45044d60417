import { apply } from './value.ts';
import type { TlaState, TlaValue } from './value.ts';

/** A place in a module, lines and columns counted from 1. */
export interface TlaLocation {
  readonly module: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** A parameter of an action; `name` is there where the trace tells it. */
export interface ActionParameter {
  readonly name?: string;
  readonly value: TlaValue;
}

/** A state of a trace and the action that led to it. */
export interface TraceStep {
  /** The action's name in the module, or `Initial predicate`. */
  readonly action: string;
  readonly parameters?: readonly ActionParameter[];
  readonly location?: TlaLocation;
  readonly state: TlaState;
}

/** How an infinite trace goes on: back to that state (counted from 1), or for ever in its last. */
export type Lasso = number | 'stuttering';

/** A behaviour of a module, or the beginning of one. */
export interface Trace {
  /** The names of the variables, in the order in which TLC or the file has them. */
  readonly variables: readonly string[];
  readonly steps: readonly TraceStep[];
  readonly lasso?: Lasso;
}

/** The action of a trace's first state. */
export const INITIAL_PREDICATE = 'Initial predicate';

/**
 * An action as an `act` variable holds it: a record with a string field `name`, other fields being the parameters, or a
 * sequence that starts with the name, `<<"Join", p1>>`, or a plain string. Undefined where it is none of these.
 */
export function actionOf(
  act: TlaValue | undefined,
): { readonly name: string; readonly parameters: readonly ActionParameter[] } | undefined {
  if (typeof act === 'string') return { name: act, parameters: [] };
  if (typeof act !== 'object') return undefined;
  if (act.kind === 'record') {
    const name = act.fields.get('name');
    if (typeof name !== 'string') return undefined;
    const others = [...act.fields].filter(([field]) => field !== 'name');
    return { name, parameters: others.map(([field, value]) => ({ name: field, value })) };
  }
  const name = apply(act, 1);
  if (act.kind !== 'sequence' || typeof name !== 'string') return undefined;
  return { name, parameters: act.items.slice(1).map((value) => ({ value })) };
}
