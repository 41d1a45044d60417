/** Hostile and merely odd input: a typed error, nothing changed, and the instance alive. */
import { beforeAll, expect, test } from 'vitest';
import fc from 'fast-check';
import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256 } from '@noble/hashes/sha2.js';
import type { ExpectedCommit, MlsGroup } from './MlsGroup.ts';
import { loadMlsInNode } from './node.ts';
import { codeOf, id, member, observable, pair } from './testing.ts';
import { badKeyPackages, handmadeKeyPackage, type Handmade } from './testKeyPackage.ts';
import { checkKeyPackage, createMlsGroup } from './wasm.ts';

beforeAll(loadMlsInNode);

const flipped = (bytes: Uint8Array, bit: number): Uint8Array =>
  bytes.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));

/** Every byte with one bit flipped (which one goes round), every prefix, one byte more. */
function* damaged(bytes: Uint8Array): Generator<Uint8Array> {
  for (let i = 0; i < bytes.length; i++) yield flipped(bytes, 8 * i + (i % 8));
  for (let i = 0; i < bytes.length; i += 7) yield bytes.slice(0, i);
  yield Uint8Array.of(...bytes, 0);
}

/** Hands each of `inputs` to `step`; each must be refused without a trace in `it`. Gives the codes and how often each came. */
function refuseAll(
  it: MlsGroup,
  inputs: Iterable<Uint8Array>,
  step: (input: Uint8Array) => unknown,
): Map<string, number> {
  const before = observable(it);
  const codes = new Map<string, number>();
  for (const input of inputs) {
    const code = codeOf(() => step(input)) ?? 'accepted';
    codes.set(code, (codes.get(code) ?? 0) + 1);
    expect(observable(it)).toEqual(before);
  }
  expect(codes.has('accepted')).toBe(false);
  expect(codes.has('dead_instance')).toBe(false);
  return codes;
}

const seen = (what: string, codes: Map<string, number>, floor: number): void => {
  const total = [...codes.values()].reduce((sum, n) => sum + n, 0);
  console.log(`${what}: ${total} refused, ${[...codes].map(([code, n]) => `${code} ${n}`).join(', ')}`);
  expect(total).toBeGreaterThanOrEqual(floor);
};

/** Three members and a commit of the first that adds one, removes another and has a path. */
function scene(): {
  a: MlsGroup;
  b: MlsGroup;
  joiner: MlsGroup;
  commit: Uint8Array;
  welcome: Uint8Array;
  expected: ExpectedCommit;
} {
  const [a, b] = pair();
  const [c, joiner] = [member(), member()];
  const add = a.commit([c.keyPackage], [], true);
  const adds = (it: MlsGroup) => [{ participant: it.participant, keyPackageHash: sha256(it.keyPackage) }];
  b.process(add.commit, { committer: a.participant, adds: adds(c), removes: [], path: true });
  a.merge();
  const made = a.commit([joiner.keyPackage], [c.participant], true);
  const expected = { committer: a.participant, adds: adds(joiner), removes: [c.participant], path: true };
  return { a, b, joiner, commit: made.commit, welcome: made.welcome, expected };
}

test('a damaged commit', () => {
  const { b, commit, expected } = scene();
  seen(
    'commit',
    refuseAll(b, damaged(commit), (it) => b.process(it, expected)),
    500,
  );
  b.process(commit, expected);
});

test('a damaged Welcome', () => {
  const { joiner, welcome, a } = scene();
  seen(
    'Welcome',
    refuseAll(joiner, damaged(welcome), (it) => joiner.welcome(it)),
    500,
  );
  a.merge();
  joiner.welcome(welcome);
  expect(joiner.epochAuthenticator).toEqual(a.epochAuthenticator);
});

test('a damaged key package, in the check and in a commit', () => {
  const [a] = pair();
  const { keyPackage } = member();
  const bits = Array.from({ length: keyPackage.length * 8 }, (_, bit) => flipped(keyPackage, bit));
  seen('key package, checked', refuseAll(a, [...bits, ...damaged(keyPackage)], checkKeyPackage), 2000);
  seen(
    'key package, added',
    refuseAll(a, damaged(keyPackage), (it) => a.commit([it], [], false)),
    300,
  );
  a.commit([keyPackage], [], false);
});

test('random bytes and messages of the wrong kind', () => {
  const { a, b, joiner, commit, welcome, expected } = scene();
  const random = fc.sample(fc.uint8Array({ maxLength: 400 }), { numRuns: 300, seed: 1 });
  const kinds = [new Uint8Array(), commit, welcome, a.keyPackage];
  const but = (own: Uint8Array) => [...random, ...kinds.filter((it) => it !== own)];
  seen(
    'for a commit',
    refuseAll(b, but(commit), (it) => b.process(it, expected)),
    300,
  );
  seen(
    'for a Welcome',
    refuseAll(joiner, but(welcome), (it) => joiner.welcome(it)),
    300,
  );
  seen('for a key package', refuseAll(b, but(a.keyPackage), checkKeyPackage), 300);
});

