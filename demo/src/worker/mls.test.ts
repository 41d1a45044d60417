/** The MLS core of a call's worker: fetched and compiled once, and there again after a trap. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterEach, expect, test, vi } from 'vitest';
import { fetchMls } from './mls.ts';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

test('a trap costs the groups of its instance; the next participant gets a fresh one, without a fetch', async () => {
  const bytes = readFileSync(createRequire(import.meta.url).resolve('mls-rs-wasm/wasm'));
  const fetched = vi.fn(() =>
    Promise.resolve(new Response(bytes, { headers: { 'content-type': 'application/wasm' } })),
  );
  vi.stubGlobal('fetch', fetched);
  const createMls = await fetchMls();
  const first = createMls('aa'.repeat(16));
  vi.spyOn(crypto, 'getRandomValues').mockImplementation(() => {
    throw new Error('no entropy');
  });
  expect(() => createMls('bb'.repeat(16))).toThrow('dead_instance');
  vi.restoreAllMocks();
  expect(() => first.hasGroup).toThrow('dead_instance');
  const second = createMls('cc'.repeat(16));
  second.found(Uint8Array.of(1));
  second.merge();
  expect([second.epoch, fetched.mock.calls.length]).toEqual([0n, 1]);
});

test.each([Number.NaN, -1, 253_402_300_800_000])('a clock that says %d is no clock', async (milliseconds) => {
  const bytes = readFileSync(createRequire(import.meta.url).resolve('mls-rs-wasm/wasm'));
  vi.stubGlobal('fetch', () =>
    Promise.resolve(new Response(bytes, { headers: { 'content-type': 'application/wasm' } })),
  );
  const createMls = await fetchMls();
  vi.spyOn(Date, 'now').mockReturnValue(milliseconds);
  expect(() => createMls('dd'.repeat(16))).toThrow('bad_clock: the clock of this device says');
});
