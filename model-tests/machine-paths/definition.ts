import type { AnyStateNode } from 'xstate';
import { getStateNodes } from 'xstate/graph';
import { participantMachine, type ParticipantSnapshot } from '../../src/machine/machine.ts';
import { stateOf } from '../../src/participant/recording.ts';

/** A transition as the machine defines it, of a state node that is one or inherits it from a node around it. */
export interface DefinedTransition {
  readonly from: string;
  readonly event: string;
  readonly to: string;
  /** Type of the guard; null where there is none. */
  readonly guard: string | null;
}

const nodes = (): readonly AnyStateNode[] => getStateNodes(participantMachine as never);
const nameOf = (node: AnyStateNode): string => node.path.join('.');
const isLeaf = (node: AnyStateNode): boolean => node.type === 'atomic' || node.type === 'final';

/** The state node that a snapshot is in: `member.follower.idle`. */
export const nodeOf = (snapshot: ParticipantSnapshot): string => stateOf(snapshot);

/** The state nodes of the definition that a participant can be in, by name. */
export const leafNodes = (): readonly string[] => nodes().filter(isLeaf).map(nameOf);

/** The state nodes around those. */
export const compoundNodes = (): readonly string[] =>
  nodes()
    .filter((node) => !isLeaf(node))
    .map(nameOf);

function* around(node: AnyStateNode): Generator<AnyStateNode> {
  for (let it: AnyStateNode | undefined = node; it !== undefined; it = it.parent as AnyStateNode | undefined)
    yield it;
}

function guardOf(guard: unknown): string | null {
  if (typeof guard === 'string') return guard;
  return typeof guard === 'object' && guard !== null && 'type' in guard ? String(guard.type) : null;
}

/**
 * Every transition of the definition, once for each state node that it can be taken in.
 *
 * @throws RangeError where a transition has no target, several, or one that is not a state to be in: the machine has none.
 */
export function definedTransitions(): readonly DefinedTransition[] {
  const found: DefinedTransition[] = [];
  for (const node of nodes().filter(isLeaf)) {
    for (const definition of [...around(node)].flatMap((it) => [...it.transitions.values()].flat())) {
      const [target, ...more] = definition.target ?? [];
      if (target === undefined || more.length > 0 || !isLeaf(target)) {
        throw new RangeError(`${nameOf(node)} --${definition.eventType}--> not one state to be in`);
      }
      const guard = guardOf(definition.guard);
      found.push({ from: nameOf(node), event: String(definition.eventType), to: nameOf(target), guard });
    }
  }
  return found;
}
