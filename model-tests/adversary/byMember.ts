import { readKnowing } from '../../src/checking/replay/weakened.ts';
import type { Person } from '../../src/participant/testing.ts';
import { digest, unhex } from '../../src/protocol/wire/bytes.ts';
import { commitIdOf, type WireEntry } from '../../src/protocol/wire/hashes.ts';
import { decodeCommitPayload, encodeCommitPayload } from '../../src/protocol/wire/payload.ts';
import type { Case } from './Case.ts';
import type { Stage } from './Stage.ts';

const GARBAGE = Uint8Array.from({ length: 99 }, (_, i) => i);

/** Members in order of seniority, of whom the one called mallory is dishonest. */
function among(stage: Stage, ...names: readonly string[]): Person[] {
  const people = stage.members(...names);
  for (const it of people) if (it.name === 'mallory') stage.dishonest.add(it);
  return people;
}

/** Somebody who was a member and had left, and keeps its group: it follows one more commit, if that lets it. */
function keeps(
  stage: Stage,
  { name }: Person,
  mls: Person['mls'],
  wire: WireEntry,
  by: Person,
  adds: readonly Person[],
): void {
  stage.outsiders.push({ name, mls });
  mls.process(decodeCommitPayload(wire.payload).commit, {
    committer: by.id,
    adds: adds.map((it) => ({ participant: it.id, keyPackageHash: unhex(digest(it.mls.keyPackage)) })),
    removes: [],
    path: false,
    authenticatedData: unhex(by.drafts().on),
  });
}

