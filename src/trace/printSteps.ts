import { changesOf, type PrintStyle } from './printTrace.ts';
import { shortValue } from './shortValue.ts';
import { actionOf, INITIAL_PREDICATE } from './trace.ts';
import type { Trace, TraceStep } from './trace.ts';
import { apply, entriesOf, equalValues } from './value.ts';
import type { TlaState, TlaValue } from './value.ts';

export interface PrintStepsOptions {
  /** The variable that holds an action's name and parameters. Default `act`. */
  readonly actionVariable?: string;
  /** Variables that say nothing that others do not say, and are not printed. */
  readonly leaveOut?: readonly string[];
}

const SHORT: PrintStyle = { value: shortValue, brackets: { sequence: ['', ''], set: ['', ''] } };

/**
 * A trace to be read, one line a step: its number, who, what, and what changed, as in
 * `4  p1  Commit       pending: + commit p1@2 on p1@1 +p2`. What changed of the one who acts stands without its name. Who
 * and what are taken from the action variable, and where there is none from TLC and from what changed.
 */
export function printSteps(trace: Trace, options: PrintStepsOptions = {}): string {
  const { actionVariable = 'act', leaveOut = [] } = options;
  const shown = { ...trace, variables: trace.variables.filter((name) => !leaveOut.includes(name)) };
  const steps = trace.steps.map((step, i) => lineOf(shown, step, trace.steps[i - 1]?.state, actionVariable));
  const numbers = String(steps.length + 1).length;
  const whos = Math.max(...steps.map(({ who }) => who.length));
  const whats = Math.max(...steps.map(({ what }) => what.length));
  const lines = steps.map(({ who, what, changes }, i) =>
    [String(i + 1).padStart(numbers), who.padEnd(whos), what.padEnd(whats), changes].join('  '),
  );
  if (trace.lasso === 'stuttering')
    lines.push(`${after(lines, numbers)}  nothing happens any more, for ever`);
  else if (trace.lasso !== undefined)
    lines.push(`${after(lines, numbers)}  goes back to state ${trace.lasso}, and round again for ever`);
  return lines.map((line) => line.trimEnd()).join('\n');
}

function after(lines: readonly string[], numbers: number): string {
  return String(lines.length + 1).padStart(numbers);
}

interface Line {
  readonly who: string;
  readonly what: string;
  readonly changes: string;
}

function lineOf(trace: Trace, step: TraceStep, before: TlaState | undefined, actionVariable: string): Line {
  const act = actionOf(step.state[actionVariable]);
  const [first, ...others] = act?.parameters ?? step.parameters ?? [];
  const actor = first?.value ?? (before === undefined ? undefined : actorOf(before, step.state));
  const who = actor === undefined ? '' : shortValue(actor);
  const name = act?.name ?? (step.action === INITIAL_PREDICATE ? 'Init' : step.action);
  const rest = others.map(({ value }) => shortValue(value)).join(', ');
  const changes = trace.variables
    .filter((variable) => variable !== actionVariable)
    .flatMap((variable) => {
      const value = step.state[variable];
      if (value === undefined) return [];
      const old = before?.[variable];
      if (old === undefined) return [`${variable} = ${shortValue(value)}`];
      const [own, short] = [`${variable}[${who}]`, variable];
      return changesOf(variable, old, value, SHORT).map((text) =>
        who !== '' && text.startsWith(own) ? short + text.slice(own.length) : text,
      );
    });
  return {
    who,
    what: rest === '' ? name : `${name}(${rest})`,
    changes: changes.length === 0 ? '(nothing changes)' : changes.join('; '),
  };
}

/** Who acted, from what changed: the only one of whom something did, or else the author of what was appended. */
function actorOf(before: TlaState, now: TlaState): TlaValue | undefined {
  const changed: TlaValue[] = [];
  const authors: TlaValue[] = [];
  const add = (list: TlaValue[], value: TlaValue): void => {
    if (!list.some((other) => equalValues(other, value))) list.push(value);
  };
  const walk = (old: TlaValue | undefined, value: TlaValue): void => {
    if (old !== undefined && equalValues(old, value)) return;
    if (typeof value !== 'object') return;
    if (value.kind === 'record') {
      const author = value.fields.get('author');
      if (old === undefined && author !== undefined) add(authors, author);
      return;
    }
    for (const [key, item] of entriesOf(value) ?? []) {
      const was = old === undefined ? undefined : apply(old, key);
      const differs = was === undefined || !equalValues(was, item);
      if (differs && typeof key === 'object' && key.kind === 'model') add(changed, key);
      else if (differs) walk(was, item);
    }
  };
  for (const [name, value] of Object.entries(now)) walk(before[name], value);
  if (changed.length > 0) return changed.length === 1 ? changed[0] : undefined;
  return authors.length === 1 ? authors[0] : undefined;
}
