/**
 * Traces in Apalache's Informal Trace Format (ITF, ADR-015): a JSON object with `vars`, `states`, an optional `loop` and
 * free `#meta` objects for the trace and each of its states.
 */
import { ItfError } from './errors.ts';
import { fromItfValue, isArray, toItfValue } from './itfValue.ts';
import type { Json, JsonObject } from './itfValue.ts';
import type { TlaState, TlaValue } from './value.ts';

export type { Json, JsonObject } from './itfValue.ts';
export { fromItfValue, toItfValue } from './itfValue.ts';

export interface ItfState {
  /** Without `index`, which the writer adds and the reader checks. */
  readonly meta: JsonObject;
  readonly values: TlaState;
}

export interface ItfTrace {
  readonly meta: JsonObject;
  readonly vars: readonly string[];
  readonly states: readonly ItfState[];
  /** Index, from 0, of the state to which a lasso goes back. */
  readonly loop?: number;
}

/** Limits of what is read as one trace. */
export const ITF_LIMITS = { characters: 256 * 1024 * 1024, states: 100_000, variables: 1_000 } as const;

/** The text of an ITF file: one variable of a state a line, so that a change of a trace reads well in a diff. */
export function writeItf(trace: ItfTrace): string {
  const states = trace.states.map(({ meta, values }, index) => {
    const lines = [
      ['#meta', { index, ...meta }] as const,
      ...trace.vars.map((name) => [name, valueOf(values, name, index)] as const),
    ];
    const text = lines.map(([name, json]) => `      ${JSON.stringify(name)}: ${JSON.stringify(json)}`);
    return `    {\n${text.join(',\n')}\n    }`;
  });
  const head = [
    `  "#meta": ${JSON.stringify(trace.meta, undefined, 2).replaceAll('\n', '\n  ')}`,
    `  "vars": ${JSON.stringify(trace.vars)}`,
    `  "states": [\n${states.join(',\n')}\n  ]`,
    ...(trace.loop === undefined ? [] : [`  "loop": ${trace.loop}`]),
  ];
  return `{\n${head.join(',\n')}\n}\n`;
}

/** Reads an ITF file. Every state must have each of `vars` and nothing else. Throws ItfError. */
export function readItf(text: string): ItfTrace {
  if (text.length > ITF_LIMITS.characters)
    throw new ItfError('itf/too-large', '', `${text.length} characters`);
  let json: Json;
  try {
    json = JSON.parse(text) as Json;
  } catch (error) {
    throw new ItfError('itf/not-json', '', error instanceof Error ? error.message : 'not JSON');
  }
  const root = object(json, '');
  const vars = list(root['vars'], 'vars', ITF_LIMITS.variables).map((name, i) => {
    if (typeof name !== 'string') throw new ItfError('itf/malformed', `vars[${i}]`, 'expected a name');
    return name;
  });
  if (new Set(vars).size !== vars.length) throw new ItfError('itf/malformed', 'vars', 'a name comes twice');
  const states = list(root['states'], 'states', ITF_LIMITS.states).map((state, i) =>
    readState(state, vars, i),
  );
  if (states.length === 0) throw new ItfError('itf/malformed', 'states', 'a trace has at least one state');
  const loop = root['loop'];
  const meta = root['#meta'] === undefined ? {} : object(root['#meta'], '["#meta"]');
  if (loop === undefined) return { meta, vars, states };
  if (typeof loop !== 'number' || !Number.isInteger(loop) || loop < 0 || loop >= states.length) {
    throw new ItfError('itf/malformed', 'loop', 'expected the index of a state');
  }
  return { meta, vars, states, loop };
}

function readState(json: Json, vars: readonly string[], index: number): ItfState {
  const path = `states[${index}]`;
  const state = object(json, path);
  const stranger = Object.keys(state).find((name) => name !== '#meta' && !vars.includes(name));
  if (stranger !== undefined) throw new ItfError('itf/malformed', `${path}.${stranger}`, 'not one of vars');
  const { index: claimed, ...meta } =
    state['#meta'] === undefined ? {} : object(state['#meta'], `${path}["#meta"]`);
  if (claimed !== undefined && claimed !== index) {
    throw new ItfError('itf/malformed', `${path}["#meta"].index`, `expected ${index}`);
  }
  const values = vars.map((name): [string, TlaValue] => {
    const value = Object.hasOwn(state, name) ? state[name] : undefined;
    if (value === undefined) throw new ItfError('itf/malformed', `${path}.${name}`, 'missing');
    return [name, fromItfValue(value, `${path}.${name}`)];
  });
  return { meta, values: Object.fromEntries(values) };
}

function valueOf(values: TlaState, name: string, index: number): Json {
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  if (value === undefined) throw new ItfError('itf/malformed', `states[${index}].${name}`, 'missing');
  return toItfValue(value);
}

function object(json: Json | undefined, path: string): JsonObject {
  if (typeof json !== 'object' || json === null || isArray(json)) {
    throw new ItfError('itf/malformed', path, 'expected an object');
  }
  return json;
}

function list(json: Json | undefined, path: string, limit: number): readonly Json[] {
  if (json === undefined || !isArray(json)) throw new ItfError('itf/malformed', path, 'expected a list');
  if (json.length > limit) throw new ItfError('itf/too-large', path, `${json.length} elements`);
  return json;
}
