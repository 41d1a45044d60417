import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { loadMlsInNode } from '../mls/node.ts';
import * as wasm from '../mls/wasm.ts';
import { concat, hex, unhex } from '../protocol/wire/bytes.ts';
import type { WireEntry } from '../protocol/wire/hashes.ts';
import { inviteOf } from '../protocol/wire/invite.ts';
import { sealName } from './names.ts';
import { Participant } from './Participant.ts';
import { introduce, newPersonKey, personOf, type PersonKey } from './person.ts';
import { personKeyOf, provePerson, type Participation } from './personProof.ts';
import { NOW } from './testing.ts';

beforeAll(loadMlsInNode);

const invite = inviteOf(new Uint8Array(32).fill(5));
const LOG = '10'.repeat(16);
const newMls = (byte = 'aa') => wasm.createMlsGroup({ participant: byte.repeat(16), now: NOW });

/** A participation, who signs for its leaf, and a proof of it. */
async function proven(person = newPersonKey(new Uint8Array(32).fill(1)), mls = newMls()) {
  const leafKey = hex(mls.signatureKey);
  const participation: Participation = {
    room: invite.room,
    log: LOG,
    participant: mls.participant,
    leafKey,
    name: 'Ada',
  };
  const proof = await provePerson(participation, person, (content) => mls.sign(content));
  return { person, mls, participation, proof };
}

describe('a proof of the person', () => {
  test('gives the person key where all is as it was signed', async () => {
    const { person, participation, proof } = await proven();
    expect(proof).toHaveLength(161);
    expect(personKeyOf(participation, proof, wasm.verifies)).toEqual(person.publicKey);
  });

  test('proves nothing for any other participation', async () => {
    const { participation, proof } = await proven();
    const others: readonly Participation[] = [
      { ...participation, room: inviteOf(new Uint8Array(32).fill(6)).room },
      { ...participation, log: '11'.repeat(16) },
      { ...participation, participant: 'ab'.repeat(16) },
      { ...participation, leafKey: hex(newMls().signatureKey) },
      { ...participation, name: 'Ben' },
      { ...participation, name: '' },
    ];
    for (const other of others) expect(personKeyOf(other, proof, wasm.verifies)).toBe(null);
    expect(others.length).toBe(Object.keys(participation).length + 1);
  });

  test('needs both keys: neither takes the other without its word', async () => {
    const { participation, person, mls, proof } = await proven();
    const mallory = newPersonKey();
    // Mallory's person code at Ada's leaf: the leaf's signature is the one for Ada, by Mallory, or none.
    const asMallory = async (signWithLeaf: (content: Uint8Array) => Uint8Array) =>
      personKeyOf(participation, await provePerson(participation, mallory, signWithLeaf), wasm.verifies);
    expect(await asMallory((content) => mls.sign(content))).toEqual(mallory.publicKey);
    expect(await asMallory(() => proof.slice(97))).toBe(null);
    expect(await asMallory((content) => mallory.sign(content) as Uint8Array)).toBe(null);
    expect(await asMallory(() => new Uint8Array(64))).toBe(null);
    // Ada's person code at Mallory's leaf, under an id of its own, or under Ada's: the service may append that one first.
    for (const byte of ['bb', 'aa']) {
      const leaf = newMls(byte);
      const theirs = { ...participation, participant: leaf.participant, leafKey: hex(leaf.signatureKey) };
      for (const sign of [() => proof.slice(33, 97), () => new Uint8Array(64), mallory.sign]) {
        const forged: PersonKey = { publicKey: person.publicKey, sign };
        const made = await provePerson(theirs, forged, (content) => leaf.sign(content));
        expect(personKeyOf(theirs, made, wasm.verifies)).toBe(null);
      }
    }
  });

  test('with any bit changed, cut off or added proves nothing', async () => {
    const { participation, proof } = await proven();
    let tried = 0;
    for (let bit = 0; bit < proof.length * 8; bit++, tried++) {
      const odd = proof.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
      expect(personKeyOf(participation, odd, wasm.verifies)).toBe(null);
    }
    for (let length = 0; length < proof.length; length++, tried++)
      expect(personKeyOf(participation, proof.subarray(0, length), wasm.verifies)).toBe(null);
    expect(personKeyOf(participation, concat(proof, Uint8Array.of(0)), wasm.verifies)).toBe(null);
    for (let i = 0; i < 200; i++, tried++)
      expect(personKeyOf(participation, randomBytes(161), wasm.verifies)).toBe(null);
    expect(tried).toBe(161 * 9 + 200);
    console.log(`${tried} odd proofs, none of them a person`);
  });

  // Anybody signs for a key of small order: it would be a code that many share.
  test('by a key of small order proves nothing', async () => {
    const identity = concat(Uint8Array.of(1), new Uint8Array(31));
    const nobody: PersonKey = { publicKey: identity, sign: () => concat(identity, new Uint8Array(32)) };
    const { participation, proof } = await proven(nobody);
    expect(personKeyOf(participation, proof, wasm.verifies)).toBe(null);
  });
});