/** Misdeeds of members, and of who waits. */
export const BY_MEMBER: readonly Case[] = [
  {
    action: 'CommitOutOfTurn',
    by: 'member',
    does: 'a follower removes the designated committer',
    guard: { rules: ['Designated', 'Justified'] },
    without: 'a live member is out',
    seen: 'Designated',
    remains: 'a longer log',
    spec: 'FollowersThrowNobodyOut',
    run: (stage) => {
      const [a, mallory] = among(stage, 'a', 'mallory', 'c') as [Person, Person];
      stage.misdeed(stage.commitBy(mallory, mallory.drafting([], [a.id], true), { removes: [a.id] }));
    },
  },
  {
    action: 'ReadBadPayload',
    by: 'member',
    does: 'a follower commits, in bytes that do not process',
    guard: { rules: ['Designated'] },
    without: 'somebody dead',
    seen: 'Designated',
    remains: 'a longer log',
    spec: 'OnlyCommitterEnds',
    run: (stage) => {
      const [, mallory] = among(stage, 'a', 'mallory', 'c') as [Person, Person];
      const d = stage.waits('d');
      const payload = encodeCommitPayload({ commit: GARBAGE, welcome: GARBAGE });
      const made = mallory.drafting([d.mls.keyPackage], [], false);
      stage.misdeed(stage.commitBy(mallory, made, { adds: [d.id], payload }));
    },
  },
  {
    action: 'ReadBadPayload',
    by: 'member',
    does: 'the designated committer does so',
    guard: null,
    without: null,
    anyway: ['somebody dead'],
    seen: 'dead',
    then: 'told by whom; joins anew',
    remains: 'it ends the call for everybody, once in its turn',
    spec: 'dishonest-ends-call',
    run: (stage) => {
      const [mallory] = among(stage, 'mallory', 'b') as [Person];
      const d = stage.waits('d');
      const payload = encodeCommitPayload({ commit: GARBAGE, welcome: GARBAGE });
      const made = mallory.drafting([d.mls.keyPackage], [], false);
      stage.misdeed(stage.commitBy(mallory, made, { adds: [d.id], payload }));
    },
  },
  {
    action: 'AddGhost',
    by: 'member',
    does: 'the designated committer adds who never joined, and then admits who waits',
    guard: { rules: ['Justified'] },
    without: 'a ghost in the group',
    seen: 'Justified; parent',
    remains: 'who waits is let in by the next committer',
    spec: 'NoGhost',
    run: (stage) => {
      const [mallory] = among(stage, 'mallory') as [Person];
      const b = stage.waits('b');
      const ghost = stage.forgedJoin('ghost').mls;
      const core = mallory.mls.copy();
      const keyPackageHash = unhex(digest(b.mls.keyPackage));
      const hash = (): Uint8Array => unhex(b.drafts().on);
      const first = core.commit([ghost.keyPackage], [], false, hash());
      core.merge();
      const wire = stage.commitBy(mallory, first, { adds: [ghost.participant] });
      stage.misdeeds.push(wire);
      stage.append(wire);
      stage.deliver(b);
      const second = core.commit([b.mls.keyPackage], [], false, hash());
      const { at, on } = b.drafts();
      const admits = stage.commitBy(mallory, second, {
        adds: [b.id],
        at,
        on,
        parent: commitIdOf(wire.header),
      });
      stage.misdeeds.push(admits);
      stage.append(admits);
      // Who is let in holds the Welcome against the joins of the log besides: that check is off with the rule.
      const known = new Map([[ghost.participant, ghost.keyPackage]]);
      if (stage.off.includes('Justified')) readKnowing(b.participant, known, () => stage.deliver(b));
      stage.deliver(b);
      stage.outsiders.push({ name: 'ghost', mls: ghost });
      ghost.welcome(first.welcome);
      ghost.process(second.commit, {
        committer: mallory.id,
        adds: [{ participant: b.id, keyPackageHash }],
        removes: [],
        path: false,
        authenticatedData: unhex(on),
      });
    },
  },
  {
    action: 'RemoveLive',
    by: 'member',
    does: 'the designated committer removes who has not left',
    guard: { rules: ['Justified'] },
    without: 'a live member is out',
    seen: 'Justified',
    remains: 'a longer log',
    spec: 'NobodyThrownOut',
    run: (stage) => {
      const [mallory, b] = among(stage, 'mallory', 'b', 'c') as [Person, Person];
      stage.misdeed(stage.commitBy(mallory, mallory.drafting([], [b.id], true), { removes: [b.id] }));
    },
  },
  {
    action: 'LeaveOut',
    by: 'member',
    does: 'the designated committer keeps in the group who has left',
    guard: { rules: ['Justified'] },
    without: 'a frame is opened',
    seen: 'Justified',
    remains: 'it may commit nothing at all, until a claim',
    spec: 'NobodyLingers',
    run: (stage) => {
      const [mallory, , e] = among(stage, 'mallory', 'b', 'e') as [Person, Person, Person];
      const kept = e.mls.copy();
      stage.append(stage.leaveOf(e));
      const d = stage.waits('d');
      const wire = stage.commitBy(mallory, mallory.drafting([d.mls.keyPackage], [], false), { adds: [d.id] });
      keeps(stage, e, kept, wire, mallory, [d]);
      stage.misdeed(wire);
    },
  },
  {
    action: 'DateBack',
    by: 'member',
    does: 'the designated committer lets in who has left, as of a time when it waited',
    guard: { rules: ['Current'] },
    without: 'a frame is opened',
    seen: 'Current',
    remains: 'a longer log',
    spec: 'NobodyReturns',
    run: (stage) => {
      const [mallory] = among(stage, 'mallory', 'b') as [Person];
      const c = stage.waits('c');
      const { at, on } = mallory.drafts();
      const mls = c.mls.copy();
      stage.append(stage.leaveOf(c));
      stage.join('d');
      stage.settle();
      const made = mallory.mls.copy().commit([mls.keyPackage], [], false, unhex(on));
      stage.misdeed(stage.commitBy(mallory, made, { adds: [c.id], at, on }));
      stage.welcomes('c', mls);
    },
  },
  {
    action: 'DraftElsewhere',
    by: 'member',
    does: 'the designated committer says that it drafted on another log',
    guard: { rules: ['Witnessed'] },
    without: 'an epoch over two logs',
    seen: 'Witnessed, and told: the log is split',
    remains: 'a false alarm: told of a split where there is none',
    spec: 'BranchesNeverMerge',
    run: (stage) => {
      const [mallory] = among(stage, 'mallory', 'b') as [Person];
      const c = stage.waits('c');
      const on = 'ab'.repeat(32);
      const made = mallory.mls.copy().commit([c.mls.keyPackage], [], false, unhex(on));
      stage.misdeed(stage.commitBy(mallory, made, { adds: [c.id], on }));
    },
  },
  {
    action: 'SignTwice',
    by: 'member',
    does: 'the designated committer signs two commits at one position',
    guard: { rules: ['Current'], refusals: ['parent'] },
    without: 'somebody dead',
    seen: 'Current',
    remains: 'one for each half of a split log: two calls',
    spec: 'EntriesCountOnce',
    run: (stage) => {
      const [a, mallory] = among(stage, 'a', 'mallory', 'c') as [Person, Person];
      stage.append(stage.drafts(a, 'handOver'));
      stage.read();
      const [one, two] = [0, 1].map(() => stage.commitBy(mallory, mallory.drafting([], [], true))) as [
        WireEntry,
        WireEntry,
      ];
      stage.append(one);
      stage.misdeed(two);
    },
  },
  {
    action: 'FoundOutOfTurn',
    by: 'member',
    does: 'who waits founds a group of its own beside the call',
    guard: { refusals: ['Founding'] },
    without: 'a live member is out',
    seen: 'Founding',
    remains: 'a longer log',
    spec: 'NobodyThrownOut',
    run: (stage) => {
      among(stage, 'a', 'b');
      const mallory = stage.waits('mallory');
      stage.dishonest.add(mallory);
      const mls = mallory.mls.copy();
      const authenticator = digest(mls.found(GARBAGE));
      mls.merge();
      stage.outsiders.push({ name: 'the other group', mls });
      stage.misdeed(mallory.signs({ kind: 'found', ...mallory.drafts(), authenticator }));
    },
  },
  {
    action: 'HandOverOutOfTurn',
    by: 'member',
    does: 'a follower hands over a role that it has not',
    guard: { refusals: ['Rotation'] },
    without: 'a commit is lost',
    seen: 'Rotation',
    remains: 'a longer log',
    spec: 'MlsIsView',
    run: (stage) => {
      const [a, mallory] = among(stage, 'a', 'mallory', 'c') as [Person, Person];
      stage.waits('d');
      const commit = stage.drafts(a, 'act');
      stage.misdeed(mallory.signs({ kind: 'handover', ...mallory.drafts() }));
      stage.append(commit);
      stage.read();
    },
  },
  {
    action: 'ClaimWithoutCause',
    by: 'member',
    does: 'who waits claims against a committer that is not alone',
    guard: { refusals: ['Takeover'] },
    without: 'a live member is out',
    seen: 'Takeover',
    remains: 'a member’s claim counts where there is a duty: it costs a turn, and the service spaces claims',
    spec: 'RemovedHadLeft',
    run: (stage) => {
      const [a] = among(stage, 'a', 'b') as [Person];
      const mallory = stage.waits('mallory');
      stage.dishonest.add(mallory);
      stage.misdeed(mallory.signs({ kind: 'claim', ...mallory.drafts(), accused: a.id }));
    },
  },
];
