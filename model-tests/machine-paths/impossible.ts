/** Transitions that the definition has and that no log leads a participant through, and why. */
export interface Impossible {
  readonly reason: string;
  readonly event: 'read';
  readonly from: readonly string[];
  readonly to: readonly string[];
}

const WAITING = ['waiting.idle', 'waiting.founding', 'waiting.claiming'];
const FOLLOWER = ['member.follower.idle', 'member.follower.claiming'];
const DESIGNATED = [
  'member.designated.idle',
  'member.designated.committing',
  'member.designated.handingOver',
];
const INSIDE = [...WAITING, ...FOLLOWER, ...DESIGNATED];

/** State nodes in which a draft is pending. */
const DRAFTING = [
  'waiting.founding',
  'waiting.claiming',
  'member.follower.claiming',
  'member.designated.committing',
  'member.designated.handingOver',
];

/**
 * The definition writes down every place that an entry could lead to, once for `outside`, `waiting` and `member`; the
 * guard `leadsTo` chooses one. These are the places that it never chooses. The test fails where one of them is taken, and
 * where another one is not.
 */
export const IMPOSSIBLE: readonly Impossible[] = [
  ...DRAFTING.map((to) => ({
    reason: 'To read drafts nothing: what is pending was pending before.',
    event: 'read' as const,
    from: ['outside', ...INSIDE].filter((from) => from !== to),
    to: [to],
  })),
  {
    reason:
      'Whoever has not read its own join yet is in no roster, has left nothing, and has drafted nothing.',
    event: 'read',
    from: ['outside'],
    to: ['member.follower.idle', 'member.designated.idle', 'evicted', 'dead'],
  },
  {
    reason: 'A join that was read stays read.',
    event: 'read',
    from: INSIDE,
    to: ['outside'],
  },
  {
    reason: 'Out of the roster leads only a leave, and with the rule Fresh who has left is evicted.',
    event: 'read',
    from: [...FOLLOWER, ...DESIGNATED],
    to: ['waiting.idle'],
  },
  {
    reason:
      'A commit that admits somebody leaves its author designated, so who comes in by it is a follower.',
    event: 'read',
    from: ['waiting.idle', 'waiting.claiming'],
    to: ['member.designated.idle'],
  },
  {
    reason:
      'While nobody is live, only the first who waits may found and nobody can commit: its draft stays until it is read, ' +
      'or a claim has its author gone.',
    event: 'read',
    from: ['waiting.founding'],
    to: ['waiting.idle', 'member.follower.idle'],
  },
  {
    reason: 'No founding and no commit of a follower counts, so none is missing in its MLS core.',
    event: 'read',
    from: FOLLOWER,
    to: ['dead'],
  },
];
