/**
 * What the machine may rely on in an MLS group. The real one and the abstract one, which the explorer takes for it, are asked
 * the same and give the same answers.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import type { ExpectedCommit } from '../../mls/MlsGroup.ts';
import { loadMlsInNode } from '../../mls/node.ts';
import { hex } from '../../protocol/wire/bytes.ts';
import type { GroupCore } from './AbstractGroup.ts';
import { commits, epochOf, expectedOf, GROUP, KINDS, outcome, stateOf } from './testing.ts';

beforeAll(loadMlsInNode);

/** Refused with this code, and as if it had not been asked. */
function refuses(it: GroupCore, code: string, step: () => unknown): void {
  const before = stateOf(it);
  expect(outcome(step)).toBe(code);
  expect(stateOf(it)).toEqual(before);
}

describe.each(KINDS)('the contract of an MLS group: %s', (_, create) => {
  /** A group of `size`, all at one epoch; the first founded it. */
  function group(size: number): [GroupCore, ...GroupCore[]] {
    const founder = create();
    founder.found(GROUP);
    founder.merge();
    const others = Array.from({ length: size - 1 }, () => create());
    if (others.length > 0) {
      const { welcome } = commits(founder, others);
      founder.merge();
      for (const it of others) it.welcome(welcome);
    }
    return [founder, ...others];
  }

  test('a founding is pending until it is merged, and leads where it said', () => {
    const it = create();
    expect(stateOf(it)).toEqual([false, false, 'none']);
    const announced = hex(it.found(GROUP));
    expect(stateOf(it)).toEqual([false, true, 'none']);
    it.merge();
    expect(stateOf(it)).toEqual([true, false, announced]);
  });

  test('a second founding is refused: while the first is pending, and in a group', () => {
    const it = create();
    it.found(GROUP);
    refuses(it, 'pending_exists', () => it.found(GROUP));
    it.merge();
    refuses(it, 'group_exists', () => it.found(GROUP));
    const [, member] = group(2);
    refuses(member!, 'group_exists', () => member!.found(GROUP));
  });

  test('two foundings are two groups, also of one group id', () => {
    const [[a], [b]] = [group(1), group(1)];
    expect(epochOf(a)).not.toBe(epochOf(b));
  });

  test('what is discarded leaves no trace: it may be drafted anew, or somebody joined', () => {
    const [a] = group(1);
    const late = create();
    late.found(GROUP);
    late.discard();
    expect(stateOf(late)).toEqual([false, false, 'none']);
    refuses(late, 'no_pending', () => late.merge());
    const first = commits(a, [late], [], true);
    const before = epochOf(a);
    a.discard();
    expect(stateOf(a)).toEqual([true, false, before]);
    a.discard();
    const second = commits(a, [late], [], true);
    a.merge();
    expect(second.authenticator).not.toEqual(first.authenticator);
    late.welcome(second.welcome);
    expect(epochOf(late)).toBe(epochOf(a));
  });

  test('a commit is pending until it is merged, leads where it said, and comes one at a time', () => {
    const [a, b] = group(2);
    const before = epochOf(a);
    const { authenticator } = commits(a, [], [], true);
    expect(stateOf(a)).toEqual([true, true, before]);
    refuses(a, 'pending_exists', () => commits(a));
    a.merge();
    expect(stateOf(a)).toEqual([true, false, hex(authenticator)]);
    expect([epochOf(b!), hex(authenticator) === before]).toEqual([before, false]);
    refuses(a, 'no_pending', () => a.merge());
  });

  test('without a group there is no commit, no processing, no authenticator', () => {
    const [a] = group(1);
    const outside = create();
    const made = commits(a, [outside]);
    refuses(outside, 'no_group', () => commits(outside));
    refuses(outside, 'no_group', () => outside.process(made.commit, expectedOf(a, [outside])));
    refuses(outside, 'no_group', () => outside.epochAuthenticator);
  });

  test('everybody who processes a commit, and whoever joins by it, arrives where its author does', () => {
    const [a, b, c] = group(3);
    const d = create();
    const made = commits(a, [d], [c!]);
    b!.process(made.commit, expectedOf(a, [d], [c!]));
    a.merge();
    d.welcome(made.welcome);
    for (const it of [a, b!, d]) expect(epochOf(it)).toBe(hex(made.authenticator));
    expect(epochOf(c!)).not.toBe(epochOf(a));
  });

  // Designated and Justified
  test('another commit than the expected one is refused, and the right one processed after it', () => {
    const [a, b, c] = group(3);
    const [d, e] = [create(), create()];
    const made = commits(a, [d], [c!]);
    const process = (expected: ExpectedCommit) => () => b!.process(made.commit, expected);
    refuses(b!, 'wrong_committer', process(expectedOf(c!, [d], [c!])));
    refuses(b!, 'wrong_adds', process(expectedOf(a, [], [c!])));
    refuses(b!, 'wrong_adds', process(expectedOf(a, [e], [c!])));
    refuses(b!, 'wrong_adds', process(expectedOf(a, [d, e], [c!])));
    refuses(b!, 'wrong_removes', process(expectedOf(a, [d], [])));
    refuses(b!, 'wrong_removes', process(expectedOf(a, [d], [a])));
    process(expectedOf(a, [d], [c!]))();
    expect(epochOf(b!)).toBe(hex(made.authenticator));
  });

  test('a path where one is due, and one in what removes', () => {
    const [a, b, c] = group(3);
    const d = create();
    const plain = commits(a, [d]);
    refuses(b!, 'missing_path', () => b!.process(plain.commit, expectedOf(a, [d], [], true)));
    a.discard();
    const removing = commits(a, [d], [c!]);
    b!.process(removing.commit, expectedOf(a, [d], [c!], true));
    expect(epochOf(b!)).toBe(hex(removing.authenticator));
  });

  test('somebody else’s commit ends what was pending; of two commits on one epoch nobody follows both', () => {
    const [a, b, c] = group(3);
    const mine = commits(a, [], [], true);
    const theirs = commits(b!, [], [], true);
    a.process(theirs.commit, expectedOf(b!, [], [], true));
    expect(stateOf(a)).toEqual([true, false, hex(theirs.authenticator)]);
    refuses(a, 'no_pending', () => a.merge());
    c!.process(mine.commit, expectedOf(a, [], [], true));
    refuses(c!, 'wrong_epoch', () => c!.process(theirs.commit, expectedOf(b!, [], [], true)));
    refuses(a, 'wrong_epoch', () => a.process(mine.commit, expectedOf(a, [], [], true)));
    expect(epochOf(c!)).not.toBe(epochOf(a));
  });

  test('a commit without a path has no fresh secrets: drafted again by its author, it is the same one', () => {
    const [a, b, c] = group(3);
    const d = create();
    const first = commits(a, [d]);
    a.discard();
    const second = commits(a, [d]);
    expect(second.authenticator).toEqual(first.authenticator);
    b!.process(first.commit, expectedOf(a, [d]));
    a.merge();
    d.welcome(first.welcome);
    expect([epochOf(b!), epochOf(d)]).toEqual([epochOf(a), epochOf(a)]);
    const other = commits(c!, [d]);
    expect(other.authenticator).not.toEqual(first.authenticator);
  });

  test('a commit is processed once, and an own one merged instead', () => {
    const [a, b] = group(2);
    const made = commits(a, [], [], true);
    const expected = expectedOf(a, [], [], true);
    refuses(a, 'own_commit', () => a.process(made.commit, expected));
    a.merge();
    b!.process(made.commit, expected);
    refuses(b!, 'wrong_epoch', () => b!.process(made.commit, expected));
  });

  test('who is removed stays where it was, and follows nothing any more', () => {
    const [a, b] = group(2);
    const removing = commits(a, [], [b!]);
    refuses(b!, 'removed', () => b!.process(removing.commit, expectedOf(a, [], [b!])));
    a.merge();
    const later = commits(a, [], [], true);
    refuses(b!, 'wrong_epoch', () => b!.process(later.commit, expectedOf(a, [], [], true)));
  });

  test('a Welcome is for whom it adds, and for once', () => {
    const [a] = group(1);
    const [b, c] = [create(), create()];
    const { welcome } = commits(a, [b]);
    a.merge();
    refuses(c, 'not_invited', () => c.welcome(welcome));
    b.found(GROUP);
    refuses(b, 'pending_exists', () => b.welcome(welcome));
    b.discard();
    b.welcome(welcome);
    refuses(b, 'group_exists', () => b.welcome(welcome));
    expect(stateOf(b)).toEqual([true, false, epochOf(a)]);
    const none = commits(a, [], [], true);
    refuses(c, 'malformed', () => c.welcome(none.welcome));
  });

  // RFC 9420 section 8.5
  test('an exported secret is the same for all of an epoch, and another for each label, context, length and epoch', () => {
    const [a, b] = group(2);
    const ways: readonly (readonly [string, Uint8Array, number])[] = [
      ['one', Uint8Array.of(1), 16],
      ['two', Uint8Array.of(1), 16],
      ['one', Uint8Array.of(2), 16],
      ['one', Uint8Array.of(), 16],
      ['one', Uint8Array.of(1), 32],
    ];
    const secrets = (it: GroupCore): readonly string[] =>
      ways.map(([label, context, length]) => hex(it.exportSecret(label, context, length)));
    const before = secrets(a);
    expect(secrets(b!)).toEqual(before);
    expect(before.map((it) => it.length)).toEqual([32, 32, 32, 32, 64]);
    commits(a, [], [], true);
    expect(secrets(a)).toEqual(before);
    a.merge();
    const all = [...before, ...secrets(a)].map((it) => it.slice(0, 32));
    expect(new Set(all).size).toBe(2 * ways.length);
    refuses(create(), 'no_group', () => create().exportSecret('one', GROUP, 16));
  });

  test('a copy goes its own way', () => {
    const [a, b] = group(2);
    commits(a, [], [], true);
    const copy = a.copy();
    copy.merge();
    expect(stateOf(a)).toEqual([true, true, epochOf(b!)]);
    a.discard();
    expect([copy.hasPending, epochOf(copy) === epochOf(a)]).toEqual([false, false]);
    const waiting = create();
    const twin = waiting.copy();
    const { welcome } = commits(a, [waiting]);
    twin.welcome(welcome);
    expect([waiting.hasGroup, twin.hasGroup, twin.participant]).toEqual([false, true, waiting.participant]);
    waiting.welcome(welcome);
    expect(epochOf(waiting)).toBe(epochOf(twin));
  });
});
