/** A designated committer that does not follow the protocol: whoever cannot follow it is dead, and is told why. */
import { beforeAll, describe, expect, test } from 'vitest';
import { MlsError } from '../mls/MlsGroup.ts';
import { loadMlsInNode } from '../mls/node.ts';
import { createMlsGroup } from '../mls/wasm.ts';
import { ParseError } from '../protocol/errors.ts';
import { digest, hex } from '../protocol/wire/bytes.ts';
import { encodeCommitPayload, payloadDigest } from '../protocol/wire/payload.ts';
import { GroupKeeper, Mismatch } from './GroupKeeper.ts';
import { NOW, Scene, type Person } from './testing.ts';

beforeAll(loadMlsInNode);

/** `mallory` is designated, `b` a follower, `c` waits; all have read everything. */
function scene(): { room: Scene; mallory: Person; b: Person; c: Person } {
  const room = new Scene();
  const mallory = room.join('mallory');
  room.settle();
  const b = room.join('b');
  room.settle();
  const c = room.join('c');
  for (const it of room.people) room.deliver(it);
  return { room, mallory, b, c };
}

const codeOf = (person: Person): unknown => {
  const { cause } = person;
  if (cause instanceof MlsError || cause instanceof Mismatch || cause instanceof ParseError) {
    return `${cause.name} ${cause.code}`;
  }
  return cause;
};

// "A commit whose header counts, counts, whatever its payload: whoever cannot process it, arrives at another
// authenticator, or finds in the Welcome another group id, roster or signature key than in its view, is *dead*"
describe('a commit whose header counts and whose payload is none', () => {
  const garbage = Uint8Array.from({ length: 300 }, (_, i) => (i * 7) & 255);
  test('no payload at all', () => {
    const { room, mallory, b, c } = scene();
    const made = mallory.drafting([c.mls.keyPackage], [], false);
    room.append(mallory.commits(made, [c], { payload: new Uint8Array() }));
    room.deliver(b);
    room.deliver(c);
    expect([b.state, c.state]).toEqual(['dead', 'dead']);
    expect([codeOf(b), codeOf(c)]).toEqual(['ParseError truncated', 'ParseError truncated']);
    expect(() => b.mls.epoch).toThrow('closed');
    expect(b.participant.view.roster).toEqual([]);
  });

  test('garbage where the MLS messages belong', () => {
    const { room, mallory, b, c } = scene();
    const made = mallory.drafting([c.mls.keyPackage], [], false);
    const payload = encodeCommitPayload({ commit: garbage, welcome: garbage });
    room.append(mallory.commits(made, [c], { payload }));
    room.deliver(b);
    room.deliver(c);
    expect([codeOf(b), codeOf(c)]).toEqual(['MlsError malformed', 'MlsError malformed']);
  });

  test('every byte of the commit matters: one flipped bit anywhere, and it is refused', () => {
    const { mallory, b, c } = scene();
    const made = mallory.drafting([c.mls.keyPackage], [], false);
    const expected = {
      committer: mallory.id,
      adds: [
        { participant: c.id, keyPackageHash: Uint8Array.from(Buffer.from(digest(c.mls.keyPackage), 'hex')) },
      ],
      removes: [],
      path: false,
      authenticatedData: Uint8Array.from(Buffer.from(mallory.drafts().on, 'hex')),
    };
    const before = b.authenticator;
    let tried = 0;
    for (let at = 0; at < made.commit.length; at += 5, tried++) {
      const flipped = Uint8Array.from(made.commit, (byte, i) => (i === at ? byte ^ 1 : byte));
      expect(() => b.mls.process(flipped, expected)).toThrow(MlsError);
      expect(b.authenticator).toBe(before);
    }
    expect(tried).toBeGreaterThan(50);
    b.mls.process(made.commit, expected);
    expect(b.authenticator).toBe(hex(made.authenticator));
  });

  test('a commit without its Welcome', () => {
    const { room, mallory, b, c } = scene();
    const made = mallory.drafting([c.mls.keyPackage], [], false);
    room.append(mallory.commits({ ...made, welcome: new Uint8Array() }, [c]));
    room.deliver(b);
    room.deliver(c);
    expect([b.state, c.state, codeOf(c)]).toEqual(['member.follower.idle', 'dead', 'MlsError malformed']);
  });

  test('its author, whose machine drafted another one, ends as well; who died joins anew', () => {
    const { room, mallory, b, c } = scene();
    const made = mallory.drafting([c.mls.keyPackage], [], false);
    mallory.participant.act();
    mallory.outbox.length = 0;
    room.append(mallory.commits(made, [c], { payload: new Uint8Array() }));
    for (const it of room.people) room.deliver(it);
    expect(room.people.map((it) => it.state)).toEqual(['dead', 'dead', 'dead']);
    for (const it of [b, c, mallory]) room.leaves(it);
    const again = room.join('b again');
    room.settle();
    expect([again.state, again.participant.hasKeys]).toEqual(['member.designated.idle', true]);
  });
});

