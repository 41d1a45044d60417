import type { EffectType } from '../../machine/effects.ts';
import { ACTIONS, type Action } from '../explorer/actions.ts';
import type { Edges } from './edges.ts';
import { EFFECTS, type LabelIndex } from './labels.ts';

/** How many of something each graph has. */
export interface Both {
  readonly spec: number;
  readonly machine: number;
}

/** How many edges of one graph each action has, and on how many each effect occurs. */
export interface EdgeCounts {
  readonly actions: Readonly<Record<Action, number>>;
  readonly effects: Readonly<Record<EffectType, number>>;
}

export function countEdges(edges: Edges, labels: LabelIndex): EdgeCounts {
  const actions = zeros(ACTIONS);
  const effects = zeros(EFFECTS);
  for (const [number, count] of edges.byLabel()) {
    const label = labels.get(number);
    actions[label.action] += count;
    for (const type of new Set(label.effects.map((effect) => effect.type))) effects[type] += count;
  }
  return { actions, effects };
}

/** Two records of counts as one. */
export function sideBySide<K extends string>(
  spec: Readonly<Record<K, number>>,
  machine: Readonly<Record<K, number>>,
): Readonly<Record<K, Both>> {
  const names = Object.keys(spec) as K[];
  return Object.fromEntries(
    names.map((name) => [name, { spec: spec[name], machine: machine[name] }]),
  ) as Readonly<Record<K, Both>>;
}

function zeros<K extends string>(names: readonly K[]): Record<K, number> {
  return Object.fromEntries(names.map((name) => [name, 0])) as Record<K, number>;
}
