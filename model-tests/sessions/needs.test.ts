/** Real participants, each of which gets of the log what the service hands to it and nothing more. */
import { beforeAll, expect, test } from 'vitest';
import { loadMlsInNode } from '../../src/mls/node.ts';
import { disagreement, Scene, type Person } from '../../src/participant/testing.ts';
import { decodeHeader } from '../../src/protocol/wire/header.ts';
import { decodeCommitParts } from '../../src/protocol/wire/payload.ts';
import { LogView } from '../../src/service/delivery/LogView.ts';
import { Needs } from '../../src/service/delivery/Needs.ts';

beforeAll(loadMlsInNode);

/** A scene in which everybody reads by way of `Needs`; what they got of each commit, by name and position. */
class Trimmed extends Scene {
  readonly view = new LogView(this.log);
  readonly needs = new Needs(this.view);
  readonly got = new Map<string, string>();
  bytes = 0;

  override deliver(person: Person, count = Infinity): void {
    while (count-- > 0 && person.read < this.entries.length && !person.participant.ended) {
      const position = ++person.read;
      const wire = this.needs.of(person.id, this.entries[position - 1]!, position);
      this.bytes += wire.payload.length;
      if (decodeHeader(wire.header).kind === 'commit') {
        const { commit, welcome } = decodeCommitParts(wire.payload);
        const parts = [commit && 'commit', welcome && welcome.length > 0 && 'welcome'].filter(Boolean);
        this.got.set(`${person.name} ${String(position)}`, parts.join(' and ') || 'neither');
      }
      person.participant.read(wire);
    }
  }
}

async function scene(): Promise<Trimmed> {
  const room = new Trimmed();
  await room.view.begin(room.invite.key);
  return room;
}

test('a Welcome goes to whom it admits, an MLS commit to members, and nothing to who waits or comes later', async () => {
  const room = await scene();
  const a = room.join('a');
  room.settle();
  const [b, c] = [room.join('b'), room.join('c')];
  room.settle();
  const d = room.join('d');
  room.settle();
  expect(disagreement([a, b, c, d])).toBe(null);
  // join a, found, join b, join c, commit, join d, commit
  expect(Object.fromEntries(room.got)).toEqual({
    'a 5': 'neither',
    'b 5': 'welcome',
    'c 5': 'welcome',
    'a 7': 'neither',
    'b 7': 'commit',
    'c 7': 'commit',
    'd 5': 'neither',
    'd 7': 'welcome',
  });
});

test('nobody gets anything of a commit that does not count', async () => {
  const room = await scene();
  const [a, b] = [room.join('a'), room.join('b')];
  room.settle();
  const c = room.join('c');
  room.deliver(a);
  room.deliver(b);
  room.append(b.commits(b.drafting([c.mls.keyPackage], [], false), [c]));
  for (const it of [a, b, c]) room.deliver(it);
  expect([a, b, c].map(({ steps }) => steps.at(-1)?.refusal)).toEqual([
    'Designated',
    'Designated',
    'Designated',
  ]);
  const last = String(room.entries.length);
  expect(['a', 'b', 'c'].map((name) => room.got.get(`${name} ${last}`))).toEqual(Array(3).fill('neither'));
  room.settle();
  expect(disagreement([a, b, c])).toBe(null);
});

test('what the view has not read yet, and what is no commit, goes out whole', async () => {
  const room = new Scene();
  const view = new LogView(room.log);
  const needs = new Needs(view);
  const [a, b] = [room.join('a'), room.join('b')];
  room.settle();
  const whole = (): boolean[] => room.entries.map((wire, i) => needs.of(b.id, wire, i + 1) === wire);
  expect(whole()).toEqual([true, true, true, true]);
  await view.begin(room.invite.key);
  expect(whole()).toEqual([true, true, true, false]);
  expect(disagreement([a, b])).toBe(null);
});

test('a large call is read in a fraction of its bytes, and everybody has the same keys', async () => {
  const room = await scene();
  room.join('founder');
  room.settle();
  for (let batch = 0; batch < 3; batch++) {
    for (let i = 0; i < 8; i++) room.join(`${String(batch)} ${String(i)}`);
    room.settle();
  }
  expect(disagreement(room.people)).toBe(null);
  const all = room.people.length * room.entries.reduce((sum, { payload }) => sum + payload.length, 0);
  const commits = room.got.size / room.people.length;
  console.log(
    `${String(room.people.length)} people, ${String(commits)} commits: payloads of ${String(room.bytes)} bytes in place of ${String(all)}`,
  );
  expect(commits).toBe(3);
  expect(room.bytes).toBeLessThan(all * 0.7);
});
