import { transition } from 'xstate';
import { adjacencyMapToArray, createTestModel, type TestModel } from 'xstate/graph';
import type { Effect, EffectType } from '../../src/machine/effects.ts';
import {
  participantMachine,
  type ParticipantEvent,
  type ParticipantSnapshot,
} from '../../src/machine/machine.ts';
import { ORIGIN } from '../../src/protocol/testing.ts';
import { nodeOf } from './definition.ts';
import {
  COMMANDS,
  countedEntries,
  eventName,
  overtakenEntries,
  reads,
  refusedEntries,
  SELF,
  transitionName,
} from './events.ts';

export type Model = TestModel<ParticipantSnapshot, ParticipantEvent, unknown>;
/** A path over the graph of the machine: a state for each step, and the event that led to it. */
export type Path = ReturnType<Model['getShortestPaths']>[number];
export type PathStep = Path['steps'][number];

/** More than this, and the traversal ends with an error: the bound on the log does not bound the graph. */
const MOST_TRANSITIONS = 100_000;

/** Fields of an entry that tell it from others that may be read at the same place. */
const SHOWN = ['kind', 'author', 'at', 'on', 'accused', 'parent', 'adds', 'removes', 'invited'];

export interface ModelOptions {
  /** Entries of a log, at most. */
  readonly depth: number;
  /** Whether states of the graph that differ in how they were come to are different ones. Default: yes. */
  readonly byTransition?: boolean;
  /** Default: the production machine. Another one shows that the tests tell them apart. */
  readonly machine?: typeof participantMachine;
}

/**
 * The graph of a participant's machine on bounded logs of three participants, all entries of which count. A state of the
 * graph is a snapshot and the transition that led to it: so there is a shortest path to each transition, too.
 *
 * `refused` is left out: whether the MLS core can refuse depends on the effects of the step before (`refusedPaths`).
 */
export function participantModel({
  depth,
  byTransition = true,
  machine = participantMachine,
}: ModelOptions): Model {
  const ids = new Map<string, number>();
  const idOf = ({ value, context }: ParticipantSnapshot): number => {
    const key = JSON.stringify([value, context]);
    const id = ids.get(key) ?? ids.size;
    ids.set(key, id);
    return id;
  };
  return createTestModel(machine, {
    input: { self: SELF, origin: ORIGIN },
    events: (snapshot) => [
      ...COMMANDS.map((type) => ({ type })),
      ...countedEntries(snapshot).map((entry) => reads(snapshot.context.view, entry)),
    ],
    // `createTestModel` adds an event without fields for each type that `events` does not give.
    filterEvents: (snapshot, event) =>
      event.type !== 'refused' && (event.type !== 'read' || 'placed' in event) && snapshot.can(event),
    serializeState: (snapshot, event, before) => {
      const state = `${nodeOf(snapshot)} #${String(idOf(snapshot))}`;
      return !byTransition || event === undefined || before === undefined
        ? state
        : `${state} by ${transitionName(before, event, snapshot)}`;
    },
    serializeEvent: (event) =>
      event.type === 'read' ? `read ${JSON.stringify(event.placed.entry, SHOWN)}` : event.type,
    stopWhen: ({ context }) => context.view.position >= depth,
    limit: MOST_TRANSITIONS,
  });
}

/** The names of the transitions of the graph. */
export const transitionsOf = (model: Model): ReadonlySet<string> =>
  new Set(
    adjacencyMapToArray(model.getAdjacencyMap()).map(({ state, event, nextState }) =>
      transitionName(state, event, nextState),
    ),
  );

/** The names of the transitions of a path, in order. */
export const namesOf = ({ steps }: Pick<Path, 'steps'>): readonly string[] =>
  steps.slice(1).map(({ event, state }, i) => transitionName(steps[i]!.state, event, state));

