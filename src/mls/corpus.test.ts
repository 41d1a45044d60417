/**
 * The corpus of the fuzz harness (crates/mls-rs-wasm/fuzz) in the wasm: every file to every function that takes a peer's bytes, as it is
 * and mutated. The state that the files were made for is made anew, from the same stream of random numbers (fuzz/src/scene.rs): so a
 * file passes MAC and signature here exactly where it does there, and comes to the code that its manifest says.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { sha256 } from '@noble/hashes/sha2.js';
import type { ExpectedCommit, MlsGroup } from './MlsGroup.ts';
import { concat } from './border.ts';
import { loadMlsInNode } from './node.ts';
import { NOW, codeOf } from './testing.ts';
import { checkKeyPackage, createMlsGroup } from './wasm.ts';

const FOLDER = new URL('../../crates/mls-rs-wasm/corpus/', import.meta.url);
const CALLS = ['check', 'add', 'process', 'welcome'] as const;
const SEED = 1;
/** Mutations of each file for each function. */
const MUTATIONS = 24;
const FLOOR = { files: 105, inputs: 10_000, accepted: 10 };

type Call = (typeof CALLS)[number];

interface Row {
  readonly file: string;
  readonly call: Call;
  readonly code: string;
  readonly expected: Omit<ExpectedCommit, 'adds'> & {
    readonly adds: readonly { readonly participant: string; readonly keyPackageHash: string }[];
  };
}

const unhex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));
const bytesOf = (file: string): Uint8Array => Uint8Array.from(readFileSync(new URL(file, FOLDER)));

/** SHA-256 of the seed and a counter of 4 bytes, block after block: `Stream` of fuzz/src/random.rs. */
function stream(seed: string): () => number {
  let counter = 0;
  let left: number[] = [];
  return () => {
    if (left.length === 0) {
      const count = new Uint8Array(4);
      new DataView(count.buffer).setUint32(0, counter++);
      left = [...sha256(concat([new TextEncoder().encode(seed), count]))].reverse();
    }
    return left.pop() ?? 0;
  };
}

function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** `scene` of fuzz/src/scene.rs, as far as the wasm takes part: a member at epoch 2, somebody who waits, and the commit to epoch 2. */
function scene(): { victim: MlsGroup; joiner: MlsGroup; commit: Uint8Array } {
  const next = stream('mls-rs-wasm corpus');
  vi.spyOn(crypto, 'getRandomValues').mockImplementation((array) => {
    const view = array as unknown as Uint8Array;
    for (let i = 0; i < view.length; i++) view[i] = next();
    return array;
  });
  const make = (n: number) => createMlsGroup({ participant: `0${n}`.repeat(16), now: NOW });
  const [victim, insider, other, joiner, helper] = [1, 2, 3, 4, 5].map(make);
  if (!victim || !insider || !other || !joiner || !helper) throw new Error('nobody');
  make(6);
  make(7);
  victim.found(new TextEncoder().encode('corpus'));
  victim.merge();
  const { welcome } = victim.commit([insider.keyPackage, other.keyPackage], [], false);
  victim.merge();
  insider.welcome(welcome);
  const { commit } = insider.commit([helper.keyPackage], [], true);
  const adds = [{ participant: helper.participant, keyPackageHash: sha256(helper.keyPackage) }];
  victim.process(commit, { committer: insider.participant, adds, removes: [], path: true });
  vi.restoreAllMocks();
  return { victim, joiner, commit };
}

/** All that a refusal must not change, as text. */
const state = ({ victim, joiner }: { victim: MlsGroup; joiner: MlsGroup }): string =>
  JSON.stringify([
    Buffer.from(victim.epochAuthenticator).toString('hex'),
    String(victim.epoch),
    victim.roster.map((it) => [it.leafIndex, it.participant, Buffer.from(it.signatureKey).toString('hex')]),
    [victim.hasPending, joiner.hasGroup, joiner.hasPending],
  ]);