describe('the person of a join', () => {
  async function joinOf(person: PersonKey, mls = newMls(), name = '  Ada '): Promise<WireEntry> {
    const proof = await introduce(invite, LOG, mls, name, person);
    const sealedName = await sealName(invite.nameKey, mls.participant, name, proof);
    return joinWith(sealedName, mls);
  }
  const joinWith = (sealedName: Uint8Array, mls = newMls()): WireEntry =>
    new Participant({ invite, log: LOG, mls, sealedName, send: () => undefined, sendLeave: () => undefined })
      .join;

  test('is the same for every participant that it is', async () => {
    const person = newPersonKey();
    const joins = [await joinOf(person), await joinOf(person, newMls('bb'), 'Ada at home')];
    const [first, second] = await Promise.all(joins.map((join) => personOf(invite, join)));
    expect(first).toEqual({ name: 'Ada', personKey: person.publicKey });
    expect(second).toEqual({ name: 'Ada at home', personKey: person.publicKey });
    expect((await personOf(invite, await joinOf(newPersonKey()))).personKey).not.toEqual(person.publicKey);
  });

  test('has a name without a code, where there is no proof or a bad one', async () => {
    const id = 'aa'.repeat(16);
    for (const proof of [new Uint8Array(), new Uint8Array(161), Uint8Array.of(2), (await proven()).proof]) {
      const sealed = await sealName(invite.nameKey, id, 'Ben', proof);
      expect(await personOf(invite, joinWith(sealed))).toEqual({ name: 'Ben', personKey: null });
    }
    expect(await personOf(invite, joinWith(new Uint8Array(100)))).toEqual({ name: '', personKey: null });
    expect(await personOf(inviteOf(new Uint8Array(32)), await joinOf(newPersonKey()))).toEqual({
      name: '',
      personKey: null,
    });
  });

  test('has no code where there is no core to ask', async () => {
    const join = await joinOf(newPersonKey());
    const other = newMls('cc');
    vi.spyOn(crypto, 'getRandomValues').mockImplementation(() => {
      throw new Error('no entropy');
    });
    expect(() => newMls('dd')).toThrow('dead_instance');
    vi.restoreAllMocks();
    expect(() => other.hasGroup).toThrow('dead_instance');
    expect(await personOf(invite, join)).toEqual({ name: 'Ada', personKey: null });
    loadMlsInNode();
    expect((await personOf(invite, join)).personKey).not.toBe(null);
  });
});

test('a person key of a seed is that of RFC 8032, and fresh ones differ', async () => {
  const seed = unhex('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60');
  const { publicKey, sign } = newPersonKey(seed);
  expect(hex(publicKey)).toBe('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a');
  expect(wasm.verifies(publicKey, Uint8Array.of(1), await sign(Uint8Array.of(1)))).toBe(true);
  expect(newPersonKey().publicKey).not.toEqual(newPersonKey().publicKey);
});