/** What the machine of `model` asks the MLS core and the log for with an event. */
export function effectsOf(
  model: Model,
  before: ParticipantSnapshot,
  event: ParticipantEvent,
): readonly Effect[] {
  const [, actions] = transition(model.testLogic, before, event);
  return actions.map(({ type, params }) => ({ type, params }));
}

/** Some of the paths, that together take every transition that all of them take. Shorter ones first. */
export function covering(paths: readonly Path[]): readonly Path[] {
  const sorted = [...paths].sort((p, q) => p.steps.length - q.steps.length);
  const first = new Map<string, Path>();
  for (const path of sorted) {
    const name = namesOf(path).at(-1);
    if (name !== undefined && !first.has(name)) first.set(name, path);
  }
  const chosen: Path[] = [];
  const taken = new Set<string>();
  // The longest first: they take most of what shorter ones take.
  for (const [name, path] of [...first].reverse()) {
    if (taken.has(name)) continue;
    chosen.push(path);
    for (const it of namesOf(path)) taken.add(it);
  }
  return chosen.reverse();
}

/** Goes on from the end of `path` by one event. */
function extended(model: Model, path: Path, event: ParticipantEvent): Path {
  const [longer] = model
    .getShortestPathsFrom([path], {
      events: [event],
      filterEvents: (snapshot) => snapshot === path.state && snapshot.can(event),
      stopWhen: (snapshot) => snapshot !== path.state,
    })
    .filter((it) => it.steps.length === path.steps.length + 1);
  if (longer === undefined) throw new Error(`${nodeOf(path.state)} does not take ${event.type}`);
  return longer;
}

/**
 * Paths with what counts for nothing at their ends: in every state node, one entry of each kind and refusal that there
 * is for it, and own drafts that were overtaken.
 */
export function refusedEntryPaths(model: Model, paths: readonly Path[]): readonly Path[] {
  const offers = paths
    .filter(({ state }) => state.status === 'active')
    .map((path) => ({
      path,
      names: [...overtakenEntries(path.steps), ...refusedEntries(path.state)].map((entry) =>
        nameAt(path.state, reads(path.state.context.view, entry)),
      ),
    }));
  const missing = new Set(offers.flatMap(({ names }) => names));
  const chosen: Path[] = [];
  const left = (names: readonly string[]): number => names.filter((it) => missing.has(it)).length;
  while (missing.size > 0) {
    const best = offers.reduce((a, b) => (left(b.names) > left(a.names) ? b : a));
    let { path } = best;
    for (const name of best.names) {
      if (!missing.delete(name)) continue;
      const entries = [...overtakenEntries(best.path.steps), ...refusedEntries(path.state)];
      const event = entries
        .map((entry) => reads(path.state.context.view, entry))
        .find((it) => nameAt(path.state, it) === name);
      if (event === undefined) throw new Error(`${name} is gone`);
      path = extended(model, path, event);
    }
    chosen.push(path);
  }
  return chosen;
}

const nameAt = (snapshot: ParticipantSnapshot, event: ParticipantEvent): string =>
  `${nodeOf(snapshot)} --${eventName(snapshot, event)}`;

/**
 * Paths that end with `refused`: one for each state node and kind of effect with which it is entered. Without an
 * effect, there is nothing that the MLS core could refuse.
 */
export function refusedPaths(
  model: Model,
  paths: readonly Path[],
): readonly { path: Path; effect: EffectType }[] {
  const heads = new Map<string, { path: Path; effect: EffectType }>();
  for (const path of [...paths].sort((p, q) => p.steps.length - q.steps.length)) {
    const [before, last] = path.steps.slice(-2);
    if (before === undefined || last === undefined || path.state.status !== 'active') continue;
    const effect = effectsOf(model, before.state, last.event).at(-1)?.type;
    if (effect === undefined) continue;
    const name = `${nodeOf(path.state)} ${effect}`;
    if (!heads.has(name)) heads.set(name, { path, effect });
  }
  return [...heads.values()].map(({ path, effect }) => ({
    path: extended(model, path, { type: 'refused' }),
    effect,
  }));
}
