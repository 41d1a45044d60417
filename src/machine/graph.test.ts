import { transition } from 'xstate';
import { getAdjacencyMap } from 'xstate/graph';
import { expect, test } from 'vitest';
import { addsAt, removesAt } from '../protocol/counts.ts';
import type { CommitEntry, Entry } from '../protocol/entry.ts';
import { claim, commit, found, handover, join, leave, next, ORIGIN } from '../protocol/testing.ts';
import { RULES, rulesWithout, type Rule } from '../protocol/rules.ts';
import { designatedCommitter, emptyView, responsible, waiting, waitingAt } from '../protocol/view.ts';
import { participantMachine, type ParticipantEvent, type ParticipantSnapshot } from './machine.ts';

const NAMES = ['a', 'b', 'c'];
/** Entries of the logs that are walked. */
const DEPTH = 6;
const LOCAL = ['found', 'commit', 'handOver', 'claim', 'leave', 'refused'] as const;

/** The next entries that an honest log may show to `a`: what anybody may draft here, and what `a` has drafted before. */
function entries({ context: { view, protocol, pending, self } }: ParticipantSnapshot): readonly Entry[] {
  const at = view.position;
  const head = view.history.at(-1) ?? '';
  const committer = designatedCommitter(view);
  const accused = responsible(view) ?? '';
  const commitOf = (author: string, n: number): CommitEntry =>
    commit(author, n, head, addsAt(protocol, view, n), removesAt(protocol, view, n));
  const mine: Entry[] = [];
  if (pending?.kind === 'found') mine.push(found(self, pending.at));
  if (pending?.kind === 'commit') mine.push(commitOf(self, pending.at));
  if (pending?.kind === 'handover') mine.push(handover(self, pending.at));
  if (pending?.kind === 'claim')
    mine.push(claim(self, pending.at, designatedCommitter(view) ?? waitingAt(view, pending.at)[0] ?? ''));
  const [first] = waiting(view);
  return [
    ...mine,
    ...NAMES.filter((p) => view.joined[p] === undefined).map(join),
    ...NAMES.filter((p) => view.joined[p] !== undefined && view.leftAt[p] === undefined).map(leave),
    ...(first === undefined ? [] : [found(first, at)]),
    ...(committer === null ? [] : [commitOf(committer, at), handover(committer, at)]),
    ...(committer === null || protocol.rules.Atomic
      ? []
      : [{ ...commitOf(committer, at), kind: 'welcome' } as const]),
    ...NAMES.filter((p) => p !== self && p !== accused).map((p) => claim(p, at, accused)),
  ];
}

const events = (snapshot: ParticipantSnapshot): ParticipantEvent[] => [
  ...LOCAL.map((type) => ({ type })),
  ...entries(snapshot).map((entry) => ({
    type: 'read' as const,
    placed: next(snapshot.context.view, entry),
  })),
];

const nodeOf = (snapshot: ParticipantSnapshot): string => {
  const flat = (value: unknown): string =>
    typeof value === 'string'
      ? value
      : Object.entries(value as Record<string, unknown>)
          .map(([name, inner]) => `${name}.${flat(inner)}`)
          .join();
  return flat(snapshot.value);
};

/** State nodes that end the machine, and all that may be read into. */
const FINAL = ['left', 'evicted', 'dead'];
const NODES = [
  'outside',
  'waiting.idle',
  'waiting.founding',
  'waiting.claiming',
  'member.follower.idle',
  'member.follower.claiming',
  'member.designated.idle',
  'member.designated.committing',
  'member.designated.handingOver',
  ...FINAL,
];

/** What a participant may do of its own accord, by node: the state nodes say so, and their guards. */
const ENDS = ['leave left', 'refused dead'];
const DOES: Readonly<Record<string, readonly string[]>> = {
  'waiting.idle': ['claim waiting.claiming', 'found waiting.founding', ...ENDS],
  'waiting.founding': ENDS,
  'waiting.claiming': ENDS,
  'member.follower.idle': ['claim member.follower.claiming', ...ENDS],
  'member.follower.claiming': ENDS,
  'member.designated.idle': [
    'commit member.designated.committing',
    'handOver member.designated.handingOver',
    ...ENDS,
  ],
  'member.designated.committing': ENDS,
  'member.designated.handingOver': ENDS,
};

/** Where the next entry may lead, by node. `dead`: an entry under the own name that was never drafted counted. */
const FOLLOWER = ['evicted', 'member.designated.idle', 'member.follower.idle'];
const READS: Readonly<Record<string, readonly string[]>> = {
  outside: ['outside', 'waiting.idle'],
  'waiting.idle': ['dead', 'evicted', 'member.follower.idle', 'waiting.idle'],
  'waiting.founding': ['dead', 'evicted', 'member.designated.idle', 'waiting.founding'],
  'waiting.claiming': ['dead', 'evicted', 'member.follower.idle', 'waiting.claiming', 'waiting.idle'],
  'member.follower.idle': FOLLOWER,
  'member.follower.claiming': [...FOLLOWER, 'member.follower.claiming'].sort(),
  'member.designated.idle': ['dead', ...FOLLOWER],
  'member.designated.committing': ['dead', ...FOLLOWER, 'member.designated.committing'].sort(),
  'member.designated.handingOver': ['dead', ...FOLLOWER, 'member.designated.handingOver'].sort(),
};

