import { beforeAll, describe, expect, test } from 'vitest';
import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256 } from '@noble/hashes/sha2.js';
import type { ExpectedAdd, MlsGroup, ParticipantId } from './MlsGroup.ts';
import { addAll, codeOf, id, member, observable, pair, NOW } from './testing.ts';
import { checkKeyPackage, createMlsGroup } from './wasm.ts';
import { loadMlsInNode } from './node.ts';

beforeAll(loadMlsInNode);

/** Carries out one commit everywhere: the committer merges, `others` process, the added ones join. All must agree. */
function everywhere(
  committer: MlsGroup,
  others: readonly MlsGroup[],
  joiners: readonly MlsGroup[],
  removes: ParticipantId[],
  path = false,
) {
  const packages = joiners.map((it) => it.keyPackage);
  const made = committer.commit(packages, removes, path);
  const adds: ExpectedAdd[] = joiners.map((it) => ({
    participant: it.participant,
    keyPackageHash: sha256(it.keyPackage),
  }));
  for (const other of others)
    other.process(made.commit, { committer: committer.participant, adds, removes, path });
  committer.merge();
  for (const joiner of joiners) joiner.welcome(made.welcome);
  const all = [committer, ...others, ...joiners];
  for (const it of all) {
    expect(it.epochAuthenticator).toEqual(made.authenticator);
    expect(it.epoch).toBe(committer.epoch);
    expect(it.roster).toEqual(committer.roster);
    expect(it.groupId).toEqual(committer.groupId);
    expect(it.exportSecret('SFrame 1.0 Base Key', new Uint8Array(), 16)).toEqual(
      committer.exportSecret('SFrame 1.0 Base Key', new Uint8Array(), 16),
    );
  }
  return made;
}

