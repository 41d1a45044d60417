import { createMachine } from 'xstate';
import { participantMachine } from '../../src/machine/machine.ts';

/** What a mutant changes: a transition of the definition, as its configuration has it. */
interface Transition {
  target: string;
  guard?: unknown;
  actions?: unknown;
}
interface Node {
  readonly states: Readonly<Record<string, Node>>;
  readonly on: Readonly<Record<string, Transition>> & { readonly read: Transition[] };
}

/** Machines that differ from the participant's in one transition of their definition. */
export interface Mutant {
  readonly name: string;
  readonly machine: typeof participantMachine;
}

function mutant(name: string, change: (states: States) => void): Mutant {
  const { context, ...config } = participantMachine.config;
  const copy = structuredClone(config);
  change(copy.states as unknown as States);
  const machine = createMachine({ ...copy, context } as never, participantMachine.implementations as never);
  return { name, machine: machine as unknown as typeof participantMachine };
}

const transition = (node: Node | undefined, event: string): Transition => {
  const it = node?.on[event];
  if (it === undefined) throw new RangeError(`no ${event} here`);
  return it;
};

/** Has the two places of `read` change their targets. */
function swap(node: Node | undefined, p: string, q: string): void {
  for (const it of node?.on.read ?? []) {
    if (it.target === `#participant.${p}`) it.target = `#participant.${q}`;
    else if (it.target === `#participant.${q}`) it.target = `#participant.${p}`;
  }
}

type States = Readonly<Record<string, Node>>;
const waiting = (states: States): Node | undefined => states['waiting']?.states['idle'];
const designated = (states: States): Node | undefined =>
  states['member']?.states['designated']?.states['idle'];

const leadsTo = (node: Node | undefined, event: string, target: string): void => {
  transition(node, event).target = target;
};
const asksNoGuard = (node: Node | undefined, event: string): void => {
  delete transition(node, event).guard;
};
const does = (node: Node | undefined, event: string, actions: readonly string[]): void => {
  transition(node, event).actions = actions;
};

/** Mutants of every kind: another target, no guard, other actions. */
export function mutants(): readonly Mutant[] {
  return [
    mutant('found leads to claiming', (s) => leadsTo(waiting(s), 'found', 'claiming')),
    mutant('refused leads to evicted', (s) => leadsTo(s['waiting'], 'refused', '#participant.evicted')),
    mutant('found asks no guard', (s) => asksNoGuard(waiting(s), 'found')),
    mutant('commit asks no guard', (s) => asksNoGuard(designated(s), 'commit')),
    mutant('claim drafts nothing', (s) => does(waiting(s), 'claim', [])),
    mutant('leave erases nothing', (s) => does(s['waiting'], 'leave', ['askToLeave'])),
    mutant('leave tells nobody', (s) => does(s['waiting'], 'leave', ['erase'])),
    mutant('who is admitted is designated', (s) =>
      swap(s['waiting'], 'member.follower.idle', 'member.designated.idle'),
    ),
  ];
}
