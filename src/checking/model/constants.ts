import { ALL_RULES, RULES, type Rules } from '../../protocol/rules.ts';
import { isIdentifier } from '../../trace/value.ts';
import { namesUnder } from '../tlc/index.ts';
import { ModelError } from './errors.ts';

/** How often each fault may happen: the constants of the spec that start with `Max`. */
export interface FaultLimits {
  readonly crashes: number;
  readonly leaves: number;
  readonly gone: number;
  readonly claims: number;
  readonly handovers: number;
  /** Connections lost by participants that stay. */
  readonly lost: number;
}

/** The constants of `spec/DesignatedCommitter.tla`, as a TLC configuration gives them. */
export interface ModelConstants {
  /** Names of model values. */
  readonly participants: readonly string[];
  /** Those of them who lack the secret of the room's link. */
  readonly uninvited: readonly string[];
  readonly batchLimit: number;
  readonly rules: Rules;
  readonly limits: FaultLimits;
}

const LIMIT_OF = {
  MaxCrashes: 'crashes',
  MaxLeaves: 'leaves',
  MaxGone: 'gone',
  MaxClaims: 'claims',
  MaxHandovers: 'handovers',
  MaxLost: 'lost',
} as const satisfies Record<string, keyof FaultLimits>;

/** A faster `ViewAt` that says the same: how TLC computes it is no constant. */
const KEPT_VIEWS = /\bViewAt\s*<-\s*KeptViewAt\b/;

const ASSIGNMENT = /\s*([A-Za-z0-9_]+)\s*=\s*(\{[^}]*\}|[^\s{}]+)\s*/gy;

/**
 * Reads the constants out of the text of a TLC configuration: the explorer and TLC get them from one place. Throws
 * ModelError `model/bad-config` where one is missing, comes twice, is unknown or has a value that makes no sense.
 */
export function readConstants(config: string): ModelConstants {
  const values = assignments(namesUnder(config, 'CONSTANT', 'CONSTANTS').join(' ').replace(KEPT_VIEWS, ''));
  const take = (name: string): string => {
    const value = values.get(name);
    if (value === undefined) throw bad(`${name} is missing`);
    values.delete(name);
    return value;
  };
  const switches = RULES.map((rule) => [rule, boolean(rule, take(rule))] as const);
  const limits = Object.entries(LIMIT_OF).map(([name, limit]) => [limit, natural(name, take(name))] as const);
  const participants = names('Participants', take('Participants'));
  if (participants.length === 0) throw bad('Participants is empty');
  if (names('OtherSide', take('OtherSide')).length > 0)
    throw bad('the explorer knows one log, and OtherSide is not empty');
  const constants: ModelConstants = {
    participants,
    uninvited: names('Uninvited', take('Uninvited')),
    batchLimit: natural('BatchLimit', take('BatchLimit')),
    rules: Object.freeze({ ...ALL_RULES, ...(Object.fromEntries(switches) as Partial<Rules>) }),
    limits: Object.fromEntries(limits) as unknown as FaultLimits,
  };
  for (const name of values.keys()) throw bad(`${name} is no constant that the explorer knows`);
  return constants;
}

function assignments(text: string): Map<string, string> {
  const values = new Map<string, string>();
  let end = 0;
  for (const match of text.matchAll(ASSIGNMENT)) {
    const [whole, name = '', value = ''] = match;
    if (values.has(name)) throw bad(`${name} comes twice`);
    values.set(name, value);
    end = match.index + whole.length;
  }
  if (end < text.length) throw bad(`not an assignment: ${text.slice(end, end + 40)}`);
  return values;
}

function names(constant: string, value: string): readonly string[] {
  const inner = /^\{(.*)\}$/.exec(value)?.[1]?.trim();
  const list = inner === undefined || inner === '' ? [] : inner.split(',').map((name) => name.trim());
  if (
    inner === undefined ||
    list.length > 8 ||
    !list.every(isIdentifier) ||
    new Set(list).size < list.length
  ) {
    throw bad(`${constant} is not a set of at most 8 names: ${value}`);
  }
  return list;
}

function boolean(name: string, value: string): boolean {
  if (value === 'TRUE' || value === 'FALSE') return value === 'TRUE';
  throw bad(`${name} is neither TRUE nor FALSE: ${value}`);
}

function natural(name: string, value: string): number {
  if (/^\d{1,4}$/.test(value)) return Number(value);
  throw bad(`${name} is not a natural number below 10000: ${value}`);
}

function bad(message: string): ModelError {
  return new ModelError('model/bad-config', message);
}