function mutated(bytes: Uint8Array, other: Uint8Array, roll: (below: number) => number): Uint8Array {
  const at = roll(bytes.length);
  const out = bytes.slice();
  switch (roll(5)) {
    case 0:
      return bytes.slice(0, at);
    case 1:
      return concat([bytes.slice(0, at), other.slice(roll(other.length))]);
    case 2: {
      const length = [0, 0x3f, 0x40, 0x7f, 0x80, 0xbf, 0xff][roll(7)] ?? 0;
      out[at] = length;
      return out;
    }
    case 3:
      return concat([bytes.slice(0, at), bytes.slice(at + 1 + roll(40))]);
    default:
      out[at] = (out[at] ?? 0) ^ (1 << roll(8));
      return out;
  }
}

let base: ReturnType<typeof scene>;
beforeAll(() => {
  loadMlsInNode();
  base = scene();
});
afterAll(() => vi.restoreAllMocks());

const rows = JSON.parse(readFileSync(new URL('manifest.json', FOLDER), 'utf8')) as Row[];

function expectedOf({ expected }: Row): ExpectedCommit {
  const adds = expected.adds.map((it) => ({ ...it, keyPackageHash: unhex(it.keyPackageHash) }));
  return { ...expected, adds };
}

/** Hands `bytes` to a function of throw-away copies' victim or joiner; gives the code, and fails if a refusal left a trace. */
class Target {
  #now: { victim: MlsGroup; joiner: MlsGroup };
  readonly #before: string;
  readonly counts = new Map<string, number>();

  constructor() {
    this.#now = { victim: base.victim.copy(), joiner: base.joiner.copy() };
    this.#before = state(this.#now);
  }

  run(call: Call, bytes: Uint8Array, expected: ExpectedCommit): string {
    const { victim, joiner } = this.#now;
    const steps: Record<Call, () => unknown> = {
      check: () => checkKeyPackage(bytes),
      add: () => victim.commit([bytes], [], false),
      process: () => victim.process(bytes, expected),
      welcome: () => joiner.welcome(bytes),
    };
    const code = codeOf(steps[call]) ?? 'accepted';
    this.counts.set(`${call} ${code}`, (this.counts.get(`${call} ${code}`) ?? 0) + 1);
    expect(code).not.toBe('dead_instance');
    if (code === 'accepted' && call !== 'check') {
      victim.close();
      joiner.close();
      this.#now = { victim: base.victim.copy(), joiner: base.joiner.copy() };
    } else {
      expect(state(this.#now), `${call}: ${code}`).toBe(this.#before);
    }
    return code;
  }
}

test('the state is that of the harness, byte for byte', () => {
  expect(base.commit).toEqual(bytesOf('process-old-epoch.bin'));
});

test('every file comes to the code that it comes to in the harness', () => {
  const files = readdirSync(FOLDER).filter((it) => it.endsWith('.bin'));
  expect(rows.map((it) => it.file).sort()).toEqual(files.sort());
  const target = new Target();
  for (const row of rows)
    expect(target.run(row.call, bytesOf(row.file), expectedOf(row)), row.file).toBe(row.code);
  const accepted = rows.filter((it) => it.code === 'accepted').length;
  console.log(`${rows.length} files of the corpus, ${accepted} of them accepted, all codes as kept`);
  expect(rows.length).toBeGreaterThanOrEqual(FLOOR.files);
  expect(accepted).toBeGreaterThanOrEqual(FLOOR.accepted);
});

test('every file, mutated and not, to every function', { timeout: 120_000 }, () => {
  const target = new Target();
  const roll = dice(SEED);
  const corpus = rows.map((it) => bytesOf(it.file));
  let inputs = 0;
  for (const [i, row] of rows.entries()) {
    const bytes = corpus[i] ?? new Uint8Array();
    const expected = expectedOf(row);
    for (const call of CALLS) {
      target.run(call, bytes, expected);
      for (let n = 0; n < MUTATIONS; n++)
        target.run(call, mutated(bytes, corpus[roll(corpus.length)] ?? bytes, roll), expected);
      inputs += 1 + MUTATIONS;
    }
  }
  const codes = [...target.counts].sort().map(([code, n]) => `${code} ${n}`);
  console.log(`seed ${SEED}: ${inputs} inputs, no trap, no trace of a refusal: ${codes.join(', ')}`);
  expect(inputs).toBeGreaterThanOrEqual(FLOOR.inputs);
});
