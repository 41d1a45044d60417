import { changesOf } from '../../trace/printTrace.ts';
import { printState } from '../../trace/printValue.ts';
import type { TlaState } from '../../trace/value.ts';
import type { Environment, World, WorldStep } from '../explorer/environment.ts';
import { project, VARIABLES } from '../explorer/project.ts';
import { decode, type Edge } from './edgeSet.ts';
import type { MachineGraph } from './machineGraph.ts';
import type { SpecGraph } from './specGraph.ts';
import type { StateIndex } from './stateIndex.ts';

/** Where the two graphs part, after the fewest steps that both have. */
export interface Difference {
  /** The side that lacks the last step. */
  readonly missingIn: 'spec' | 'machine';
  /** The name of the last step; `Init` where already the initial states differ. */
  readonly action: string;
  /** For people: one line a step, from the initial state, then the last step and what the other side does instead. */
  readonly lines: readonly string[];
}

export interface Sides {
  readonly spec: SpecGraph;
  readonly machine: MachineGraph;
  /** Edges, encoded. */
  readonly onlySpec: readonly number[];
  readonly onlyMachine: readonly number[];
  readonly index: StateIndex;
}

/** The nearest difference; undefined where there is none. */
export function findDifference(sides: Sides): Difference | undefined {
  const { spec, machine, onlySpec, onlyMachine, index } = sides;
  if (spec.initial.length !== 1 || spec.initial[0] !== machine.initial) {
    const lines = spec.initial.map((state) => `the spec starts in ${printState(index.state(state))}`);
    lines.push(`the machines start in ${printState(index.state(machine.initial))}`);
    return { missingIn: 'machine', action: 'Init', lines };
  }
  const nearest = [
    ...candidates(sides, onlySpec, 'machine'),
    ...candidates(sides, onlyMachine, 'spec'),
  ].reduce<Candidate | undefined>(
    (best, other) => (best === undefined || other.path.length < best.path.length ? other : best),
    undefined,
  );
  return nearest && describe(sides, nearest);
}

interface Candidate {
  readonly edge: Edge;
  readonly missingIn: 'spec' | 'machine';
  readonly path: readonly WorldStep[];
}

/** The nearest of some edges: at most one. Edges that leave a state that the machines never reach are further away. */
function candidates(
  { machine }: Sides,
  codes: readonly number[],
  missingIn: 'spec' | 'machine',
): readonly Candidate[] {
  let nearest: Edge | undefined;
  for (const code of codes) {
    const edge = decode(code);
    const depth = machine.depthOf(edge.from);
    if (depth !== undefined && (nearest === undefined || depth < machine.depthOf(nearest.from)!))
      nearest = edge;
  }
  const path = nearest && machine.pathTo(nearest.from);
  return nearest === undefined || path === undefined ? [] : [{ edge: nearest, missingIn, path }];
}

function describe({ machine, spec, index }: Sides, { edge, missingIn, path }: Candidate): Difference {
  const { environment } = machine;
  const lines: string[] = [];
  let world = environment.initial();
  path.forEach((step, i) => {
    lines.push(...stepLines(environment, i + 1, world, step));
    world = step.world;
  });
  const before = index.state(edge.from);
  const there = changes(before, index.state(edge.to));
  const [has, lacks] = missingIn === 'machine' ? ['the spec', 'the machines'] : ['the machines', 'the spec'];
  lines.push(`${path.length + 1}. ${edge.action}: ${has} can, ${lacks} cannot: ${there}`);
  const other = missingIn === 'machine' ? fromMachine(machine, world) : fromSpec(spec, edge.from, index);
  const alike = other.filter(({ action }) => action === edge.action);
  for (const { action, text } of alike) lines.push(`   ${lacks} instead, ${action}: ${text}`);
  if (alike.length === 0) {
    const names = [...new Set(other.map(({ action }) => action))].join(', ');
    lines.push(
      `   ${lacks} have no ${edge.action} here; what they have: ${names === '' ? 'nothing' : names}`,
    );
  }
  lines.push(...standings(environment, world), `   before it: ${printState(before)}`);
  return { missingIn, action: edge.action, lines };
}

function stepLines(environment: Environment, number: number, before: World, step: WorldStep): string[] {
  const name = environment.constants.participants[step.participant] ?? '';
  const changed = changes(project(environment, before), project(environment, step.world));
  return [`${number}. ${step.action}(${name})  ${changed}`, ...machineLine(environment, before, step)];
}

/** What the machine made of a step: its state before and after, and its effects. */
function machineLine(
  environment: Environment,
  before: World,
  { step, participant, world }: WorldStep,
): string[] {
  if (step === null) return [];
  const value = (of: World): string =>
    JSON.stringify(environment.cells.cell(of.cells[participant]!).machine?.value ?? 'crashed');
  const effects = step.effects.map(({ type, params }) => `${type} ${JSON.stringify(params)}`);
  const asked = effects.length === 0 ? 'no effects' : effects.join(', ');
  return [`   machine: ${value(before)} -> ${value(world)}; ${asked}${step.refused ? '; MLS refused' : ''}`];
}

function standings({ cells, constants }: Environment, world: World): string[] {
  return constants.participants.map(
    (name, i) =>
      `   machine of ${name}: ${JSON.stringify(cells.cell(world.cells[i]!).machine?.value ?? 'crashed')}`,
  );
}

interface Alternative {
  readonly action: string;
  readonly text: string;
}

function fromMachine({ environment }: MachineGraph, world: World): Alternative[] {
  const before = project(environment, world);
  return environment.steps(world).map((step) => ({
    action: step.action,
    text: [changes(before, project(environment, step.world)), ...machineLine(environment, world, step)].join(
      '\n',
    ),
  }));
}

function fromSpec({ edges }: SpecGraph, from: number, index: StateIndex): Alternative[] {
  const alternatives: Alternative[] = [];
  const before = index.state(from);
  for (const code of edges) {
    const edge = decode(code);
    if (edge.from === from)
      alternatives.push({ action: edge.action, text: changes(before, index.state(edge.to)) });
  }
  return alternatives;
}

function changes(before: TlaState, after: TlaState): string {
  const texts = VARIABLES.flatMap((name) => {
    const [old, now] = [before[name], after[name]];
    return old === undefined || now === undefined ? [] : changesOf(name, old, now);
  });
  return texts.length === 0 ? '(nothing changes)' : texts.join('; ');
}
