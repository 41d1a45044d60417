import { itemAt } from './itemAt.ts';
import { printValue } from './printValue.ts';
import { actionOf } from './trace.ts';
import type { ActionParameter, Trace, TraceStep } from './trace.ts';
import { entriesOf, equalValues, isIdentifier } from './value.ts';
import type { TlaValue } from './value.ts';

export interface PrintTraceOptions {
  /** The variable that holds an action's name and parameters; it is not printed as a change. Default `act`. */
  readonly actionVariable?: string;
  /** Leave the first state out, which prints every variable. */
  readonly withoutInitialState?: boolean;
}

/** How values are written. */
export interface PrintStyle {
  readonly value: (value: TlaValue) => string;
  /** Around what came to, or went from, a sequence or a set. */
  readonly brackets: {
    readonly sequence: readonly [string, string];
    readonly set: readonly [string, string];
  };
}

/** As TLA+ writes them. */
const TLA_STYLE: PrintStyle = {
  value: printValue,
  brackets: { sequence: ['<<', '>>'], set: ['{', '}'] },
};

/**
 * A trace for people, one line a step: its number, the action with its parameters, and what changed, as in
 * `3. Draw(who: bob)  held[bob]: 0 -> 2; log: + <<"b">>`. The first line has the values of all variables.
 */
export function printTrace(trace: Trace, options: PrintTraceOptions = {}): string {
  const hidden = options.actionVariable ?? 'act';
  const lines = trace.steps.map((step, i) => {
    const before = trace.steps[i - 1]?.state;
    const changes = trace.variables
      .filter((name) => name !== hidden)
      .flatMap((name) => {
        const value = step.state[name];
        if (value === undefined) return [];
        const old = before?.[name];
        return old === undefined ? [`${name} = ${printValue(value)}`] : changesOf(name, old, value);
      });
    return `${i + 1}. ${printAction(step, hidden)}  ${changes.length === 0 ? '(nothing changes)' : changes.join('; ')}`;
  });
  if (trace.lasso === 'stuttering') lines.push(`${lines.length + 1}. (nothing happens any more)`);
  else if (trace.lasso !== undefined) lines.push(`${lines.length + 1}. (back to state ${trace.lasso})`);
  return lines.slice(options.withoutInitialState === true ? 1 : 0).join('\n');
}

/** An action with its parameters, from the action variable where the state has it: `Draw(who: alice)`. */
export function printAction(step: TraceStep, actionVariable = 'act'): string {
  const act = actionOf(step.state[actionVariable]);
  const parameters = step.parameters ?? act?.parameters ?? [];
  const name = act?.name ?? step.action;
  return parameters.length === 0 ? name : `${name}(${parameters.map(printParameter).join(', ')})`;
}

function printParameter({ name, value }: ActionParameter): string {
  return name === undefined ? printValue(value) : `${name}: ${printValue(value)}`;
}

/** What changed between two values of `path`, as short texts; empty where they are equal. */
export function changesOf(path: string, before: TlaValue, after: TlaValue, style = TLA_STYLE): string[] {
  if (equalValues(before, after)) return [];
  const whole = [`${path}: ${style.value(before)} -> ${style.value(after)}`];
  if (typeof before !== 'object' || typeof after !== 'object') return whole;
  if (before.kind === 'set' && after.kind === 'set') {
    const gone = before.items.filter((item) => !after.items.some((other) => equalValues(item, other)));
    const come = after.items.filter((item) => !before.items.some((other) => equalValues(item, other)));
    return [
      `${path}:${listed(' +', come, style.brackets.set, style)}${listed(' -', gone, style.brackets.set, style)}`,
    ];
  }
  if (before.kind === 'sequence' && after.kind === 'sequence' && before.items.length !== after.items.length) {
    return sequenceChanges(path, before.items, after.items, style) ?? whole;
  }
  const old = entriesOf(before);
  const now = entriesOf(after);
  if (old === undefined || now === undefined) return whole;
  const gone = old.filter(([key]) => !now.some(([other]) => equalValues(key, other)));
  return [
    ...gone.map(([key]) => `${path}${accessor(key)}: gone`),
    ...now.flatMap(([key, value]) => {
      const was = old.find(([other]) => equalValues(key, other));
      const place = `${path}${accessor(key)}`;
      return was === undefined
        ? [`${place}: new ${style.value(value)}`]
        : changesOf(place, was[1], value, style);
    }),
  ];
}

/** Elements added or taken away at either end; undefined where it is more than that. */
function sequenceChanges(
  path: string,
  before: readonly TlaValue[],
  after: readonly TlaValue[],
  style: PrintStyle,
): string[] | undefined {
  const [short, long, sign] = before.length < after.length ? [before, after, '+'] : [after, before, '-'];
  const extra = long.length - short.length;
  if (short.every((item, i) => equalValues(item, itemAt(long, i)))) {
    return [`${path}:${listed(` ${sign}`, long.slice(short.length), style.brackets.sequence, style)}`];
  }
  if (short.every((item, i) => equalValues(item, itemAt(long, i + extra)))) {
    return [
      `${path}:${listed(` ${sign}`, long.slice(0, extra), style.brackets.sequence, style)} at the front`,
    ];
  }
  return undefined;
}

function listed(
  sign: string,
  items: readonly TlaValue[],
  [open, close]: readonly [string, string],
  style: PrintStyle,
): string {
  return items.length === 0 ? '' : `${sign} ${open}${items.map(style.value).join(', ')}${close}`;
}

function accessor(key: TlaValue): string {
  return typeof key === 'string' && isIdentifier(key) ? `.${key}` : `[${printValue(key)}]`;
}
