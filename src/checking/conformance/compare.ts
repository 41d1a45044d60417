import type { EffectType } from '../../machine/effects.ts';
import type { Action } from '../explorer/actions.ts';
import { countEdges, sideBySide, type Both } from './counts.ts';
import { statesAtDepth } from './depths.ts';
import { findDifference, type Difference } from './difference.ts';
import type { LabelIndex } from './labels.ts';
import type { MachineGraph } from './machineGraph.ts';
import type { SpecGraph } from './specGraph.ts';
import type { StateIndex } from './stateIndex.ts';
import { compareViews } from './views.ts';

/** How many of something each graph has, and how many only that one has. */
export interface SideBySide extends Both {
  readonly onlySpec: number;
  readonly onlyMachine: number;
}

export interface Comparison {
  /** States, initial states, labelled edges and views are the same, and the projection is injective. */
  readonly equal: boolean;
  readonly states: SideBySide;
  /** An edge is two states, the action, whose step it is, and what its machine asks for. */
  readonly edges: SideBySide;
  readonly edgesByAction: Readonly<Record<Action, Both>>;
  /** On how many edges a machine asks for each effect. */
  readonly edgesByEffect: Readonly<Record<EffectType, Both>>;
  /** Logs whose view was compared, and participants whose view is not the spec's. */
  readonly views: { readonly logs: number; readonly different: number };
  /** Worlds of the machines: as many as their states, or something in them is not in the spec's words. */
  readonly worlds: number;
  /** Worlds, whatever step led to them: fewer where the last step is part of the state. */
  readonly unlabelledWorlds: number;
  readonly depth: number;
  /** States 0, 1, 2, … steps away from the initial one. */
  readonly statesAtDepth: { readonly spec: readonly number[]; readonly machine: readonly number[] };
  readonly difference?: Difference;
}

export interface Conformance extends Comparison {
  /** Wall clock; TLC's with Java's start and the writing of the graph. */
  readonly seconds: { readonly spec: number; readonly machine: number; readonly total: number };
  /** Distinct states a second, the machines' over TLC's. */
  readonly statesPerSecondRatioToTlc: number;
}

export interface Graphs {
  readonly spec: SpecGraph;
  readonly machine: MachineGraph;
  readonly index: StateIndex;
  readonly labels: LabelIndex;
}

/** Compares two whole graphs, both ways. */
export function compare({ spec, machine, index, labels }: Graphs): Comparison {
  const onlySpec = spec.edges.missingIn(machine.edges);
  const onlyMachine = machine.edges.missingIn(spec.edges);
  const views = compareViews(machine.environment, index);
  const difference = findDifference({ spec, machine, onlySpec, onlyMachine, views, index, labels });
  const [ofSpec, ofMachine] = [countEdges(spec.edges, labels), countEdges(machine.edges, labels)];
  const states = {
    spec: spec.states.size,
    machine: machine.states.size,
    onlySpec: without(spec.states, machine.states),
    onlyMachine: without(machine.states, spec.states),
  };
  const same = difference === undefined && states.onlySpec === 0 && states.onlyMachine === 0;
  const injective = machine.worlds === machine.states.size;
  const something = states.spec > 0 && spec.edges.length > 0 && views.logs > 0;
  return {
    equal: same && injective && something && views.different === 0,
    states,
    edges: {
      spec: spec.edges.length,
      machine: machine.edges.length,
      onlySpec: onlySpec.length,
      onlyMachine: onlyMachine.length,
    },
    edgesByAction: sideBySide(ofSpec.actions, ofMachine.actions),
    edgesByEffect: sideBySide(ofSpec.effects, ofMachine.effects),
    views: { logs: views.logs, different: views.different },
    worlds: machine.worlds,
    unlabelledWorlds: machine.unlabelled,
    depth: machine.depth,
    statesAtDepth: {
      spec: statesAtDepth(spec.initial, spec.edges),
      machine: statesAtDepth([machine.initial], machine.edges),
    },
    ...(difference && { difference }),
  };
}

function without(a: ReadonlySet<number>, b: ReadonlySet<number>): number {
  let count = 0;
  for (const item of a) if (!b.has(item)) count += 1;
  return count;
}
