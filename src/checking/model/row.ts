import * as v from 'valibot';
import { VERDICTS } from '../replay/result.ts';
import { ModelError } from './errors.ts';
import type { Family } from './families.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const identifier = v.pipe(v.string(), v.regex(/^[A-Za-z]\w*$/));

/** Expected of a model that is only looked at: that it holds, or does not. No row of a list says so. */
export const EITHER = 'either';

/** What the replay of a trace on the machines and real MLS shows; `none` where they know no such steps. */
const REPLAYS = [...VERDICTS, 'none'] as const;

/** A row of `spec/models/FAMILY/models.json`. */
const rowSchema = v.strictObject({
  /** The configuration is `NAME.cfg` beside the list; a kept trace is `traces/NAME.itf.json`. */
  name: v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,60}$/)),
  /** One line for people. */
  shows: v.pipe(v.string(), v.minLength(1), v.regex(/^[^|\r\n]*$/)),
  /** File name in `spec/`. */
  module: v.pipe(v.string(), v.regex(/^\w+\.tla$/)),
  /** `holds`, or the invariant or property that must be found violated. */
  expected: identifier,
  /** The rule that is off, or several. */
  rule: v.optional(v.union([identifier, v.pipe(v.array(identifier), v.minLength(1))])),
  /** Distinct states, with any number of workers. Only a model that TLC walks to its end has them. */
  states: v.optional(count),
  /** States on the longest shortest path, with one worker; of a counterexample, its states. */
  depth: v.optional(count),
  /** Actions that must be taken at least once: TLC counts how often each is. */
  takes: v.optional(v.pipe(v.array(identifier), v.minLength(1))),
  /** Part of `committer check`, of `committer conform`, when no model is named. */
  check: v.boolean(),
  conform: v.boolean(),
  /** Whether its counterexample is kept in `traces/`. */
  trace: v.optional(v.boolean()),
  /** What `committer replay` must show of the trace; without it, damage, and of a witness none. */
  replay: v.optional(v.picklist(REPLAYS)),
  /** Not the whole graph but that many random behaviours, of at most `depth` states. */
  simulate: v.optional(
    v.strictObject({ traces: count, depth: count, seed: v.pipe(v.number(), v.integer()) }),
  ),
});

type Row = v.InferOutput<typeof rowSchema>;

/** A model: a row of its family's list. */
export type Model = Readonly<Omit<Row, 'rule' | 'trace'>> & {
  readonly family: Family;
  /** The configuration's path in `spec/`. */
  readonly config: string;
  /** The rules that are off. */
  readonly rules: readonly string[];
  readonly trace: boolean;
};

/** Reads one family's list. Throws ModelError `model/bad-list`. */
export function parseModels(text: string, family: Family): readonly Model[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw bad(family, 'it is not JSON', error);
  }
  const parsed = v.safeParse(v.pipe(v.array(rowSchema), v.minLength(1)), json);
  if (!parsed.success) {
    const issues = parsed.issues.map((issue) => `${v.getDotPath(issue) ?? ''}: ${issue.message}`);
    throw bad(family, issues.join('; '));
  }
  return parsed.output.map((row, i) => {
    const wrong = inconsistency(row, family);
    if (wrong !== null) throw bad(family, `${row.name}: ${wrong}`);
    if (parsed.output.findIndex(({ name }) => name === row.name) !== i)
      throw bad(family, `${row.name} comes twice`);
    const { rule = [], trace = false, ...rest } = row;
    return {
      ...rest,
      family,
      config: `models/${family}/${row.name}.cfg`,
      rules: typeof rule === 'string' ? [rule] : rule,
      trace,
    };
  });
}

function inconsistency(row: Row, family: Family): string | null {
  const holds = row.expected === 'holds';
  if (row.expected === EITHER) return 'a model holds, or something of it is violated';
  if (row.replay !== undefined && row.trace !== true) return 'there is no trace to replay';
  if (holds && row.trace === true) return 'it holds, and so there is no trace to keep';
  if (family === 'nightly' && row.check) return 'a nightly model is no part of the default set (check)';
  if (row.takes !== undefined && !holds) return 'it is violated, and TLC does not get to all that it may do';
  if (row.takes !== undefined && new Set(row.takes).size !== row.takes.length) return 'an action comes twice';
  if (row.simulate !== undefined) {
    if (row.takes !== undefined) return 'of a simulation TLC counts no actions';
    if (row.states !== undefined || row.depth !== undefined)
      return 'a simulation has no states or depth to pin';
    if (row.conform) return 'a simulation has no graph to compare';
    return null;
  }
  if (holds && row.states === undefined) return 'it holds, and its states are not pinned';
  if (!holds && row.states !== undefined)
    return 'it is violated, and how many states TLC saw before says nothing';
  if (!holds && row.conform) return 'it is violated, and so its graph is never whole';
  return null;
}

function bad(family: Family, message: string, cause?: unknown): ModelError {
  return new ModelError('model/bad-list', `spec/models/${family}/models.json: ${message}`, { cause });
}

/** What a model is for the commands: something that holds, holds (or falls) under attack, or must be violated. */
export type ModelKind = 'holds' | 'attack' | 'ablation';

/** The kind of a model, which its family, rules and expectation say. */
export function kindOf({ family, rules, expected }: Model): ModelKind {
  if (expected !== 'holds' && (rules.length > 0 || family !== 'adversary')) return 'ablation';
  return family === 'adversary' ? 'attack' : 'holds';
}
