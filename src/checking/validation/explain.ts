import { parseValue } from '../../trace/parseValue.ts';
import { printValue } from '../../trace/printValue.ts';
import { apply, type TlaValue } from '../../trace/value.ts';
import type { MergedEvent } from './merge.ts';
import type { ModuleWriter } from './module.ts';

/** What TLC printed of an event that it refused. */
export interface Explanation {
  /** The actions that the spec would have allowed the participant there. */
  readonly allowed: readonly string[];
  /** Why the event is not a step of the spec, in one sentence. */
  readonly reason: string;
}

const FIELDS = [
  'position',
  'changedAt',
  'roster',
  'departed',
  'waiting',
  'refresh',
  'epochs',
  'head',
] as const;

/** Reads what `Explain` of TraceValidation printed, and holds it against the line. */
export function explain(event: MergedEvent, output: readonly string[], writer: ModuleWriter): Explanation {
  const printed = printedValues(output);
  const set = printed.get('allowed');
  const allowed =
    typeof set === 'object' && set.kind === 'set' ? set.items.filter((a) => typeof a === 'string') : [];
  const spec = printed.get('seen');
  const action = `${event.action}(${writer.name(event.participant)})`;
  if (spec === undefined) {
    const others = allowed.length === 0 ? 'nothing' : allowed.join(', ');
    return { allowed, reason: `${action} is not possible there; possible for it: ${others}` };
  }
  const differences = [
    ...entryDifferences(event, printed.get('entry'), writer),
    ...seenDifferences(event, spec, writer),
  ];
  if (differences.length > 0) return { allowed, reason: `after ${action}: ${differences.join('; ')}` };
  const history = printed.get('history');
  const where = history === undefined ? 'its history' : printValue(history);
  const label = event.seen?.authenticator ?? 'none';
  return {
    allowed,
    reason: `after ${action}: the authenticator ${label} does not go with the history ${where}`,
  };
}

/** Values that `PrintT(<<name, value>>)` printed, by name; TLC breaks long ones into lines. */
function printedValues(output: readonly string[]): Map<string, TlaValue> {
  const values = new Map<string, TlaValue>();
  const start = output.findIndex((line) => line.startsWith('<<'));
  if (start === -1) return values;
  const blocks = output
    .slice(start)
    .join('\n')
    .split(/^(?=<<\s*")/m);
  for (const block of blocks) {
    try {
      const pair = parseValue(block);
      const name = apply(pair, 1);
      const value = apply(pair, 2);
      if (typeof name === 'string' && value !== undefined) values.set(name, value);
    } catch {
      // Something else that TLC said: the explanation is short of a detail.
    }
  }
  return values;
}

function entryDifferences(event: MergedEvent, spec: TlaValue | undefined, writer: ModuleWriter): string[] {
  if (event.entry === null || spec === undefined) return [];
  const line = parseValue(writer.entryText(event.entry));
  const [ours, theirs] = [printValue(spec), printValue(line)];
  return ours === theirs ? [] : [`the entry is ${ours} and not ${theirs}`];
}

function seenDifferences(event: MergedEvent, spec: TlaValue, writer: ModuleWriter): string[] {
  if (event.seen === null) return [];
  const line = parseValue(writer.observationText(event.seen));
  const differ = (name: string, a: TlaValue | undefined, b: TlaValue | undefined): string[] => {
    const [ours, theirs] = [a, b].map((value) => (value === undefined ? 'nothing' : printValue(value)));
    return ours === theirs ? [] : [`${name} is ${ours ?? ''} and not ${theirs ?? ''}`];
  };
  const field = (value: TlaValue, name: string): TlaValue | undefined =>
    apply(apply(value, 'view') ?? '', name);
  return [
    ...differ('the state', apply(spec, 'state'), apply(line, 'state')),
    ...differ('the draft', apply(spec, 'pending'), apply(line, 'pending')),
    ...FIELDS.flatMap((name) => differ(`view.${name}`, field(spec, name), field(line, name))),
  ];
}
