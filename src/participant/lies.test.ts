/**
 * A designated committer whose MLS core lies, in one thing each: whoever is to follow finds it out, is told whose commit
 * it was, and joins anew. Everything but the one thing is as it should be, so that no other check finds it.
 */
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { advance } from '../machine/advance.ts';
import { MlsError, type MlsGroup } from '../mls/MlsGroup.ts';
import { loadMlsInNode } from '../mls/node.ts';
import { createMlsGroup } from '../mls/wasm.ts';
import { refusal } from '../protocol/counts.ts';
import { ALL_RULES, rulesWithout, type Rule } from '../protocol/rules.ts';
import { step } from '../protocol/step.ts';
import { digest, unhex } from '../protocol/wire/bytes.ts';
import { decodeCommitPayload, encodeCommitPayload, payloadDigest } from '../protocol/wire/payload.ts';
import { verifyEntry } from '../protocol/wire/verify.ts';
import { borderChecks } from '../mls/borderChecks.ts';
import { calledFor } from './calledFor.ts';
import { GroupKeeper, Mismatch } from './GroupKeeper.ts';
import { NOW, Scene, type Person } from './testing.ts';
import { TestRoom } from './testRoom.ts';

beforeAll(loadMlsInNode);

const GHOST = 'cd'.repeat(16);
/** A group some of whose methods do something else. */
const lying = (mls: MlsGroup, methods: (it: MlsGroup) => Partial<MlsGroup>): MlsGroup =>
  new Proxy(mls, {
    get: (target, name): unknown => {
      const odd = methods(target);
      const value: unknown = Reflect.get(Object.hasOwn(odd, name) ? odd : target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
/** Another key package of the participant that `keyPackage` is of. */
function twinOf(keyPackage: Uint8Array): Uint8Array {
  const facts = borderChecks.checkKeyPackage(keyPackage);
  if (typeof facts === 'string') throw new Error(facts);
  return createMlsGroup({ participant: facts.participant, now: NOW }).keyPackage;
}

/** What is lied about, what a joiner finds, and what a member finds that was there before; null where it is none's. */
const LIES: readonly (readonly [string, string, string | null, (it: MlsGroup) => Partial<MlsGroup>])[] = [
  ['the group id', 'group_id', null, (it) => ({ found: () => it.found(Uint8Array.of(1, 2, 3)) })],
  [
    'the roster: a ghost besides',
    'roster',
    'wrong_adds',
    (it) => {
      const ghost = createMlsGroup({ participant: GHOST, now: NOW });
      return {
        commit: (adds, removes, ...rest) => it.commit([...adds, ghost.keyPackage], removes, ...rest),
      };
    },
  ],
  [
    'a signature key: another leaf under an id of the log',
    'signature_key',
    'wrong_adds',
    (it) => ({
      commit: (adds, ...rest) =>
        it.commit(
          adds.map((one, i) => (i === 0 && adds.length > 1 ? twinOf(one) : one)),
          ...rest,
        ),
    }),
  ],
  [
    'the authenticator',
    'authenticator',
    'authenticator',
    (it) => ({
      commit: (...what) => ({
        ...it.commit(...what),
        authenticator: new Uint8Array(32),
      }),
    }),
  ],
];

const codeOf = ({ cause }: Person): unknown =>
  cause instanceof MlsError || cause instanceof Mismatch ? cause.code : cause;

// "or finds in the Welcome another group id, roster or signature key than in its view, is *dead* and joins anew, and users are
// told whose commit it was"
describe.each(LIES)('a committer that lies about %s', (_, found, foundByMembers, methods) => {
  test('who joins finds it, whoever else can as well, and nobody else dies', () => {
    const room = new Scene();
    let lies = foundByMembers === null;
    const mallory = room.join('mallory', (mls) => lying(mls, (it) => (lies ? methods(it) : {})));
    room.settle();
    // With the group id wrong from the beginning nobody can be a member in good faith.
    const members = foundByMembers === null ? [] : [room.join('b')];
    room.settle();
    lies = true;
    const [c, d] = [room.join('c'), room.join('d')];
    for (const it of room.people) room.deliver(it);
    mallory.participant.act();
    room.flush(mallory);
    for (const it of room.people) room.deliver(it);
    expect([d.state, codeOf(d)]).toEqual(['dead', found]);
    // Who was added with another key cannot open the Welcome at all.
    expect([c.state, codeOf(c)]).toEqual(['dead', found === 'signature_key' ? 'not_invited' : found]);
    for (const it of members) expect([it.state, codeOf(it)]).toEqual(['dead', foundByMembers]);
    for (const it of [c, d, ...members]) {
      const last = it.steps.at(-1);
      expect([last?.placed?.entry.kind, last?.placed?.entry.author]).toEqual(['commit', mallory.id]);
      expect(() => it.mls.epoch).toThrow('closed');
    }
  });
});

describe('a session that was lied to', () => {
  let room: TestRoom | undefined;
  afterEach(() => room?.session.leave());

  test.each(LIES)(
    'about %s: is told by whom, and joins anew as a fresh participant',
    async (_, found, __, methods) => {
      room = new TestRoom();
      const mallory = room.foundedBySomebodyElse((mls) => lying(mls, methods));
      await room.reaches('waiting.idle');
      const first = room.session.participant!;
      // Somebody who joined before it, where the lie needs one more.
      if (found === 'signature_key') {
        room.session.leave();
        room = new TestRoom();
        const before = room.foundedBySomebodyElse((mls) => lying(mls, methods));
        room.append(room.somebodyElse('ef').join);
        await room.reaches('waiting.idle');
        return follows(room, before);
      }
      expect(first.ended).toBe(false);
      return follows(room, mallory);

      async function follows(here: TestRoom, author: typeof mallory): Promise<void> {
        const old = here.session.participant!;
        here.actsFor(author);
        const told = here.events.flatMap((it) => (it.type === 'badCommit' ? [it] : []));
        expect(told).toMatchObject([{ author: author.id, position: here.entries.length, participant: old }]);
        expect(told[0]?.reason).toMatch(new RegExp(`^${found}: `));
        expect(old.ended).toBe(true);
        await here.connections(2);
        await here.reaches('waiting.idle');
        const fresh = here.session.participant!;
        expect([here.participants, fresh.id === old.id, here.codes]).toEqual([2, false, []]);
        expect(fresh.view.joined[fresh.id]).toBeDefined();
      }
    },
  );
});

// Designated and Justified are enforced by the protocol and, apart from that, inside MLS (`MlsRules`): a pair.
describe('one of a pair is switched off', () => {
  interface Rogue {
    readonly rule: Rule;
    readonly code: string;
    /** What somebody makes on a scene in which `a` is designated, `b` follows and `c` and `d` wait. */
    readonly make: (a: Person, b: Person, c: Person, d: Person) => ReturnType<Person['commits']>;
  }
  const ROGUES: readonly (readonly [string, Rogue])[] = [
    [
      'a commit of somebody who is not designated',
      {
        rule: 'Designated',
        code: 'wrong_committer',
        make: (_, b, c, d) => b.commits(b.drafting([c.mls.keyPackage, d.mls.keyPackage], [], false), [c, d]),
      },
    ],
    [
      'a commit that leaves out who waits first',
      {
        rule: 'Justified',
        code: 'wrong_adds',
        make: (a, _, __, d) => a.commits(a.drafting([d.mls.keyPackage], [], false), [d]),
      },
    ],
    [
      'a commit that throws a live member out',
      {
        rule: 'Justified',
        code: 'wrong_removes',
        make: (a, b, c, d) => {
          const made = a.drafting([c.mls.keyPackage, d.mls.keyPackage], [b.id], true);
          const payload = encodeCommitPayload(made);
          return a.signs(
            {
              kind: 'commit',
              ...a.drafts(),
              parent: a.participant.view.history.at(-1) ?? '',
              adds: [c.id, d.id],
              removes: [b.id],
              authenticator: digest(made.authenticator),
              payload: payloadDigest(payload),
            },
            payload,
          );
        },
      },
    ],
  ];

  test.each(ROGUES)('%s', (_, { rule, code, make }) => {
    const room = new Scene();
    const [a, b, e] = ['a', 'b', 'e'].map((name) => {
      const person = room.join(name);
      room.settle();
      return person;
    }) as [Person, Person, Person];
    const [c, d] = [room.join('c'), room.join('d')];
    for (const it of room.people) room.deliver(it);
    const wire = make(a, b, c, d);
    // A member that is neither its author nor removed by it.
    const { view, snapshot } = e.participant;
    const border = { log: room.log.id, inviteKey: room.invite.key, ...borderChecks };
    const { placed, header } = verifyEntry(border, view, wire);
    if (placed.entry.kind !== 'commit' || header?.kind !== 'commit') throw new Error('no commit');
    const { entry } = placed;

    const on = snapshot.context.protocol;
    const off = { ...on, rules: rulesWithout(rule) };
    expect([on.rules, refusal(on, view, entry), refusal(off, view, entry)]).toEqual([ALL_RULES, rule, null]);
    const read = { type: 'read', placed } as const;
    const lax = { ...snapshot, context: { ...snapshot.context, protocol: off } } as typeof snapshot;
    const effects = (it: typeof snapshot): readonly string[] => advance(it, read)[1].map(({ type }) => type);
    expect([effects(snapshot), effects(lax)]).toEqual([[], ['process']]);

    const { view: after } = step(off, view, placed);
    const announced = {
      authenticator: header.authenticator,
      payload: decodeCommitPayload(wire.payload),
      groupId: e.mls.groupId,
      view: after,
      path: false,
    };
    const keeperOf = (mls: MlsGroup): GroupKeeper => {
      const keeper = new GroupKeeper(mls);
      keeper.head = entry.parent;
      for (const it of [c, d]) keeper.waits(it.id, it.mls.keyPackage);
      return keeper;
    };
    // The machine lets it through, and MLS refuses it: what the log calls for is its own, and not the entry's.
    const strict = e.mls.copy();
    expect(() => keeperOf(strict).process(entry, announced, calledFor(on, view, entry))).toThrow(`${code}: `);
    expect(strict.epochAuthenticator).toEqual(e.mls.epochAuthenticator);
    // MLS would take it, and the machine refuses it before MLS is asked.
    const tolerant = e.mls.copy();
    keeperOf(tolerant).process(entry, announced, calledFor(off, view, entry));
    expect(digest(tolerant.epochAuthenticator)).toBe(header.authenticator);
    room.append(wire);
    room.deliver(e);
    expect([e.steps.at(-1)?.refusal, e.state]).toEqual([rule, 'member.follower.idle']);
    expect(e.mls.epochAuthenticator).toEqual(strict.epochAuthenticator);
  });
});

// A header can be signed for each half of a split log; what it holds is bound to one of them.
test('one MLS commit in a header for each of two logs: members of the other log refuse it', () => {
  const room = new Scene();
  const [mallory, b] = ['mallory', 'b'].map((name) => {
    const person = room.join(name);
    room.settle();
    return person;
  }) as [Person, Person];
  const c = room.join('c');
  for (const it of room.people) room.deliver(it);
  const made = mallory.drafting([c.mls.keyPackage], [], true);
  const here = mallory.drafts();
  const elsewhere = mallory.mls.copy().commit([c.mls.keyPackage], [], true, new Uint8Array(32));
  // For `b` it is a commit of its own log, by its header, which counts; what it holds was made on another one.
  const adds = [c];
  const before = b.mls.epochAuthenticator;
  const member = b.mls.copy();
  const keyPackageHash = unhex(digest(c.mls.keyPackage));
  const expected = {
    committer: mallory.id,
    adds: adds.map(({ id }) => ({ participant: id, keyPackageHash })),
    removes: [],
    path: false,
    authenticatedData: unhex(here.on),
  };
  expect(() => member.process(elsewhere.commit, expected)).toThrow('unexpected_content: ');
  expect(member.epochAuthenticator).toEqual(before);
  member.process(made.commit, expected);
  room.append(mallory.commits(elsewhere, adds));
  room.deliver(b);
  expect([b.state, codeOf(b)]).toEqual(['dead', 'unexpected_content']);
});

test('the same adds without a path, drafted on two logs, lead to two epochs', () => {
  const room = new Scene();
  const mallory = room.join('mallory');
  room.settle();
  const c = room.join('c');
  room.deliver(mallory);
  const on = [mallory.drafts().on, digest(new Uint8Array())].map(unhex);
  const epochs = on.map((it) =>
    digest(mallory.mls.copy().commit([c.mls.keyPackage], [], false, it).authenticator),
  );
  const again = digest(mallory.mls.copy().commit([c.mls.keyPackage], [], false, on[0]).authenticator);
  expect(epochs[0]).not.toBe(epochs[1]);
  expect(epochs[0]).toBe(again);
});