test('a commit that is not the one that the log calls for', () => {
  const { a, b, commit, expected } = scene();
  const [add] = expected.adds;
  if (add === undefined) throw new Error('no add');
  const before = observable(b);
  const wrong: [string, Partial<ExpectedCommit>][] = [
    ['wrong_committer', { committer: b.participant }],
    ['wrong_committer', { committer: id() }],
    ['wrong_adds', { adds: [] }],
    ['wrong_adds', { adds: [{ ...add, participant: id() }] }],
    ['wrong_adds', { adds: [{ ...add, keyPackageHash: sha256(new Uint8Array()) }] }],
    ['wrong_adds', { adds: [add, add] }],
    ['wrong_removes', { removes: [] }],
    ['wrong_removes', { removes: [b.participant] }],
    ['wrong_removes', { removes: [...expected.removes, ...expected.removes] }],
  ];
  for (const [code, part] of wrong) {
    expect(codeOf(() => b.process(commit, { ...expected, ...part }))).toBe(code);
    expect(observable(b)).toEqual(before);
  }
  expect(codeOf(() => a.process(commit, expected))).toBe('own_commit');
  b.process(commit, expected);
});

test('adds in another order', () => {
  const [a, b] = pair();
  const [c, d] = [member(), member()];
  const adds = [c, d].map((it) => ({ participant: it.participant, keyPackageHash: sha256(it.keyPackage) }));
  const { commit } = a.commit([c.keyPackage, d.keyPackage], [], false);
  const expected = { committer: a.participant, removes: [], path: false };
  expect(codeOf(() => b.process(commit, { ...expected, adds: adds.toReversed() }))).toBe('wrong_adds');
  b.process(commit, { ...expected, adds });
});

test('the same key package twice, a member added again, somebody unknown or oneself removed', () => {
  const [a, b] = pair();
  const { keyPackage } = member();
  const before = observable(a);
  expect(codeOf(() => a.commit([keyPackage, keyPackage], [], false))).toBe('invalid');
  expect(codeOf(() => a.commit([b.keyPackage], [], false))).toBe('invalid');
  expect(codeOf(() => a.commit([], [id()], false))).toBe('not_member');
  expect(codeOf(() => a.commit([], [a.participant], false))).toBe('invalid');
  expect(codeOf(() => a.commit([], [b.participant, b.participant], false))).toBe('invalid');
  const second = createMlsGroup({ participant: b.participant, now: 0 });
  expect(codeOf(() => a.commit([second.keyPackage], [], false))).toBe('invalid');
  expect(observable(a)).toEqual(before);
});

test('a key package that is well made in all but one thing', () => {
  const seed = new Uint8Array(32).fill(1);
  const participant = id();
  const good = handmadeKeyPackage({ participant, seed });
  expect(checkKeyPackage(good)).toMatchObject({ participant, signatureKey: ed25519.getPublicKey(seed) });
  const [a] = pair();
  a.commit([good], [], false);
  a.discard();
  const bad = badKeyPackages(participant, seed);
  for (const [what, code, keyPackage] of bad) {
    expect(
      codeOf(() => checkKeyPackage(keyPackage)),
      what,
    ).toBe(code);
    expect(
      codeOf(() => a.commit([keyPackage], [], false)),
      what,
    ).toBe(code);
  }
  expect(bad.length).toBeGreaterThan(20);
});

test('keys of small order in an otherwise well-signed key package', () => {
  const [participant, seed] = [id(), new Uint8Array(32).fill(1)];
  const eight = Uint8Array.from(
    Buffer.from('e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800', 'hex'),
  );
  const made = (change: Partial<Handmade>) => handmadeKeyPackage({ participant, seed, ...change });
  expect(codeOf(() => checkKeyPackage(made({ initKey: eight })))).toBe('bad_key');
  expect(codeOf(() => checkKeyPackage(made({ leafKey: eight })))).toBe('bad_key');
});

test('arguments of the wrong type or size never reach wasm', () => {
  const [a] = pair();
  const before = observable(a);
  const none = new Uint8Array();
  const odd = (value: unknown): never => value as never;
  const expected = { committer: a.participant, adds: [], removes: [], path: false };
  const calls: [string, () => unknown][] = [
    ['malformed', () => createMlsGroup({ participant: 'A'.repeat(32), now: 0 })],
    ['bad_clock', () => createMlsGroup({ participant: id(), now: Number.NaN })],
    ['bad_clock', () => createMlsGroup({ participant: id(), now: -1 })],
    ['malformed', () => a.process(odd('commit'), expected)],
    ['malformed', () => a.process(none, odd({ ...expected, adds: 1 }))],
    ['malformed', () => a.process(none, odd({ ...expected, adds: [null] }))],
    ['malformed', () => a.process(none, odd({ ...expected, path: undefined }))],
    ['malformed', () => a.process(none, odd(null))],
    ['malformed', () => a.commit(odd([1]), [], false)],
    ['malformed', () => a.commit([], odd([1]), false)],
    ['malformed', () => a.welcome(odd(new ArrayBuffer(3)))],
    ['malformed', () => a.exportSecret('label', none, 0)],
    ['malformed', () => a.exportSecret('label', none, 1.5)],
    ['malformed', () => a.exportSecret(odd(1), none, 16)],
    ['too_large', () => a.process(new Uint8Array((1 << 20) + 1), expected)],
    ['too_large', () => checkKeyPackage(new Uint8Array(1025))],
    ['too_large', () => a.exportSecret('x'.repeat(256), none, 16)],
    ['too_large', () => a.commit([], Array.from({ length: 1001 }, id), false)],
    ['too_large', () => member().found(new Uint8Array(256))],
    ['malformed', () => member().found(none)],
  ];
  for (const [code, call] of calls) expect(codeOf(call), String(call)).toBe(code);
  expect(observable(a)).toEqual(before);
});
