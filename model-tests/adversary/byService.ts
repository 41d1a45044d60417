import { decodeHeader, encodeHeader } from '../../src/protocol/wire/header.ts';
import { ServiceFault } from '../../src/protocol/wire/verify.ts';
import { encodeCommitPayload, withholdParts } from '../../src/protocol/wire/payload.ts';
import { PERIODS } from '../../src/participant/timers/periods.ts';
import type { Person } from '../../src/participant/testing.ts';
import type { Case } from './Case.ts';
import type { Stage } from './Stage.ts';

const two = (stage: Stage): [Person, Person] => stage.members('a', 'b') as [Person, Person];

/** Hands over what the service made of an entry; where that is refused, the entry itself afterwards. */
function handsOver(stage: Stage, to: Person, made: ReturnType<Stage['drafts']>, right: typeof made): void {
  stage.misdeeds.push(made);
  const { position } = to.participant.view;
  try {
    to.participant.read(made);
  } catch (error) {
    if (!(error instanceof ServiceFault)) throw error;
    stage.faults.push(error.code);
    if (to.participant.view.position !== position) throw new Error('read, and refused', { cause: error });
  }
  stage.append(right);
  if (to.participant.view.position !== position || to.participant.ended) to.read += 1;
  stage.read();
}

/** Misdeeds of the service with entries that others signed. */
export const BY_SERVICE: readonly Case[] = [
  {
    action: 'Duplicate',
    by: 'service',
    does: 'appends an old handover a second time',
    guard: { rules: ['Current'] },
    without: 'the role is taken',
    seen: 'Current',
    remains: 'a longer log',
    spec: 'EntriesCountOnce',
    run: (stage) => {
      const [a, b] = two(stage);
      const old = stage.drafts(a, 'handOver');
      stage.append(old);
      stage.settle();
      stage.append(stage.drafts(b, 'handOver'));
      stage.settle();
      stage.misdeed(old);
    },
  },
  {
    action: 'Replay',
    by: 'service',
    does: 'appends a member’s commit on the other log too',
    guard: { rules: ['Witnessed'] },
    without: 'an epoch over two logs',
    seen: 'Witnessed, and told: the log is split',
    remains: 'two calls of one: see ShowToSome',
    spec: 'BranchesNeverMerge',
    run: (stage) => {
      const [a, b] = two(stage);
      stage.waits('c');
      stage.onOther.add(b);
      stage.part();
      const commit = stage.drafts(a, 'act');
      stage.show(1, commit);
      stage.read();
      stage.misdeed(commit, 2);
    },
  },
  {
    action: 'Drop',
    by: 'service',
    does: 'drops the designated committer’s commit',
    guard: { rules: ['Ordered'] },
    without: 'somebody dead',
    seen: '',
    then: 'a claim against who seems silent',
    when: `${PERIODS.silenceMs / 1000} s`,
    remains: 'nobody is let in for as long as it drops',
    spec: 'HonestCommitsApply',
    run: (stage) => {
      const [a, b] = two(stage);
      stage.waits('c');
      stage.drafts(a, 'act');
      stage.append(stage.drafts(b, 'claim'));
      stage.settle();
    },
  },
  {
    action: 'Reorder',
    by: 'service',
    does: 'appends a claim before the commit that its author sent first',
    guard: { rules: ['Current'] },
    without: 'somebody dead',
    seen: 'Current',
    remains: 'the commit is drafted again',
    spec: 'HonestCommitsApply',
    run: (stage) => {
      const [a, b] = two(stage);
      stage.waits('c');
      const commit = stage.drafts(a, 'act');
      stage.append(stage.drafts(b, 'claim'));
      stage.read();
      const claim = stage.drafts(a, 'claim');
      stage.append(claim);
      stage.misdeed(commit);
    },
  },
  {
    action: 'Delay',
    by: 'service',
    does: 'appends a commit when its author was deposed and has the role again',
    guard: { rules: ['Current'] },
    without: 'somebody dead',
    seen: 'Current',
    remains: 'who is to be let in waits; the commit is drafted again',
    spec: 'HonestCommitsApply',
    run: (stage) => {
      const [a, b] = two(stage);
      stage.waits('c');
      const commit = stage.drafts(a, 'act');
      stage.append(stage.drafts(b, 'claim'));
      stage.read();
      stage.append(stage.drafts(b, 'handOver'));
      stage.read();
      stage.misdeed(commit);
    },
  },
  {
    action: 'RewriteAuthor',
    by: 'service',
    does: 'puts the designated committer’s name on a follower’s commit',
    guard: { check: 'signatures' },
    without: 'somebody dead',
    seen: 'void',
    remains: 'the entry is lost, as with Drop',
    spec: 'OnlyCommitterEnds',
    run: (stage) => {
      const [a, mallory] = stage.members('a', 'mallory', 'c') as [Person, Person];
      const d = stage.waits('d');
      stage.dishonest.add(mallory);
      const said = { adds: [d.id] };
      const wire = stage.commitBy(mallory, mallory.drafting([d.mls.keyPackage], [], false), said);
      const header = encodeHeader({ ...decodeHeader(wire.header), author: a.id });
      stage.misdeed({ ...wire, header });
    },
  },
  {
    action: 'ForgeJoin',
    by: 'service',
    does: 'joins with a participant of its own, who has no link',
    guard: { rules: ['Invited'] },
    without: 'a ghost in the group',
    seen: 'Invited',
    remains: 'a longer log',
    spec: 'NoGhost',
    run: (stage) => {
      two(stage);
      const { join, mls } = stage.forgedJoin('ghost');
      stage.misdeed(join);
      stage.settle();
      stage.welcomes('ghost', mls);
    },
  },
  {
    action: 'ForgeLeave',
    by: 'service',
    does: 'says that a live member has left',
    guard: { rules: ['Fresh'] },
    without: 'authenticators part',
    seen: 'evicted',
    then: 'joins anew',
    unseenBy: ['a'],
    remains: 'anybody can be made to join anew, as often as it likes',
    spec: 'RemovedHadLeft',
    run: (stage) => {
      const [, b] = two(stage);
      // What b holds when it is declared gone opens nothing that is said after its removal.
      if (!stage.off.includes('Fresh')) stage.outsiders.push({ name: 'b before', mls: b.mls.copy() });
      stage.misdeed(stage.leaveOf(b));
      stage.settle();
    },
  },
  {
    action: 'ForgeLeaveElsewhere',
    by: 'service',
    does: 'says so to the others only, and shows the removal to whom it is about',
    guard: { rules: ['Witnessed', 'Justified'] },
    without: 'a live member is out',
    seen: 'Witnessed, and told: the log is split',
    remains: 'the others go on without it',
    spec: 'split-is-seen',
    run: (stage) => {
      const [a, b] = two(stage);
      stage.onOther.add(b);
      stage.split = true;
      stage.show(1, stage.leaveOf(b));
      stage.read();
      const removal = stage.drafts(a, 'act');
      stage.show(1, removal);
      stage.read();
      stage.show(2, stage.forgedJoin('other').join);
      stage.misdeed(removal, 2);
    },
  },
  {
    action: 'ShowToSome',
    by: 'service',
    does: 'shows two logs to two who wait, and one commit that admits both',
    guard: { rules: ['Witnessed'] },
    without: 'an epoch over two logs',
    seen: 'Witnessed, and told: the log is split',
    remains: 'two calls of one; the safety codes differ',
    spec: 'SameEpochSameLog',
    run: (stage) => {
      const [a] = stage.members('a') as [Person];
      stage.part();
      stage.join('b');
      const c = stage.join('c');
      stage.onOther.add(c);
      stage.read();
      const commit = stage.drafts(a, 'act');
      stage.show(1, commit);
      stage.read();
      stage.misdeed(commit, 2);
    },
  },
  {
    action: null,
    by: 'service',
    does: 'withholds the MLS commit from a member',
    guard: { check: 'parts' },
    without: 'somebody dead',
    seen: 'ServiceFault payload_withheld',
    then: 'the entry is not read',
    remains: 'the member does not get on: as with Drop',
    spec: 'HonestCommitsApply',
    run: (stage) => {
      const [a, b] = two(stage);
      stage.waits('c');
      const commit = stage.drafts(a, 'act');
      const payload = withholdParts(commit.payload, ['welcome']);
      handsOver(stage, b, { ...commit, payload }, commit);
    },
  },
  {
    action: null,
    by: 'service',
    does: 'hands over another payload than the entry’s',
    guard: { check: 'digests' },
    without: 'somebody dead',
    seen: 'ServiceFault payload_digest',
    then: 'the entry is not read',
    remains: 'the member does not get on: as with Drop',
    spec: 'HonestCommitsApply',
    run: (stage) => {
      const [a, b] = two(stage);
      stage.waits('c');
      const commit = stage.drafts(a, 'act');
      const garbage = Uint8Array.from({ length: 99 }, (_, i) => i);
      const payload = encodeCommitPayload({ commit: garbage, welcome: garbage });
      handsOver(stage, b, { ...commit, payload }, commit);
    },
  },
];
