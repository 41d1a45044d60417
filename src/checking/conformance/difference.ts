import { changesOf } from '../../trace/printTrace.ts';
import { printState, printValue } from '../../trace/printValue.ts';
import type { TlaState } from '../../trace/value.ts';
import type { Environment, World, WorldStep } from '../explorer/environment.ts';
import { entryValue, project, VARIABLES } from '../explorer/project.ts';
import { printDoubled } from './doubled.ts';
import type { Edge } from './edges.ts';
import { printEffects, printLabel, type LabelIndex } from './labels.ts';
import type { MachineGraph } from './machineGraph.ts';
import type { SpecGraph } from './specGraph.ts';
import type { StateIndex } from './stateIndex.ts';
import type { ViewComparison, ViewDifference } from './views.ts';

/** Where the two graphs part, after the fewest steps that both have. */
export interface Difference {
  /** The side that lacks the last step. */
  readonly missingIn: 'spec' | 'machine';
  /** The name of the last step; `Init` where already the initial states differ, `View` where only views do, `World` where two are one state. */
  readonly action: string;
  /** For people: one line a step, from the initial state, then the last step and what the other side does instead. */
  readonly lines: readonly string[];
}

export interface Sides {
  readonly spec: SpecGraph;
  readonly machine: MachineGraph;
  readonly onlySpec: readonly Edge[];
  readonly onlyMachine: readonly Edge[];
  readonly views: ViewComparison;
  readonly index: StateIndex;
  readonly labels: LabelIndex;
}

/** The nearest difference; undefined where there is none. */
export function findDifference(sides: Sides): Difference | undefined {
  const { spec, machine, onlySpec, onlyMachine, index, views } = sides;
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
  if (nearest !== undefined) return describe(sides, nearest);
  if (views.first !== undefined) return describeView(sides, views.first);
  return machine.doubled && describeDoubled(machine.environment, machine.doubled);
}

interface Candidate {
  readonly edge: Edge;
  readonly missingIn: 'spec' | 'machine';
  readonly path: readonly WorldStep[];
}

/** The nearest of some edges: at most one. Edges that leave a state that the machines never reach are further away. */
function candidates(
  { machine }: Sides,
  edges: readonly Edge[],
  missingIn: 'spec' | 'machine',
): readonly Candidate[] {
  let nearest: Edge | undefined;
  for (const edge of edges) {
    const depth = machine.depthOf(edge.from);
    if (depth !== undefined && (nearest === undefined || depth < machine.depthOf(nearest.from)!))
      nearest = edge;
  }
  const path = nearest && machine.pathTo(nearest.from);
  return nearest === undefined || path === undefined ? [] : [{ edge: nearest, missingIn, path }];
}

function describe(sides: Sides, { edge, missingIn, path }: Candidate): Difference {
  const { machine, index, labels } = sides;
  const { environment } = machine;
  const { lines, world } = pathLines(environment, path);
  const before = index.state(edge.from);
  const label = labels.get(edge.label);
  const there = led(before, index.state(edge.to));
  const [has, lacks] = missingIn === 'machine' ? ['the spec', 'the machines'] : ['the machines', 'the spec'];
  lines.push(`${path.length + 1}. ${printLabel(label)}: ${has} can, ${lacks} cannot: ${there}`);
  const other = missingIn === 'machine' ? fromMachine(machine, world) : fromSpec(sides, edge.from);
  const alike = other.filter(({ action }) => action === label.action);
  for (const { text } of alike) lines.push(`   ${lacks} instead, ${text}`);
  if (alike.length === 0) {
    const names = [...new Set(other.map(({ action }) => action))].join(', ');
    lines.push(`   what ${lacks} can do here: ${names === '' ? 'nothing' : names}`);
  }
  lines.push(...standings(environment, world), `   before it: ${printState(before)}`);
  return { missingIn, action: label.action, lines };
}

/** All states and steps are the same, and yet a machine concludes something else from the log than the spec. */
function describeView({ machine }: Sides, { cell, log, spec, machine: own }: ViewDifference): Difference {
  const state = machine.stateWith(cell);
  const path = state === undefined ? [] : (machine.pathTo(state) ?? []);
  const { lines } = pathLines(machine.environment, path);
  const { self } = machine.environment.cells.cell(cell);
  lines.push(`the view of ${self} after ${log}`, `   spec:    ${spec}`, `   machine: ${own}`);
  return { missingIn: 'machine', action: 'View', lines };
}

/** All states and steps are the same, and yet the machines remember something that the spec has no word for. */
function describeDoubled(
  environment: Environment,
  doubled: NonNullable<MachineGraph['doubled']>,
): Difference {
  const { lines } = pathLines(environment, doubled.path);
  lines.push('another world was the same state before; where they differ, that one and this one:');
  lines.push(...printDoubled(environment, doubled).map((line) => `   ${line}`));
  return { missingIn: 'spec', action: 'World', lines };
}

function pathLines(
  environment: Environment,
  path: readonly WorldStep[],
): { readonly lines: string[]; readonly world: World } {
  const lines: string[] = [];
  let world = environment.initial();
  path.forEach((step, i) => {
    lines.push(...stepLines(environment, i + 1, world, step));
    world = step.world;
  });
  return { lines, world };
}

function stepLines(environment: Environment, number: number, before: World, step: WorldStep): string[] {
  const changed = changes(project(environment, before), project(environment, step.world));
  return [`${number}. ${named(environment, step)}  ${changed}`, ...machineLine(environment, before, step)];
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
  const asked = step.effects.length === 0 ? 'no effects' : printEffects(step.effects);
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
  return environment.steps(world).map((step) => {
    const changed = changes(before, project(environment, step.world));
    const text = [`${named(environment, step)}: ${changed}`, ...machineLine(environment, world, step)].join(
      '\n',
    );
    return { action: step.action, text };
  });
}

function fromSpec({ spec, index, labels }: Sides, from: number): Alternative[] {
  const before = index.state(from);
  return spec.edges.leaving(from).map((edge) => {
    const label = labels.get(edge.label);
    return { action: label.action, text: `${printLabel(label)}: ${led(before, index.state(edge.to))}` };
  });
}

/** A step by its name in the spec, with the entry that it drafts, appends, sends again or reads. */
function named({ constants, logs }: Environment, { action, participant, entry }: WorldStep): string {
  const name = constants.participants[participant] ?? '';
  const of = entry === null ? '' : ` ${printValue(entryValue(logs.entries.get(entry)))}`;
  return `${action}(${name})${of}`;
}

/** What a step changed, and what the state after it says of the step itself, if anything. */
function led(before: TlaState, after: TlaState): string {
  const act = after['act'];
  return `${changes(before, after)}${act === undefined ? '' : `; act = ${printValue(act)}`}`;
}

function changes(before: TlaState, after: TlaState): string {
  const texts = VARIABLES.flatMap((name) => {
    const [old, now] = [before[name], after[name]];
    return old === undefined || now === undefined ? [] : changesOf(name, old, now);
  });
  return texts.length === 0 ? '(nothing changes)' : texts.join('; ');
}
