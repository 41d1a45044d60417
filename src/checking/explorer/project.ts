import type { View } from '../../protocol/view.ts';
import { fcn, modelValue, record, sequence } from '../../trace/value.ts';
import type { TlaState, TlaValue } from '../../trace/value.ts';
import { standingOf, type Cell } from './cell.ts';
import type { Environment, World, WorldStep } from './environment.ts';
import { ExplorerError } from './errors.ts';
import type { LogEntry } from './logTree.ts';

/** The variables of the spec. */
export const VARIABLES = ['log', 'status', 'pos', 'mls', 'pending', 'outbox', 'faults'] as const;
export type Variable = (typeof VARIABLES)[number];

/** The spec's variable in this world. */
export function projectVariable(environment: Environment, world: World, variable: Variable): TlaValue {
  const { cells, logs, outboxes } = environment;
  const { participants } = environment.constants;
  const each = (of: (i: number) => TlaValue): TlaValue =>
    fcn(participants.map((name, i) => [modelValue(name), of(i)] as const));
  const cell = (i: number): Cell => cells.cell(world.cells[i] ?? -1);
  switch (variable) {
    case 'log':
      // One side: the service is honest.
      return sequence([sequence(logs.contents(world.log).map(entryValue))]);
    case 'status':
      return each((i) => standingOf(cell(i)));
    case 'pos':
      return each((i) => positionOf(cell(i)));
    case 'mls':
      return each((i) => historyValue(cell(i).core.history));
    case 'pending':
      return each((i) => pendingValue(cell(i)));
    case 'outbox':
      return each((i) =>
        sequence(outboxes.get(world.outboxes[i] ?? -1).map((entry) => entryValue(logs.entries.get(entry)))),
      );
    case 'faults':
      return record({
        gone: world.gone,
        claims: world.claims,
        handovers: world.handovers,
        lost: world.lost,
        resent: world.resent,
      });
  }
}

/** The spec's state that this world is. */
export function project(environment: Environment, world: World): TlaState {
  return Object.fromEntries(VARIABLES.map((name) => [name, projectVariable(environment, world, name)]));
}

/** The spec's name and parameters of a step: the variable `act` of `spec/Labels.tla`. */
export function projectAct(environment: Environment, step: WorldStep): TlaValue {
  const { action, participant, entry } = step;
  const name = environment.constants.participants[participant] ?? '';
  return record({
    name: action,
    participant: modelValue(name),
    ...(entry !== null && { entry: entryValue(environment.logs.entries.get(entry)) }),
  });
}

/** `act` before any step. */
export const NO_ACT: TlaValue = record({ name: 'Init' });

/** The spec's `View` that a machine's view is. */
export function projectView(view: View, participants: readonly string[]): TlaValue {
  const each = (of: (p: string) => number): TlaValue =>
    fcn(participants.map((p) => [modelValue(p), of(p)] as const));
  return record({
    // One side: the service is honest.
    side: 1,
    roster: sequence(view.roster.map(modelValue)),
    arrivals: sequence(view.arrivals.map(modelValue)),
    joinedAt: each((p) => view.joined[p]?.at ?? 0),
    leftAt: each((p) => view.leftAt[p] ?? 0),
    history: historyValue(view.history),
    refresh: view.refresh,
    changedAt: view.changedAt,
  });
}

/** As far as the machine itself says that it has read. */
const positionOf = ({ machine }: Cell): number => machine?.context.view.position ?? 0;

/** What the machine says is pending, with what it holds, which only the entry knows. */
function pendingValue({ machine, drafted }: Cell): TlaValue {
  const pending = machine?.context.pending ?? null;
  if (pending === null) return sequence([]);
  const entry = drafted?.entry;
  if (drafted === null || entry?.kind !== pending.kind || entry.at !== pending.at) {
    throw new ExplorerError(
      'explorer/draft-lost',
      `${JSON.stringify(pending)} is pending, ${JSON.stringify(entry)} was drafted`,
    );
  }
  return sequence([entryValue(drafted)]);
}

/** An entry as the spec writes it. */
export function entryValue({ entry, led }: LogEntry): TlaValue {
  const author = modelValue(entry.author);
  switch (entry.kind) {
    case 'join':
    case 'leave':
      return record({ kind: entry.kind, author });
    case 'found':
    case 'handover':
      return record({ kind: entry.kind, author, at: entry.at });
    case 'claim':
      return record({ kind: entry.kind, author, at: entry.at, accused: modelValue(entry.accused) });
    case 'commit':
    case 'welcome':
      return record({
        kind: entry.kind,
        author,
        at: entry.at,
        parent: historyValue((led ?? []).slice(0, -1)),
        adds: sequence(entry.adds.map(modelValue)),
        removes: sequence(entry.removes.map(modelValue)),
      });
    case 'void':
      return record({ kind: entry.kind, author });
  }
}

/** `p1@3`, the id of a founding or commit, is `<<p1, 3>>` in the spec. */
function historyValue(history: readonly string[]): TlaValue {
  return sequence(
    history.map((id) => {
      const split = id.lastIndexOf('@');
      return sequence([modelValue(id.slice(0, split)), Number(id.slice(split + 1))]);
    }),
  );
}
