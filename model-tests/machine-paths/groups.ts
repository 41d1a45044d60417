import { expect } from 'vitest';
import type { ParticipantSnapshot } from '../../src/machine/machine.ts';
import { disagreement, type Person, type Scene } from '../../src/participant/testing.ts';
import { digest } from '../../src/protocol/wire/bytes.ts';
import { nodeOf } from './definition.ts';
import type { PathRoom } from './room.ts';

/** The MLS group of the participant is where its state says; who is in no group has none, who has ended has no keys. */
export function expectGroup({ self, names, announced }: PathRoom, state: ParticipantSnapshot): void {
  const { participant, mls } = self;
  const { view, pending } = state.context;
  expect(participant.ended).toBe(state.status === 'done');
  if (participant.ended) {
    expect(() => mls.hasGroup).toThrow('closed');
    return;
  }
  const member = nodeOf(state).startsWith('member.');
  const { hasGroup, hasPending } = mls;
  expect({ hasGroup, hasKeys: participant.hasKeys, hasPending }).toEqual({
    hasGroup: member,
    hasKeys: member,
    hasPending: pending?.kind === 'found' || pending?.kind === 'commit',
  });
  if (!member) return;
  const members = mls.roster.map((it) => names.toModel(it.participant)).sort();
  expect({ epoch: Number(mls.epoch), authenticator: digest(mls.epochAuthenticator), members }).toEqual({
    epoch: view.history.length - 1,
    authenticator: announced.get(view.history.at(-1) ?? ''),
    members: [...view.roster].sort(),
  });
}

/** Of any two groups: one history, one authenticator; different histories, different authenticators. Gives their numbers. */
export function expectPairs({ people }: PathRoom): { together: number; apart: number } {
  const groups = people
    .filter(({ participant }) => participant.hasKeys)
    .map((it) => ({
      name: it.name,
      history: it.participant.view.history.join(),
      authenticator: it.authenticator,
    }));
  const seen = { together: 0, apart: 0 };
  groups.forEach((p, i) => {
    for (const q of groups.slice(i + 1)) {
      const together = p.history === q.history;
      seen[together ? 'together' : 'apart']++;
      const what = `${p.name} and ${q.name}: one authenticator where there is one history, and only there`;
      expect(p.authenticator === q.authenticator, what).toBe(together);
    }
  });
  return seen;
}

/** Rounds in which everybody reads everything and does what it is to do: more than a call of four ever needs. */
const MOST_ROUNDS = 20;

/** Everybody reads and acts, and what they send is appended, until nothing moves any more. */
function expectRest(scene: Scene): void {
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const { length } = scene.entries;
    for (const person of scene.people) {
      scene.deliver(person);
      person.participant.act();
      scene.flush(person);
    }
    if (scene.entries.length === length) return;
  }
  expect.fail(`behind the path the call comes to no rest in ${String(MOST_ROUNDS)} rounds`);
}

/**
 * The call goes on: who has ended or was dishonest leaves, somebody joins, and all who are left come to one epoch. The
 * room is used up.
 */
export function expectToGoOn(room: PathRoom): void {
  const { scene, culprits } = room;
  room.joins();
  for (const person of scene.people) scene.deliver(person);
  const leaves = (it: Person): boolean => it.participant.ended || culprits.has(it);
  for (const person of scene.people.filter(leaves)) scene.leaves(person);
  scene.join('newcomer');
  expectRest(scene);
  const left = scene.people.filter((it) => !it.participant.ended);
  const without = left.filter((it) => !it.participant.hasKeys).map((it) => it.name);
  expect(without, 'who has no keys behind the path').toEqual([]);
  expect(disagreement(left), 'who has other keys than the rest behind the path').toBe(null);
  for (const { participant } of left) participant.mls.close();
}