describe('a group', () => {
  test('is founded, grows, shrinks and changes its committer, and all agree at every epoch', () => {
    const [a, b, c, d] = [member(), member(), member(), member()] as const;
    const announced = a.found(new Uint8Array([1, 2, 3]));
    expect([a.hasGroup, a.hasPending]).toEqual([false, true]);
    expect(codeOf(() => a.epoch)).toBe('no_group');
    a.merge();
    expect([a.hasGroup, a.hasPending, a.epoch, a.ownLeafIndex]).toEqual([true, false, 0n, 0]);
    expect(a.epochAuthenticator).toEqual(announced);
    expect(a.groupId).toEqual(new Uint8Array([1, 2, 3]));

    everywhere(a, [], [b], []);
    everywhere(a, [b], [c, d], []);
    expect(a.roster.map((it) => it.participant)).toEqual([a, b, c, d].map((it) => it.participant));
    expect(a.roster.map((it) => it.signatureKey)).toEqual([a, b, c, d].map((it) => it.signatureKey));
    const withC = everywhere(a, [b, d], [], [c.participant]);
    const before = observable(c);
    const expected = { committer: a.participant, adds: [], removes: [c.participant], path: false };
    expect(codeOf(() => c.process(withC.commit, expected))).toBe('removed');
    expect(observable(c)).toEqual(before);

    const rotated = everywhere(b, [a, d], [], [], true);
    expect(
      codeOf(() => c.process(rotated.commit, { ...expected, committer: b.participant, removes: [] })),
    ).toBe('wrong_epoch');
    everywhere(d, [b], [], [a.participant], true);
    expect(b.epoch).toBe(5n);
    expect(d.roster.map((it) => it.leafIndex)).toEqual([1, 3]);
  });

  test('discards what is pending, and loses it to somebody else’s commit', () => {
    const [a, b] = pair();
    const before = observable(a);
    a.commit([], [], true);
    expect(codeOf(() => a.commit([], [], true))).toBe('pending_exists');
    a.discard();
    expect(observable(a)).toEqual(before);
    expect(codeOf(() => a.merge())).toBe('no_pending');

    const mine = a.commit([], [], true);
    const theirs = b.commit([], [], true);
    a.process(theirs.commit, { committer: b.participant, adds: [], removes: [], path: true });
    b.merge();
    expect(codeOf(() => a.merge())).toBe('no_pending');
    expect(a.epochAuthenticator).toEqual(b.epochAuthenticator);
    expect(a.epochAuthenticator).not.toEqual(mine.authenticator);
    expect(
      codeOf(() => b.process(mine.commit, { committer: a.participant, adds: [], removes: [], path: true })),
    ).toBe('wrong_epoch');
  });

  test('has a path when it removes or is asked to, and none when it only adds', () => {
    const [a, b, c] = [...pair(), member()] as const;
    const adds = [{ participant: c.participant, keyPackageHash: sha256(c.keyPackage) }];
    const plain = a.commit([c.keyPackage], [], false);
    const before = observable(b);
    expect(
      codeOf(() => b.process(plain.commit, { committer: a.participant, adds, removes: [], path: true })),
    ).toBe('missing_path');
    expect(observable(b)).toEqual(before);
    a.discard();
    everywhere(a, [b], [c], [], true);
  });

  test('is entered once, and founding does not use up the key package', () => {
    const [a, b] = pair();
    expect(codeOf(() => a.found(new Uint8Array([9])))).toBe('group_exists');
    const late = member();
    late.found(new Uint8Array([9]));
    expect(codeOf(() => late.welcome(new Uint8Array()))).toBe('pending_exists');
    late.discard();
    const made = everywhere(a, [b], [late], []);
    expect(codeOf(() => late.welcome(made.welcome))).toBe('group_exists');
    expect(codeOf(() => member().welcome(made.welcome))).toBe('not_invited');
  });

  test('takes 64 adds in one commit', () => {
    const [a, b] = pair();
    const joiners = Array.from({ length: 64 }, () => member());
    const made = addAll(a, b, joiners);
    joiners[0]?.welcome(made.welcome);
    joiners[63]?.welcome(made.welcome);
    expect(a.roster.length).toBe(66);
    for (const it of [b, joiners[0], joiners[63]]) expect(it?.epochAuthenticator).toEqual(made.authenticator);
  });

  test('does not care whose clock is wrong', () => {
    const clocks = [NOW - 7200, NOW + 7200, NOW + 400 * 86_400, 0, 253_402_300_799];
    const [a, ...others] = [NOW, ...clocks].map((now) => createMlsGroup({ participant: id(), now }));
    if (a === undefined) throw new Error('no founder');
    a.found(new Uint8Array([1]));
    a.merge();
    everywhere(a, [], others, [], true);
    expect(a.roster.length).toBe(6);
  });

  test('is copied deeply', () => {
    const [a, b] = pair();
    const copy = a.copy();
    const made = copy.commit([], [], true);
    copy.merge();
    expect([a.epoch, copy.epoch]).toEqual([1n, 2n]);
    a.copy().close();
    b.process(made.commit, { committer: a.participant, adds: [], removes: [], path: true });
    expect(b.epochAuthenticator).toEqual(copy.epochAuthenticator);
    // The copy of somebody who still waits joins by itself, and the original can, too.
    const waiting = member();
    const twin = waiting.copy();
    const welcome = b.commit([waiting.keyPackage], [], false).welcome;
    twin.welcome(welcome);
    waiting.welcome(welcome);
    expect(waiting.epochAuthenticator).toEqual(twin.epochAuthenticator);
    copy.close();
    expect(codeOf(() => copy.epoch)).toBe('closed');
  });
});

test('signs what is not MLS’ own, so that others can verify it', () => {
  const a = member();
  const content = new TextEncoder().encode('designated-committer/1 header');
  expect(ed25519.verify(a.sign(content), content, a.signatureKey)).toBe(true);
  const label = new TextEncoder().encode('MLS 1.0 FramedContentTBS');
  expect(codeOf(() => a.sign(new Uint8Array([label.length, ...label, 0])))).toBe('malformed');
});

test('a key package says whose it is', () => {
  const a = member();
  const facts = checkKeyPackage(a.keyPackage);
  expect(facts.participant).toBe(a.participant);
  expect(facts.signatureKey).toEqual(a.signatureKey);
  expect(facts.hash).toEqual(sha256(a.keyPackage));
  expect(new Set([facts.hpkeInitKey, facts.hpkeLeafKey].map(String)).size).toBe(2);
});
