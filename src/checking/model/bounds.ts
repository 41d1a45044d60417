import { withConstants } from '../tlc/index.ts';
import { ModelError } from './errors.ts';
import { EITHER, type Model } from './models.ts';

/** How large a model is to be, instead of what its configuration says. */
export interface Bounds {
  /** How many; they are named p1, p2, … */
  readonly participants?: number;
  /** How often each fault may happen. */
  readonly crashes?: number;
  readonly leaves?: number;
  readonly gone?: number;
  readonly claims?: number;
  readonly handovers?: number;
  readonly lost?: number;
  /** Adds, and removes, of one commit. */
  readonly batch?: number;
  /** Rules to switch off. */
  readonly without?: readonly string[];
}

const CONSTANT_OF = {
  crashes: 'MaxCrashes',
  leaves: 'MaxLeaves',
  gone: 'MaxGone',
  claims: 'MaxClaims',
  handovers: 'MaxHandovers',
  lost: 'MaxLost',
  batch: 'BatchLimit',
} as const satisfies Partial<Record<keyof Bounds, string>>;

type Counted = keyof typeof CONSTANT_OF;

/** The bounds that are numbers of something, besides the participants. */
export const COUNTED = Object.keys(CONSTANT_OF) as readonly Counted[];

/**
 * A model with other bounds: nothing is pinned, and it must hold, unless rules are off. Throws ModelError
 * `model/bad-config` where its configuration has no such constant, or a rule is none.
 */
export function bounded(
  model: Model,
  configText: string,
  bounds: Bounds,
): { readonly model: Model; readonly configText: string } {
  const { participants, without = [] } = bounds;
  const values: Record<string, string> = {};
  if (participants !== undefined) values['Participants'] = setOfParticipants(participants);
  for (const counted of COUNTED) {
    const value = bounds[counted];
    if (value !== undefined) values[CONSTANT_OF[counted]] = String(value);
  }
  for (const rule of without) {
    if (!new RegExp(`(?<!\\w)${rule}\\s*=\\s*(?:TRUE|FALSE)(?!\\w)`).test(configText))
      throw new ModelError('model/bad-config', `${rule} is no rule of spec/${model.config}`);
    values[rule] = 'FALSE';
  }
  const changed = withConstants(configText, values);
  if (changed.missing.length > 0)
    throw new ModelError('model/bad-config', `spec/${model.config} has no ${changed.missing.join(', ')}`);
  const { states: _states, depth: _depth, simulate: _simulate, takes: _takes, ...rest } = model;
  const expected = model.expected === 'holds' && without.length === 0 ? 'holds' : EITHER;
  const rules = [...new Set([...model.rules, ...without])];
  const shows = `${model.name} with ${described(bounds).join(', ')}`;
  return {
    model: { ...rest, expected, rules, shows, check: false, conform: false, trace: false },
    configText: changed.config,
  };
}

function setOfParticipants(count: number): string {
  return `{${Array.from({ length: count }, (_, i) => `p${i + 1}`).join(', ')}}`;
}

/** The bounds that are given, in words: `participants 4`. */
function described({ without = [], ...counts }: Bounds): readonly string[] {
  return [
    ...Object.entries(counts).map(([name, value]) => `${name} ${String(value)}`),
    ...without.map((rule) => `rule ${rule} off`),
  ];
}