describe('a commit that leads elsewhere than its header says', () => {
  test('another authenticator', () => {
    const { room, mallory, b, c } = scene();
    const made = mallory.drafting([c.mls.keyPackage], [], false);
    room.append(mallory.commits(made, [c], { authenticator: digest(new Uint8Array()) }));
    room.deliver(b);
    room.deliver(c);
    expect([codeOf(b), codeOf(c)]).toEqual(['Mismatch authenticator', 'Mismatch authenticator']);
    expect([b.participant.hasKeys, c.participant.hasKeys]).toEqual([false, false]);
  });

  // "its MLS commit holds these, inline, and nothing else": "a rogue DC slips a ghost in"
  test('a ghost in the MLS commit', () => {
    const { room, mallory, b, c } = scene();
    const ghost = createMlsGroup({ participant: 'ab'.repeat(16), now: NOW });
    const made = mallory.drafting([c.mls.keyPackage, ghost.keyPackage], [], false);
    room.append(mallory.commits(made, [c]));
    room.deliver(b);
    room.deliver(c);
    expect([codeOf(b), codeOf(c)]).toEqual(['MlsError wrong_adds', 'Mismatch roster']);
  });

  test('somebody thrown out, or a path left out', () => {
    const { room, mallory, b, c } = scene();
    const removing = mallory.drafting([c.mls.keyPackage], [b.id], true);
    room.append(mallory.commits(removing, [c]));
    room.deliver(b);
    room.deliver(c);
    expect([codeOf(b), codeOf(c)]).toEqual(['MlsError wrong_removes', 'Mismatch roster']);
  });

  // "it has a path when a refresh is due"
  test('a refresh without a path', () => {
    const { room, mallory, b, c } = scene();
    room.settle();
    const d = room.join('d');
    room.deliver(mallory);
    // b hands nothing over: mallory does, and b's commit, which must have a path, has none.
    expect(mallory.participant.handOver()).toBe(true);
    room.flush(mallory);
    for (const it of room.people) room.deliver(it);
    const made = b.drafting([d.mls.keyPackage], [], false);
    room.append(b.commits(made, [d]));
    for (const it of [mallory, c, d]) room.deliver(it);
    expect([mallory, c].map(codeOf)).toEqual(['MlsError missing_path', 'MlsError missing_path']);
    expect(d.state).toBe('member.follower.idle');
  });

  // "finds in the Welcome another group id": a founding under another id than that of its entry
  test('another group id', () => {
    const room = new Scene();
    const mallory = room.join('mallory');
    room.deliver(mallory);
    const core = mallory.mls.copy();
    const authenticator = digest(core.found(new Uint8Array([1, 2, 3])));
    core.merge();
    room.append(mallory.signs({ kind: 'found', ...mallory.drafts(), authenticator }));
    const b = room.join('b');
    room.deliver(b);
    const made = core.commit([b.mls.keyPackage], [], false);
    const draft = { ...mallory.drafts(), at: 3, on: b.participant.view.hashes.at(-1) ?? '' };
    const payload = encodeCommitPayload(made);
    const header = {
      kind: 'commit' as const,
      ...draft,
      parent: b.participant.view.history.at(-1) ?? '',
      adds: [b.id],
      removes: [],
      authenticator: digest(made.authenticator),
      payload: payloadDigest(payload),
    };
    room.append(mallory.signs(header, payload));
    room.deliver(b);
    expect([b.state, codeOf(b)]).toEqual(['dead', 'Mismatch group_id']);
  });
});

// Two lives under one set of keys: what the other one signed at the same position counts, and cannot be merged here.
test('an own commit that counts and was not drafted here ends the participant', () => {
  const { room, mallory, b, c } = scene();
  const made = mallory.drafting([c.mls.keyPackage], [], true);
  mallory.participant.act();
  expect(mallory.state).toBe('member.designated.committing');
  room.append(mallory.commits(made, [c]));
  for (const it of room.people) room.deliver(it);
  expect([mallory.state, codeOf(mallory)]).toEqual(['dead', 'Mismatch draft']);
  expect([b.state, c.state]).toEqual(['member.follower.idle', 'member.follower.idle']);
});

test('a keeper follows only what builds on its own head', () => {
  const { mallory, b, c } = scene();
  const keeper = new GroupKeeper(b.mls);
  const made = mallory.drafting([c.mls.keyPackage], [], false);
  const announced = {
    authenticator: digest(made.authenticator),
    payload: made,
    groupId: b.mls.groupId,
    view: b.participant.view,
    path: false,
  };
  const entry = {
    kind: 'commit' as const,
    ...mallory.drafts(),
    id: 'x',
    parent: 'y',
    adds: [c.id],
    removes: [],
  };
  expect(() => keeper.process(entry, announced)).toThrow(Mismatch);
  keeper.head = 'y';
  expect(() => keeper.process(entry, announced)).toThrow('no key package');
  keeper.waits(c.id, c.mls.keyPackage);
  keeper.process(entry, announced);
  expect([keeper.head, b.authenticator]).toEqual(['x', hex(made.authenticator)]);
});
