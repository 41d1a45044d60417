import type { ItfTrace } from '../../../trace/itf.ts';
import { printValue } from '../../../trace/printValue.ts';
import type { TlaState, TlaValue } from '../../../trace/value.ts';
import { namesUnder } from '../../tlc/index.ts';
import { DERIVED, derivedIn } from '../derived.ts';

/** The name of the module that has a trace as its only behaviour. */
export const TRACE_MODULE = 'OneTrace';

/** In that module: the invariant holds in all states of the trace but the last, and in the last. */
export const BEFORE_THE_END = 'OneTraceBefore';
export const AT_THE_END = 'OneTraceEnd';

export interface TraceModule {
  readonly module: string;
  /** A configuration with the model's constants that checks the given names. */
  config(checked: {
    readonly invariants?: readonly string[];
    readonly properties?: readonly string[];
  }): string;
  /** The property that says that the trace is a behaviour of the model, fairness included. */
  readonly behaviour: string;
}

/**
 * A module whose only behaviour is a trace: TLC then decides, by checking the model's specification as a property of it,
 * whether the trace is one of the model's behaviours. A lasso goes round for ever. Any other trace has its last state
 * twice: TLC looks at a state before it looks at the step to it, and so has seen all steps when it comes to the second.
 *
 * @param base the model's module
 * @param invariant what the trace violates in its last state, where that is an invariant
 */
export function traceModule(
  base: string,
  configText: string,
  { vars, states, loop }: ItfTrace,
  invariant?: string,
): TraceModule {
  const constants = assignments(configText);
  const derived = derivedIn(configText).filter((name) => !vars.includes(name));
  const known = new Set(constants.map(([name]) => name));
  const used = new Set(states.flatMap(({ values }) => modelValues(values)));
  const values = [...used].filter((name) => !known.has(name));
  const [specification] = namesUnder(configText, 'SPECIFICATION');
  const [init = 'Init'] = namesUnder(configText, 'INIT');
  const [next = 'Next'] = namesUnder(configText, 'NEXT');
  const last = states.length;
  const kept = [...states, ...(loop === undefined ? states.slice(-1) : [])];
  const following =
    loop === undefined
      ? 'OneTraceStep + 1'
      : `IF OneTraceStep = ${last} THEN ${loop + 1} ELSE OneTraceStep + 1`;
  const lines = [
    `---- MODULE ${TRACE_MODULE} ----`,
    `EXTENDS ${base}, Naturals, Sequences, TLC`,
    ...(values.length === 0 ? [] : [`CONSTANTS ${values.join(', ')}`]),
    'VARIABLE OneTraceStep',
    'OneTraceStates == <<',
    kept.map(({ values: state }) => `  ${record(vars, state)}`).join(',\n'),
    '  >>',
    'OneTraceInit == /\\ OneTraceStep = 1',
    ...vars.map((name) => `  /\\ ${name} = OneTraceStates[1].${name}`),
    ...derived.map((name) => `  /\\ ${name} = ${DERIVED[name]!.value}`),
    'OneTraceNext ==',
    `  /\\ OneTraceStep < Len(OneTraceStates) \\/ ${loop === undefined ? 'FALSE' : 'TRUE'}`,
    `  /\\ OneTraceStep' = ${following}`,
    ...vars.map((name) => `  /\\ ${name}' = OneTraceStates[OneTraceStep'].${name}`),
    ...derived.map((name) => `  /\\ ${DERIVED[name]!.step}`),
    `OneTraceAll == <<${[...vars, ...derived, 'OneTraceStep'].join(', ')}>>`,
    'OneTraceSpec == OneTraceInit /\\ [][OneTraceNext]_OneTraceAll /\\ WF_OneTraceAll(OneTraceNext)',
    `OneTraceModel == ${specification ?? `${init} /\\ [][${next}]_<<${vars.join(', ')}>>`}`,
    ...(invariant === undefined
      ? []
      : [
          `${BEFORE_THE_END} == OneTraceStep < ${last} => ${invariant}`,
          `${AT_THE_END} == OneTraceStep > ${last} => ${invariant}`,
        ]),
    '====',
    '',
  ];
  return {
    module: lines.join('\n'),
    behaviour: 'OneTraceModel',
    config: ({ invariants = [], properties = [] }) =>
      [
        'SPECIFICATION OneTraceSpec',
        'CONSTANTS',
        ...constants.map(([, text]) => `  ${text}`),
        ...values.map((name) => `  ${name} = ${name}`),
        ...invariants.map((name) => `INVARIANT ${name}`),
        ...properties.map((name) => `PROPERTY ${name}`),
        'CHECK_DEADLOCK FALSE',
        '',
      ].join('\n'),
  };
}

/** The assignments and substitutions under CONSTANTS, by the name on the left. */
function assignments(configText: string): readonly (readonly [string, string])[] {
  const text = namesUnder(configText, 'CONSTANT', 'CONSTANTS').join(' ');
  const pattern = /(\w+)\s*(?:=|<-)\s*(?:\{[^}]*\}|"[^"]*"|\[\w+\]\s*\w+|[^\s{}]+)/g;
  return [...text.matchAll(pattern)].map(([whole, name = '']) => [name, whole]);
}

function record(vars: readonly string[], state: TlaState): string {
  const fields = vars.map((name) => `${name} |-> ${printValue(state[name] ?? false)}`);
  return `[${fields.join(', ')}]`;
}

/** The names of the model values in a state. */
function modelValues(state: TlaState): readonly string[] {
  const names = new Set<string>();
  const walk = (value: TlaValue): void => {
    if (typeof value !== 'object') return;
    switch (value.kind) {
      case 'model':
        names.add(value.name);
        return;
      case 'set':
      case 'sequence':
        value.items.forEach(walk);
        return;
      case 'record':
        [...value.fields.values()].forEach(walk);
        return;
      case 'function':
        for (const [key, item] of value.entries) {
          walk(key);
          walk(item);
        }
    }
  };
  Object.values(state).forEach(walk);
  return [...names];
}
