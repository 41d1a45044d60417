/** Rule Invited where the service lies: it appends a join whose key package is no good. Real MLS. */
import { ed25519, x25519 } from '@noble/curves/ed25519.js';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { MlsGroup } from '../mls/MlsGroup.ts';
import { loadMlsInNode } from '../mls/node.ts';
import { badKeyPackages, handmadeKeyPackage } from '../mls/testKeyPackage.ts';
import { createMlsGroup } from '../mls/wasm.ts';
import { disagreement, NOW, Scene } from './testing.ts';
import { TestRoom } from './testRoom.ts';

beforeAll(loadMlsInNode);

const SEED = new Uint8Array(32).fill(9);

/** A core that shows another key package, or another signature key, than it has. */
const showing = (mls: MlsGroup, shown: Partial<Pick<MlsGroup, 'keyPackage' | 'signatureKey'>>): MlsGroup =>
  new Proxy(mls, {
    get: (target, name): unknown => {
      const value: unknown = Reflect.get(Object.hasOwn(shown, name) ? shown : target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });

// "if the key package passes a fixed check of its bytes that asks no clock"; without it "one bad key package blocks the room"
describe('a join with a bad key package in the log', () => {
  const ID = '2'.padStart(32, '0');
  test.each(badKeyPackages(ID, SEED))(
    '%s: counts for nothing for everybody, and blocks nobody',
    (_, flaw, keyPackage) => {
      const room = new Scene();
      const a = room.join('a');
      room.settle();
      const bad = room.join('bad', (mls) => showing(mls, { keyPackage }));
      const c = room.join('c');
      room.settle([a, c]);
      room.deliver(bad);
      expect(bad.id).toBe(ID);
      const refusals = [a, bad, c].map((it) => it.steps.filter((step) => step.refusal !== null));
      for (const steps of refusals)
        expect(steps.map(({ refusal, placed }) => [refusal, placed?.position])).toEqual([['Invited', 3]]);
      expect(disagreement([a, c])).toBe(null);
      expect(a.participant.view).toEqual(bad.participant.view);
      expect(a.participant.view.roster).toEqual([a.id, c.id]);
      expect(a.participant.view.joined[bad.id]).toBeUndefined();
      // Only its author is told, and why.
      const shown = flaw === 'too_large' ? 'join_payload' : flaw;
      expect(bad.participant.joinRefusal).toEqual({ rule: 'Invited', flaw: shown });
      expect([a, c].map((it) => it.participant.joinRefusal)).toEqual([null, null]);
    },
  );

  test('of somebody else, or with another signature key', () => {
    const room = new Scene();
    const a = room.join('a');
    room.settle();
    const signatureKey = a.mls.signatureKey;
    const people = [
      room.join('b', (mls) =>
        showing(mls, { keyPackage: createMlsGroup({ participant: a.id, now: NOW }).keyPackage }),
      ),
      room.join('c', (mls) => showing(mls, { signatureKey })),
    ];
    room.settle([a]);
    for (const it of people) room.deliver(it);
    expect(people.map((it) => it.participant.joinRefusal?.flaw)).toEqual([
      'wrong_participant',
      'wrong_signature_key',
    ]);
    expect(a.participant.view.arrivals).toEqual([]);
  });
});

// "A participant id, signature key and HPKE key are used once"
test('a join with keys that were used counts for nothing: its author is told, and who used them first is not', () => {
  const room = new Scene();
  const a = room.join('a');
  const seeds = [SEED, SEED.with(0, 1)];
  const [b, c] = seeds.map((seed, i) =>
    room.join('twin', (mls) => {
      const leafKey = x25519.getPublicKey(SEED);
      const keyPackage = handmadeKeyPackage({ participant: mls.participant, seed, leafKey });
      return showing(mls, { keyPackage, signatureKey: ed25519.getPublicKey(seeds[i]!) });
    }),
  );
  room.append(a.participant.join);
  for (const it of room.people) room.deliver(it);
  expect(a.steps.map((it) => it.refusal)).toEqual([null, null, 'repeated', 'repeated']);
  expect(a.participant.view.arrivals).toEqual([a.id, b!.id]);
  expect(room.people.map((it) => it.participant.joinRefusal)).toEqual([
    null,
    null,
    { rule: 'repeated', flaw: 'repeated' },
  ]);
  expect(c!.state).toBe('outside');
});

describe('a session whose join the service appended, although it is no good', () => {
  let room: TestRoom | undefined;
  afterEach(() => {
    room?.session.leave();
    vi.useRealTimers();
  });
  const bad = (participant: string): MlsGroup => {
    const keyPackage = handmadeKeyPackage({ participant, seed: SEED, initKey: new Uint8Array(32) });
    return showing(createMlsGroup({ participant, now: NOW }), { keyPackage });
  };
  const flaws = (it: TestRoom): readonly unknown[] =>
    it.events.flatMap((event) =>
      event.type === 'error' ? [`${event.code} ${event.flaw ?? ''}: ${event.message}`] : [],
    );
  const WHY =
    'the key package is refused: one of its keys is zero, of small order, no point, or used for two things';

  test('is told why, joins with a fresh participant and key package, and is in the call', async () => {
    const made: MlsGroup[] = [];
    room = new TestRoom({
      createMls: (participant) => {
        made.push(made.length < 2 ? bad(participant) : createMlsGroup({ participant, now: NOW }));
        return made.at(-1)!;
      },
    });
    await room.reaches('member.designated.idle');
    expect(flaws(room)).toEqual([`join_refused bad_key: ${WHY}`, `join_refused bad_key: ${WHY}`]);
    expect(room.kinds).toEqual(['join', 'join', 'join', 'found']);
    expect(new Set(made.map(({ participant }) => participant)).size).toBe(3);
    // The keys of those that were let go are wiped.
    for (const mls of made.slice(0, 2)) expect(() => mls.hasGroup).toThrow('closed');
  });

  test('gives up after three more, with a clear word', async () => {
    vi.useFakeTimers();
    room = new TestRoom({ createMls: bad });
    await vi.waitFor(() => expect(room!.codes).toContain('gave_up'), { timeout: 20_000 });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(room.codes).toEqual([...Array<string>(4).fill('join_refused'), 'gave_up']);
    expect(flaws(room).at(-1)).toBe(`gave_up : 4 joins in a row were refused, the last one because: ${WHY}`);
    expect([room.participants, room.events.at(-1)]).toEqual([4, { type: 'connection', state: 'closed' }]);
  });
});
