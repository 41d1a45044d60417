import { beforeAll, describe, expect, test } from 'vitest';
import { loadMlsInNode } from '../mls/node.ts';
import { hex } from '../protocol/wire/bytes.ts';
import { ServiceFault } from '../protocol/wire/verify.ts';
import { originOf, type WireEntry } from '../protocol/wire/hashes.ts';
import { decodeHeader } from '../protocol/wire/header.ts';
import { withholdParts, type CommitPart } from '../protocol/wire/payload.ts';
import { disagreement, Scene, type Person } from './testing.ts';

beforeAll(loadMlsInNode);

/** `names` in one group; the first founded it. */
function call<const N extends readonly string[]>(...names: N): [Scene, { [K in keyof N]: Person }] {
  const scene = new Scene();
  const people = names.map((name) => {
    const person = scene.join(name);
    scene.settle();
    return person;
  });
  return [scene, people as { [K in keyof N]: Person }];
}

const PARTS: readonly CommitPart[] = ['commit', 'welcome'];
const DC = 'member.designated.idle';
const FOLLOWER = 'member.follower.idle';
const statesOf = (people: readonly Person[]): string[] => people.map((it) => it.state);

const agree = (people: readonly Person[]): void => expect(disagreement(people)).toBe(null);

describe('a call', () => {
  test('is founded by the first, who then admits the others', () => {
    const [scene, [a, b, c]] = call('a', 'b', 'c');
    expect(statesOf([a, b, c])).toEqual([DC, FOLLOWER, FOLLOWER]);
    agree([a, b, c]);
    expect(a.mls.epoch).toBe(2n);
    expect(scene.entries.length).toBe(6);
    expect(a.participant.view.roster).toEqual([a.id, b.id, c.id]);
  });

  // "Atomic: Welcome and Commit are one entry": several are admitted by one of them.
  test('admits everybody who waits in one entry', () => {
    const scene = new Scene();
    const a = scene.join('a');
    scene.settle();
    const more = [scene.join('b'), scene.join('c'), scene.join('d')];
    expect(more.map((it) => it.participant.hasKeys)).toEqual([false, false, false]);
    scene.settle();
    agree([a, ...more]);
    expect([a.mls.epoch, scene.entries.length]).toEqual([1n, 6]);
  });

  test('evicts who left, whose keys are gone and are no use', () => {
    const [scene, [a, b, c]] = call('a', 'b', 'c');
    const thief = c.mls.copy();
    c.participant.leave();
    expect([c.state, c.asksToLeave, c.participant.ended]).toEqual(['left', true, true]);
    expect(() => c.mls.epoch).toThrow('closed');
    scene.leaves(c);
    scene.settle();
    agree([a, b]);
    expect(a.participant.view.roster).toEqual([a.id, b.id]);
    expect(hex(thief.epochAuthenticator)).not.toBe(a.authenticator);
  });

  test('goes on with the successor when the committer leaves, and its role can be handed over', () => {
    const [scene, [a, b, c]] = call('a', 'b', 'c');
    scene.leaves(a);
    scene.settle();
    expect(statesOf([a, b, c])).toEqual(['evicted', DC, FOLLOWER]);
    agree([b, c]);
    // "a `handover` moves the DC to the end; the new DC's first act is a commit with a path of its own"
    const before = b.authenticator;
    expect([c.participant.handOver(), b.participant.handOver()]).toEqual([false, true]);
    expect(b.state).toBe('member.designated.handingOver');
    scene.flush(b);
    scene.settle();
    expect(statesOf([b, c])).toEqual([FOLLOWER, DC]);
    agree([b, c]);
    expect(b.authenticator).not.toBe(before);
    expect(c.participant.view).toMatchObject({ roster: [c.id, b.id], refresh: false });
  });

  // "one hung tab blocks every join"
  test('a silent committer is replaced by a claim, and follows', () => {
    const [scene, [a, b, c]] = call('a', 'b', 'c');
    const d = scene.join('d');
    for (const it of [b, c, d]) scene.deliver(it);
    expect(d.participant.claim()).toBe(false);
    expect([b.participant.claim(), b.state]).toEqual([true, 'member.follower.claiming']);
    scene.flush(b);
    scene.settle([b, c, d]);
    expect(statesOf([b, c, d])).toEqual([DC, FOLLOWER, FOLLOWER]);
    scene.settle();
    agree([a, b, c, d]);
    expect(a.state).toBe(FOLLOWER);
    expect(a.participant.view.roster).toEqual([b.id, c.id, a.id, d.id]);
  });

  test('a commit in flight that a claim overtakes is discarded, and its author goes on', () => {
    const [scene, [a, b]] = call('a', 'b');
    const c = scene.join('c');
    for (const it of [a, b, c]) scene.deliver(it);
    a.participant.act();
    expect([a.state, a.mls.hasPending]).toEqual(['member.designated.committing', true]);
    b.participant.claim();
    scene.flush(b);
    scene.flush(a);
    scene.deliver(a, 1);
    expect([a.state, a.mls.hasPending]).toEqual([FOLLOWER, false]);
    scene.settle();
    expect(a.steps.map((it) => it.refusal)).toContain('Current');
    agree([a, b, c]);
  });

  // "with one live member left, a waiting participant may claim, and it counts as that member's leave"
  test('the only member hangs: who waits claims, and founds anew', () => {
    const [scene, [a]] = call('a');
    const b = scene.join('b');
    scene.deliver(b);
    expect([b.participant.claim(), b.state]).toEqual([true, 'waiting.claiming']);
    scene.flush(b);
    scene.settle([b]);
    expect([b.state, b.participant.view.roster, b.participant.view.history.length]).toEqual([DC, [b.id], 1]);
    scene.settle();
    expect(a.state).toBe('evicted');
    agree([b]);
  });

  // "the call is dead for ever while people wait"; "A founding has an id: in the MLS group id, and so in every exported key"
  test('everybody leaves, and who waits founds another group', () => {
    const [scene, [a, b]] = call('a', 'b');
    const first = hex(a.mls.groupId);
    scene.leaves(a);
    const [c, d] = [scene.join('c'), scene.join('d')];
    scene.leaves(b);
    scene.settle();
    expect(statesOf([a, b, c, d])).toEqual(['evicted', 'evicted', DC, FOLLOWER]);
    agree([c, d]);
    expect(hex(c.mls.groupId)).not.toBe(first);
    expect(c.participant.view.history).toHaveLength(2);
  });

  // "a partitioned client talks on at a dead epoch"
  test('who is declared gone while alive is evicted, forgets its keys, and joins anew', () => {
    const [scene, [a, b]] = call('a', 'b');
    scene.leaves(b);
    scene.deliver(b);
    expect([b.state, b.participant.ended, b.participant.hasKeys]).toEqual(['evicted', true, false]);
    expect(() => b.mls.exportSecret('x', new Uint8Array(), 16)).toThrow('closed');
    expect(b.participant.view).toMatchObject({ position: 0, roster: [], hashes: [originOf(scene.log.id)] });
    b.participant.read(scene.entries[0]!);
    b.participant.leave();
    expect([b.participant.act(), b.participant.claim(), b.asksToLeave]).toEqual([false, false, false]);
    const again = scene.join('b again');
    scene.settle();
    agree([a, again]);
  });
});

