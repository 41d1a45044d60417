/**
 * Private keys leave the memory of the wasm when their time is over. All of them come from the platform's random numbers, and X25519 and
 * Ed25519 private keys are such numbers as they are: so what was drawn is what is looked for.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { sha256 } from '@noble/hashes/sha2.js';
import { initSync } from 'mls-rs-wasm';
import { loadMlsInNode } from './node.ts';
import { member, pair } from './testing.ts';

const module = readFileSync(createRequire(import.meta.url).resolve('mls-rs-wasm/wasm'));
/** With the module loaded, this only hands out the memory. */
const memory = (): Buffer => Buffer.from(initSync({ module }).memory.buffer);

beforeEach(loadMlsInNode);
afterEach(() => vi.restoreAllMocks());

/** What `step` draws, 32 bytes each; and its result. */
function drawn<T>(step: () => T): { result: T; draws: Buffer[] } {
  const draws: Buffer[] = [];
  const real = crypto.getRandomValues.bind(crypto);
  vi.spyOn(crypto, 'getRandomValues').mockImplementation((array) => {
    const bytes = Buffer.from(real(array as unknown as Uint8Array<ArrayBuffer>));
    if (bytes.length === 32) draws.push(bytes);
    return Object.assign(array, bytes);
  });
  const result = step();
  vi.restoreAllMocks();
  return { result, draws };
}

/** How many of `secrets` are somewhere in the memory. */
const found = (secrets: readonly Buffer[]): number => {
  const now = memory();
  return secrets.filter((it) => now.includes(it)).length;
};

test('signature, init and leaf key of a participant, over its life', () => {
  const [a, b] = pair();
  const { result: joiner, draws: keys } = drawn(member);
  console.log(`${keys.length} private keys drawn, ${found(keys)} in memory while it waits`);
  expect([keys.length, found(keys)]).toEqual([3, 3]);

  const add = { participant: joiner.participant, keyPackageHash: sha256(joiner.keyPackage) };
  const { welcome, commit } = a.commit([joiner.keyPackage], [], false);
  b.process(commit, { committer: a.participant, adds: [add], removes: [], path: false });
  a.merge();
  joiner.welcome(welcome);
  // The init key has had its day (RFC 9420 section 16.8).
  expect(found(keys)).toBe(2);

  joiner.commit([], [], true);
  expect(found(keys)).toBe(2);
  joiner.merge();
  // A path replaced the leaf key; the signature key stays.
  expect(found(keys)).toBe(1);

  for (const it of [a, b, joiner]) it.close();
  expect(found(keys)).toBe(0);
});

test('nothing that was ever drawn is left after all groups are closed', () => {
  const { result: groups, draws } = drawn(() => {
    const [a, b] = pair();
    for (let i = 0; i < 3; i++) {
      const { commit } = a.commit([], [], true);
      b.process(commit, { committer: a.participant, adds: [], removes: [], path: true });
      a.merge();
    }
    a.commit([], [], true);
    b.commit([], [], true);
    b.discard();
    return [a, b];
  });
  const before = found(draws);
  for (const it of groups) it.close();
  console.log(`${draws.length} secrets drawn, ${before} in memory, ${found(draws)} after closing`);
  expect(draws.length).toBeGreaterThanOrEqual(10);
  expect(before).toBeGreaterThanOrEqual(2);
  expect(found(draws)).toBe(0);
});
