/** The life of the wasm instance: what a trap ends, that a fresh one can be made, and that secrets do not stay in its memory. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { initSync } from 'mls-rs-wasm';
import { loadMlsInNode } from './node.ts';
import type { MlsError } from './MlsGroup.ts';
import { codeOf, id, NOW, pair } from './testing.ts';
import { checkKeyPackage, createMlsGroup } from './wasm.ts';

beforeEach(loadMlsInNode);
afterEach(() => vi.restoreAllMocks());

const module = readFileSync(createRequire(import.meta.url).resolve('mls-rs-wasm/wasm'));
/** With the module loaded, this only hands out the memory. */
const memory = (): WebAssembly.Memory => initSync({ module }).memory;

const errorOf = (run: () => unknown): MlsError => {
  try {
    run();
  } catch (error) {
    return error as MlsError;
  }
  throw new Error('it throws nothing');
};

test('a trap ends the instance and its groups; loading again makes a fresh one', () => {
  const [a, b] = pair();
  const { keyPackage } = b;
  const participant = id();
  vi.spyOn(crypto, 'getRandomValues').mockImplementation(() => {
    throw new Error('no entropy');
  });
  const trapped = errorOf(() => createMlsGroup({ participant, now: NOW }));
  expect(trapped.message).toBe('dead_instance: the wasm instance trapped');
  expect(trapped.cause).toBeInstanceOf(Error);
  const dead = memory();
  vi.restoreAllMocks();
  expect(errorOf(() => a.epoch).message).toBe('dead_instance: the wasm instance of this group is gone');
  expect(codeOf(() => a.epoch)).toBe('dead_instance');
  expect(codeOf(() => createMlsGroup({ participant, now: 0 }))).toBe('dead_instance');
  expect(codeOf(() => checkKeyPackage(keyPackage))).toBe('dead_instance');
  a.close();
  loadMlsInNode();
  expect(memory()).not.toBe(dead);
  expect(codeOf(() => a.epoch)).toBe('closed');
  expect(codeOf(() => b.epoch)).toBe('dead_instance');
  const [c, d] = pair();
  expect(c.epochAuthenticator).toEqual(d.epochAuthenticator);
});

test('memory is wiped: a secret that was handed out or has had its day is not found in it', () => {
  const found = (secret: Uint8Array): boolean => Buffer.from(memory().buffer).includes(Buffer.from(secret));
  const [a, b] = pair();
  expect(found(a.exportSecret('wiped', new Uint8Array(), 32))).toBe(false);

  const { epochAuthenticator: old } = a;
  expect(found(old)).toBe(true);
  const { commit } = a.commit([], [], true);
  b.process(commit, { committer: a.participant, adds: [], removes: [], path: true });
  expect(found(old)).toBe(true);
  a.merge();
  expect(found(old)).toBe(false);

  const { epochAuthenticator: last } = b;
  expect(found(last)).toBe(true);
  a.close();
  b.close();
  expect(found(last)).toBe(false);
});