interface Walked {
  readonly snapshot: ParticipantSnapshot;
  readonly transitions: readonly { readonly event: ParticipantEvent; readonly after: ParticipantSnapshot }[];
}

function walk(depth: number, off: readonly Rule[] = []): readonly Walked[] {
  const graph = getAdjacencyMap(participantMachine, {
    input: { self: 'a', origin: ORIGIN, rules: rulesWithout(...off) },
    events,
    // Refused events would show as edges of a node to itself.
    filterEvents: (snapshot, event) => snapshot.can(event),
    serializeState: ({ value, context }) => JSON.stringify([value, context]),
    stopWhen: ({ context }) => context.view.position >= depth,
    limit: 1_000_000,
  });
  type Edge = { readonly event: ParticipantEvent; readonly state: ParticipantSnapshot };
  const nodes = graph as Record<string, { state: ParticipantSnapshot; transitions: Record<string, Edge> }>;
  return Object.values(nodes).map(({ state, transitions }) => ({
    snapshot: state,
    transitions: Object.values(transitions).map((it) => ({ event: it.event, after: it.state })),
  }));
}

test.each(RULES)('without %s, too, whoever is in the call reads whatever comes', (rule) => {
  const states = walk(4, [rule]);
  const stuck = states.flatMap(({ snapshot }) =>
    events(snapshot)
      .filter((event) => event.type === 'read' && snapshot.status === 'active' && !snapshot.can(event))
      .map((event) => [nodeOf(snapshot), event]),
  );
  expect(stuck).toEqual([]);
  expect(states.length).toBeGreaterThan(200);
});

test('the graph of a participant: every node, pure, persistent, refusals without a trace, endings empty', () => {
  const seen = new Map<string, Set<string>>();
  let [states, edges, refused, unread] = [0, 0, 0, 0];
  for (const { snapshot, transitions } of walk(DEPTH)) {
    const node = nodeOf(snapshot);
    const to = seen.get(node) ?? seen.set(node, new Set()).get(node)!;
    states++;
    const sample = states % 11 === 0;
    for (const { event, after } of transitions) {
      edges++;
      to.add(`${event.type} ${nodeOf(after)}`);
      if (!sample) continue;
      // Pure: the same input gives the same output; and JSON is all there is to a snapshot.
      const [first, actions] = transition(participantMachine, snapshot, event);
      const persisted: unknown = JSON.parse(
        JSON.stringify(participantMachine.getPersistedSnapshot(snapshot)),
      );
      const restored = participantMachine.resolveState(persisted as never);
      const [second, others] = transition(participantMachine, restored, event);
      expect([second.value, second.context, second.status]).toEqual([
        first.value,
        first.context,
        first.status,
      ]);
      expect(others.map(({ type, params }) => ({ type, params }))).toEqual(
        actions.map(({ type, params }) => ({ type, params })),
      );
    }
    if (FINAL.includes(node)) {
      // "A participant that ends keeps nothing."
      expect(snapshot.status).toBe('done');
      expect([snapshot.context.view, snapshot.context.pending]).toEqual([emptyView(ORIGIN), null]);
    }
    for (const event of sample ? events(snapshot) : []) {
      if (snapshot.can(event)) continue;
      refused++;
      if (event.type === 'read' && !FINAL.includes(node)) unread++;
      const [after, actions] = transition(participantMachine, snapshot, event);
      expect([after.value, after.context, actions]).toEqual([snapshot.value, snapshot.context, []]);
    }
  }
  console.log(`${String(states)} states, ${String(edges)} edges, ${String(refused)} refused events tried`);
  for (const [node, to] of seen) console.log(`${node}: ${[...to].sort().join(', ')}`);
  expect([...seen.keys()].sort()).toEqual([...NODES].sort());
  // Whoever is in the call reads whatever comes.
  expect(unread).toBe(0);
  for (const node of NODES) {
    const to: readonly string[] = [...(seen.get(node) ?? [])].sort();
    const reads = to.filter((it) => it.startsWith('read ')).map((it) => it.slice(5));
    expect({ [node]: reads }).toEqual({ [node]: READS[node] ?? [] });
    expect({ [node]: to.filter((it) => !it.startsWith('read ')) }).toEqual({ [node]: DOES[node] ?? [] });
  }
  expect(states).toBeGreaterThan(1_000);
  expect(refused).toBeGreaterThan(1_000);
});
