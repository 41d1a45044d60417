/**
 * The wire format, pinned: computed once, and again here without the code under test for the hashes (node:crypto). A
 * change of any of these is another version of the protocol.
 */
import { createHash, createPrivateKey, createPublicKey, hkdfSync, sign } from 'node:crypto';
import { expect, test } from 'vitest';
import { digest, hex, unhex, utf8 } from './bytes.ts';
import { commitIdOf, groupIdOf, nextHash, originOf } from './hashes.ts';
import { encodeHeader, type Header } from './header.ts';
import { inviteOf, roomOf } from './invite.ts';
import { signedContent, signWithSeed } from './signature.ts';
import { bytesOf, keyOf, NOTHING, seedOf } from './testing.ts';

const sha256 = (...parts: readonly Uint8Array[]): string =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex');
const uint32 = (n: number): Uint8Array => Uint8Array.of(n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255);

const log = bytesOf(1, 16);
const draft = { log, author: bytesOf(2, 16), at: 258, on: bytesOf(3, 32) };
const hashes = { authenticator: bytesOf(4, 32), payload: bytesOf(5, 32) };
const HEADERS: Record<string, readonly [Header, string]> = {
  join: [
    {
      kind: 'join',
      log,
      author: draft.author,
      signatureKey: bytesOf(6, 32),
      keyPackage: bytesOf(7, 32),
      payload: hashes.payload,
    },
    `0101${log}${draft.author}${bytesOf(6, 32)}${bytesOf(7, 32)}${hashes.payload}`,
  ],
  leave: [{ kind: 'leave', log, author: draft.author }, `0102${log}${draft.author}`],
  found: [
    { kind: 'found', ...draft, authenticator: hashes.authenticator },
    `0103${log}${draft.author}00000102${draft.on}${hashes.authenticator}`,
  ],
  commit: [
    {
      kind: 'commit',
      ...draft,
      ...hashes,
      parent: bytesOf(8, 32),
      adds: [log],
      removes: [draft.author, log],
    },
    `0104${log}${draft.author}00000102${draft.on}${bytesOf(8, 32)}0001${log}0002${draft.author}${log}` +
      hashes.authenticator +
      hashes.payload,
  ],
  handover: [{ kind: 'handover', ...draft }, `0105${log}${draft.author}00000102${draft.on}`],
  claim: [
    { kind: 'claim', ...draft, accused: bytesOf(9, 16) },
    `0106${log}${draft.author}00000102${draft.on}${bytesOf(9, 16)}`,
  ],
};

test.each(Object.entries(HEADERS))('the bytes of a %s header', (_, [header, bytes]) => {
  expect(hex(encodeHeader(header))).toBe(bytes);
});

test('the hashes of a log', () => {
  const origin = originOf(log);
  expect(origin).toBe(sha256(utf8('DC 1.0 log\0'), unhex(log)));
  expect(origin).toBe('179fbbb854b7544c850276a2228168e181bf5bcf14efed79dce18a4bcc523c72');
  const header = encodeHeader(HEADERS['commit']![0]);
  const signature = new Uint8Array(64).fill(10);
  const entry = { header, signature, payload: NOTHING };
  const after = nextHash(origin, entry);
  expect(after).toBe(
    sha256(utf8('DC 1.0 entry\0'), unhex(origin), uint32(header.length), header, uint32(64), signature),
  );
  expect(after).toBe('0fa975458f2a60a39e62cb046a1981977fa423ee75f18a08d01526394818a3b5');
  expect(nextHash(origin, { ...entry, signature: NOTHING })).not.toBe(after);
  // "The payload by the digest in the header": it is no part of the hash itself.
  expect(nextHash(origin, { ...entry, payload: header })).toBe(after);
  expect(commitIdOf(header)).toBe(sha256(utf8('DC 1.0 commit\0'), header));
  expect(commitIdOf(header)).toBe('453f9152aa28c0c8a1fd4b2c55b6c12f190289bab92f937229a7e4016254475c');
});

// "the MLS group id (bound to the room and the founding entry)"
test('the MLS group id of a founding', () => {
  const room = bytesOf(11, 32);
  const id = hex(groupIdOf(room, draft));
  const parts = [unhex(room), unhex(log), unhex(draft.author), uint32(258), unhex(draft.on)];
  expect(id).toBe(sha256(utf8('DC 1.0 group\0'), ...parts));
  expect(id).toBe('7938a6637e3c32055dc758f3a75de219cbd6e53b1e3466fbf21f7df201ed3a27');
  const others = [
    groupIdOf(log + log, draft),
    groupIdOf(room, { ...draft, at: 259 }),
    groupIdOf(room, { ...draft, log: draft.author }),
    groupIdOf(room, { ...draft, author: log }),
    groupIdOf(room, { ...draft, on: room }),
  ];
  expect(new Set([id, ...others.map((it) => hex(it))]).size).toBe(6);
});

// "The secret seeds the invite key (Ed25519); the room's id is the hash of its public key"
test('what a link gives', () => {
  const secret = Uint8Array.from({ length: 32 }, (_, i) => i);
  const invite = inviteOf(secret);
  const derive = (label: string): Uint8Array =>
    new Uint8Array(hkdfSync('sha256', secret, NOTHING, utf8(label), 32));
  expect(invite.seed).toEqual(derive('DC 1.0 invite key'));
  expect(invite.nameKey).toEqual(derive('DC 1.0 name key'));
  expect(invite.room).toBe(sha256(utf8('DC 1.0 room\0'), unhex(invite.key)));
  expect(invite.room).toBe(roomOf(unhex(invite.key)));
  expect({ key: invite.key, room: invite.room, nameKey: hex(invite.nameKey) }).toEqual({
    key: 'e58231747b017f8c72f005bb57c6f90c8db274695484522c0ac3ee058323e9a9',
    room: 'dd3d08d1fd4ec162e93e76ab6bdd38f0829c843decfaf230b1fafc8bc9202f5a',
    nameKey: 'fcbb5a9702d1dd9fc90917701020ad374bbe9bd112dd409d98b8daaaeffcd0f4',
  });
  for (const length of [0, 31, 33, 64]) expect(() => inviteOf(new Uint8Array(length))).toThrow(RangeError);
});

/** An Ed25519 seed in PKCS #8 (RFC 8410, section 7). */
const privateKey = (seed: Uint8Array) =>
  createPrivateKey({
    key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]),
    format: 'der',
    type: 'pkcs8',
  });

// RFC 8032: node:crypto signs the same bytes with the same seed to the same signature.
test('the signature of a header', () => {
  const header = encodeHeader(HEADERS['claim']![0]);
  const signature = signWithSeed(seedOf(12), header);
  expect(hex(signature)).toBe(sign(null, signedContent(header), privateKey(seedOf(12))).toString('hex'));
  const spki = createPublicKey(privateKey(seedOf(12))).export({ format: 'der', type: 'spki' });
  expect(keyOf(12)).toBe(spki.subarray(-32).toString('hex'));
  expect(digest(signature)).toBe('687eaf55aa555b5e52ce8185cdeb1a5bd25a1ac6fda57db411c0b46f3e83fdf8');
  expect(signedContent(header)).toEqual(new Uint8Array([...utf8('DC 1.0 header\0'), ...header]));
});
