/**
 * Key packages made by hand (RFC 9420 sections 5.1.2, 7.2 and 10), for tests: of any content, well signed. Nothing here is
 * secret.
 */
import { ed25519, x25519 } from '@noble/curves/ed25519.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8 } from '../protocol/wire/bytes.ts';
import type { ParticipantId } from './MlsGroup.ts';
import { idBytes } from './border.ts';

const vector = (it: ArrayLike<number>): number[] =>
  it.length < 64
    ? [it.length, ...Array.from(it)]
    : [0x40 | (it.length >> 8), it.length & 255, ...Array.from(it)];

/** An X25519 public key that belongs to `seed` and `label`. */
const hpkeKey = (seed: Uint8Array, label: string): Uint8Array =>
  x25519.getPublicKey(sha256(Uint8Array.from([...seed, ...utf8(label)])));

/** What a key package made by hand says. Without changes it is one of the profile, and passes the check. */
export interface Handmade {
  readonly participant: ParticipantId;
  /** Seed of its Ed25519 key. The HPKE keys follow from it. */
  readonly seed: Uint8Array;
  readonly initKey?: Uint8Array;
  readonly leafKey?: Uint8Array;
  /** What it says its signature key is. */
  readonly signatureKey?: Uint8Array;
  readonly suite?: number;
  /** The identity in its basic credential. */
  readonly identity?: Uint8Array;
  /** Seconds from 1970, first and last. */
  readonly lifetime?: readonly [bigint, bigint];
  /** Extension types that it says it supports. */
  readonly extensions?: readonly number[];
}

/** The MLSMessage of a key package. */
export function handmadeKeyPackage(it: Handmade): Uint8Array {
  const { seed, suite = 1, lifetime = [0n, 9n], extensions = [] } = it;
  const sign = (label: string, content: number[]): number[] =>
    vector(ed25519.sign(Uint8Array.from([...vector(utf8(`MLS 1.0 ${label}`)), ...vector(content)]), seed));
  const credential = [0, 1, ...vector(it.identity ?? idBytes(it.participant))];
  const supported = extensions.flatMap((type) => [type >> 8, type & 255]);
  const capabilities = [[0, 1], [0, suite], supported, [], [0, 1]].flatMap(vector);
  const times = new DataView(new ArrayBuffer(16));
  lifetime.forEach((time, i) => times.setBigUint64(8 * i, time));
  const leaf = [
    ...vector(it.leafKey ?? hpkeKey(seed, 'leaf')),
    ...vector(it.signatureKey ?? ed25519.getPublicKey(seed)),
    ...credential,
    ...capabilities,
    1,
    ...new Uint8Array(times.buffer),
    0,
  ];
  const signedLeaf = [...leaf, ...sign('LeafNodeTBS', leaf)];
  const content = [0, 1, 0, suite, ...vector(it.initKey ?? hpkeKey(seed, 'init')), ...signedLeaf, 0];
  return Uint8Array.from([0, 1, 0, 5, ...content, ...sign('KeyPackageTBS', content)]);
}

/** Every way in which the bytes of a key package can be bad, and the code of it. All are of `participant` and `seed`. */
export function badKeyPackages(
  participant: ParticipantId,
  seed: Uint8Array,
): readonly (readonly [string, string, Uint8Array])[] {
  const made = (change: Partial<Handmade> = {}): Uint8Array =>
    handmadeKeyPackage({ participant, seed, ...change });
  const good = made();
  const zero = new Uint8Array(32);
  const one = zero.with(0, 1);
  const twice = hpkeKey(seed, 'init');
  const days = 86_400n;
  return [
    ['no bytes', 'malformed', new Uint8Array()],
    ['all zero', 'malformed', new Uint8Array(good.length)],
    ['cut short', 'malformed', good.subarray(0, -1)],
    ['bytes behind its end', 'malformed', Uint8Array.from([...good, 0])],
    ['another wire format', 'malformed', good.with(3, 2)],
    ['a kilobyte and more', 'too_large', Uint8Array.from([...good, ...new Uint8Array(1_024)])],
    ['another suite, well signed', 'wrong_suite', made({ suite: 3 })],
    ['a suite that is none', 'wrong_suite', made({ suite: 0xfafa })],
    ['an extension that it supports', 'unexpected_content', made({ extensions: [0x0a0a] })],
    ['a lifetime of 91 days', 'bad_lifetime', made({ lifetime: [0n, 91n * days] })],
    ['a lifetime that ends before it begins', 'bad_lifetime', made({ lifetime: [2n, 1n] })],
    ['for ever', 'bad_lifetime', made({ lifetime: [0n, 2n ** 64n - 1n] })],
    ['a credential of 15 bytes', 'bad_credential', made({ identity: new Uint8Array(15) })],
    ['a credential of no bytes', 'bad_credential', made({ identity: new Uint8Array() })],
    ['init key all zero', 'bad_key', made({ initKey: zero })],
    ['leaf key all zero', 'bad_key', made({ leafKey: zero })],
    ['init key of small order', 'bad_key', made({ initKey: one })],
    ['leaf key of small order', 'bad_key', made({ leafKey: one })],
    ['one key for init and leaf', 'bad_key', made({ initKey: twice, leafKey: twice })],
    ['an init key of 31 bytes', 'bad_key', made({ initKey: twice.subarray(1) })],
    ['signature key all zero', 'bad_key', made({ signatureKey: zero })],
    ['signature key of small order', 'bad_key', made({ signatureKey: one })],
    [
      'signed by another key',
      'bad_signature',
      made({ signatureKey: ed25519.getPublicKey(seed.with(0, (seed[0] ?? 0) ^ 1)) }),
    ],
    ['a bit flipped in its signature', 'bad_signature', good.with(-1, (good.at(-1) ?? 0) ^ 1)],
  ];
}
