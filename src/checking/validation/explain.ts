import { parseValue } from '../../trace/parseValue.ts';
import { printValue } from '../../trace/printValue.ts';
import { apply, type TlaValue } from '../../trace/value.ts';
import type { MergedEvent } from './merge.ts';
import { text, type Words } from './words.ts';

/** What TLC told of one event that it refused: values by name. */
export type Told = ReadonlyMap<string, TlaValue>;

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

/** What `Tell` of TraceValidation printed, a line a value, by the number of the event that was refused. */
export function readTold(output: readonly string[]): ReadonlyMap<number, Told> {
  const refusals = new Map<number, Map<string, TlaValue>>();
  let current: Map<string, TlaValue> | undefined;
  for (const line of output) {
    const pair = valueIn(line);
    const name = pair && apply(pair, 1);
    const value = pair && apply(pair, 2);
    if (typeof name !== 'string' || value === undefined) continue;
    if (name === 'refused' && typeof value === 'number') {
      current = new Map();
      refusals.set(value, current);
    } else current?.set(name, value);
  }
  return refusals;
}

/** The pair in a string that TLC printed; undefined where it is something else, or was cut: an explanation lacks a detail. */
function valueIn(line: string): TlaValue | undefined {
  if (!line.startsWith('"<<')) return undefined;
  try {
    const inner = parseValue(line);
    return typeof inner === 'string' ? parseValue(inner) : undefined;
  } catch {
    return undefined;
  }
}

/** Holds what TLC told of an event against the line. */
export function explain(event: MergedEvent, told: Told, words: Words): Explanation {
  const set = told.get('allowed');
  const allowed =
    typeof set === 'object' && set.kind === 'set' ? set.items.filter((a) => typeof a === 'string') : [];
  const spec = told.get('seen');
  const action = `${event.action}(${words.name(event.participant)})`;
  if (spec === undefined) {
    const others = allowed.length === 0 ? 'nothing' : allowed.join(', ');
    return { allowed, reason: `${action} is not possible there; possible for it: ${others}` };
  }
  const differences = [
    ...entryDifferences(event, told.get('entry'), words),
    ...seenDifferences(event, spec, words),
  ];
  if (differences.length > 0) return { allowed, reason: `after ${action}: ${differences.join('; ')}` };
  const epoch = told.get('epoch');
  const where = epoch === undefined ? 'its epoch' : `the epoch of ${printValue(epoch)}`;
  const label = event.seen?.authenticator ?? 'none';
  return {
    allowed,
    reason: `after ${action}: the authenticator ${label} does not go with ${where}`,
  };
}

function entryDifferences(event: MergedEvent, spec: TlaValue | undefined, words: Words): string[] {
  if (event.entry === null || spec === undefined) return [];
  const [ours, theirs] = [printValue(spec), printed(words.entry(event.entry))];
  return ours === theirs ? [] : [`the entry is ${ours} and not ${theirs}`];
}

function seenDifferences({ seen }: MergedEvent, spec: TlaValue, words: Words): string[] {
  if (seen === null) return [];
  const view = parseValue(words.view(seen.view));
  const differ = (name: string, ours: TlaValue | undefined, theirs: string): string[] => {
    const value = ours === undefined ? 'nothing' : printValue(ours);
    return value === theirs ? [] : [`${name} is ${value} and not ${theirs}`];
  };
  const ours = apply(spec, 'view') ?? '';
  return [
    ...differ('the state', apply(spec, 'state'), printed(text(seen.state))),
    ...differ('the draft', apply(spec, 'pending'), printed(words.pending(seen.pending))),
    ...FIELDS.flatMap((name) =>
      differ(`view.${name}`, apply(ours, name), printValue(apply(view, name) ?? '')),
    ),
  ];
}

const printed = (tla: string): string => printValue(parseValue(tla));