describe('a rejected entry leaves no trace', () => {
  // "A rejected entry leaves no trace in anybody's state, and its Welcome is not opened (that would use up the init key)."
  test('a commit of somebody who is not designated', () => {
    const [scene, [a, b, c]] = call('a', 'b', 'c');
    const d = scene.join('d');
    for (const it of [a, b, c, d]) scene.deliver(it);
    const before = a.authenticator;
    // What b makes is a good MLS commit with a good Welcome for d; only the log says that it is not b's turn.
    const made = b.drafting([d.mls.keyPackage], [], false);
    scene.append(b.commits(made, [d]));
    for (const it of [a, b, c, d]) scene.deliver(it);
    for (const it of [a, b, c, d]) expect(it.steps.at(-1)?.refusal).toBe('Designated');
    expect([a, b, c].map((it) => it.authenticator)).toEqual([before, before, before]);
    expect([d.mls.hasGroup, d.state]).toEqual([false, 'waiting.idle']);
    scene.settle();
    agree([a, b, c, d]);
  });

  test('odd bytes, a forged signature, an entry of another log', () => {
    const [scene, [a, b]] = call('a', 'b');
    const other = new Scene().join('x');
    scene.append({ header: new Uint8Array(3), signature: new Uint8Array(), payload: new Uint8Array(9) });
    scene.append(other.participant.join);
    const header = { kind: 'handover' as const, log: scene.log.id, author: a.id, at: 4, on: a.id + a.id };
    scene.append(b.signs(header));
    scene.append(a.signs(header));
    const before = a.authenticator;
    scene.settle();
    expect(a.steps.slice(-4).map((it) => it.refusal)).toEqual(['void', 'void', 'void', 'Witnessed']);
    expect(a.authenticator).toBe(before);
    agree([a, b]);
  });

  // "The service handed over bytes that the header does not speak of": it is asked for them again.
  test('a payload that is not the header’s is the service’s fault, and the right one is read after it', () => {
    const [scene, [a, b]] = call('a', 'b');
    scene.join('c');
    scene.deliver(a);
    scene.deliver(b);
    a.participant.act();
    const entry = a.outbox[0]!;
    const { position } = b.participant.view;
    const before = b.authenticator;
    expect(() => b.participant.read({ ...entry, payload: entry.payload.slice(1) })).toThrow(ServiceFault);
    expect(() => b.participant.read({ ...entry, payload: new Uint8Array() })).toThrow(ServiceFault);
    expect([b.participant.view.position, b.authenticator, b.state]).toEqual([position, before, FOLLOWER]);
    scene.settle();
    agree(scene.people);
  });

  // "Payloads only where they need them."
  test('the part of a commit that somebody needs must be there, and nothing else of it', () => {
    const [scene, [a, b]] = call('a', 'b');
    const [c, d] = [scene.join('c'), scene.join('d')];
    scene.settle([a, b, c]);
    const e = scene.join('e');
    scene.settle([a, b, c]);
    const commits = scene.entries.filter((wire) => decodeHeader(wire.header).kind === 'commit').slice(-2);
    expect(commits).toHaveLength(2);
    const reads = ({ participant }: Person, wire: WireEntry, needed: readonly CommitPart[]): unknown => {
      try {
        return participant.read({ ...wire, payload: withholdParts(wire.payload, needed) });
      } catch (error) {
        return error instanceof ServiceFault ? error.code : error;
      }
    };
    // d is admitted by the first, and processes the second; e is admitted by the second.
    for (const [person, needs] of [
      [d, ['welcome', 'commit']],
      [e, ['none', 'welcome']],
    ] as const)
      for (const wire of scene.entries.slice(person.read)) {
        const need = commits.includes(wire) ? needs[commits.indexOf(wire)] : undefined;
        const needed = PARTS.filter((part) => part === need);
        if (needed.length > 0) {
          const { position } = person.participant.view;
          expect(
            reads(
              person,
              wire,
              PARTS.filter((part) => part !== need),
            ),
          ).toBe('payload_withheld');
          expect(person.participant.view.position).toBe(position);
        }
        expect(need === undefined ? person.participant.read(wire) : reads(person, wire, needed)).toBe(
          undefined,
        );
        person.read++;
      }
    agree([a, b, c, d, e]);
  });
});
