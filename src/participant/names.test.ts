import { describe, expect, test } from 'vitest';
import { LIMITS } from '../protocol/limits.ts';
import { concat, utf8, Writer } from '../protocol/wire/bytes.ts';
import { displayName, NAME_LIMIT, openName, sealName } from './names.ts';

const KEY = new Uint8Array(32).fill(1);
const [ALICE, BOB] = ['0a'.repeat(16), '0b'.repeat(16)];
const PROOF = new Uint8Array(161).fill(7);

/** Seals anything at all, as somebody with the link may. */
async function sealPlain(plain: Uint8Array): Promise<Uint8Array> {
  const iv = new Uint8Array(12).fill(3);
  const additionalData = Uint8Array.from(utf8(`DC 1.0 person ${ALICE}`));
  const key = await crypto.subtle.importKey('raw', KEY, 'AES-GCM', false, ['encrypt']);
  const sealed = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv, additionalData },
    key,
    Uint8Array.from(plain),
  );
  return concat(iv, new Uint8Array(sealed));
}

// "it and a display name travel encrypted to who has the link"
describe('a sealed name', () => {
  test.each(['Ada', 'Grace Hopper', '', '名前 🧑🏽‍🚀', '  spaces around  '])(
    '“%s” opens for who has the link, with its proof or without',
    async (name) => {
      const sealed = await sealName(KEY, ALICE, name, PROOF);
      expect(await openName(KEY, ALICE, sealed)).toEqual({ name: name.trim(), proof: PROOF });
      const bare = await sealName(KEY, ALICE, name);
      expect(await openName(KEY, ALICE, bare)).toEqual({ name: name.trim(), proof: new Uint8Array() });
    },
  );

  test('opens for nobody else, not for another participant, and not when it was touched', async () => {
    const sealed = await sealName(KEY, ALICE, 'Ada', PROOF);
    expect(await openName(new Uint8Array(32), ALICE, sealed)).toBe(null);
    expect(await openName(KEY, BOB, sealed)).toBe(null);
    for (let at = 0; at < sealed.length; at++) {
      expect(
        await openName(
          KEY,
          ALICE,
          sealed.map((byte, i) => (i === at ? byte ^ 1 : byte)),
        ),
      ).toBe(null);
      expect(await openName(KEY, ALICE, sealed.subarray(0, at))).toBe(null);
    }
    expect(await openName(KEY, ALICE, new Uint8Array(LIMITS.sealed + 1))).toBe(null);
  });

  test('the longest fits the limit of the wire, however many bytes its characters have', async () => {
    const sealed = await sealName(KEY, ALICE, '🚀'.repeat(500), PROOF);
    expect(sealed.length).toBe(12 + 4 + 256 + 4 + 161 + 16);
    expect(sealed.length).toBeLessThanOrEqual(LIMITS.sealed);
    expect((await openName(KEY, ALICE, sealed))?.name).toBe('🚀'.repeat(NAME_LIMIT));
  });

  test('has one form, whatever is typed', () => {
    const typed = ['Ada', ' Ada ', `${'a'.repeat(NAME_LIMIT - 1)} b`, '🚀'.repeat(70), '\uFEFFAda', ''];
    for (const name of typed) {
      expect(displayName(displayName(name))).toBe(displayName(name));
      expect(Array.from(displayName(name)).length).toBeLessThanOrEqual(NAME_LIMIT);
    }
    expect(displayName(`${'a'.repeat(NAME_LIMIT - 1)} b`)).toBe('a'.repeat(NAME_LIMIT - 1));
  });

  test('two of one name differ', async () => {
    expect(await sealName(KEY, ALICE, 'Ada')).not.toEqual(await sealName(KEY, ALICE, 'Ada'));
  });

  test('by somebody who does not follow the protocol is no name', async () => {
    const plain = (name: Uint8Array, proof = PROOF): Uint8Array =>
      new Writer().opaque(name).opaque(proof).bytes();
    expect(await openName(KEY, ALICE, await sealPlain(plain(utf8('Ada'))))).toEqual({
      name: 'Ada',
      proof: PROOF,
    });
    const odd: readonly Uint8Array[] = [
      utf8('Ada'),
      new Uint8Array(),
      plain(utf8('Ada')).subarray(0, -1),
      concat(plain(utf8('Ada')), Uint8Array.of(0)),
      plain(Uint8Array.of(0xff)),
      plain(utf8(' Ada')),
      plain(utf8('\uFEFFAda')),
      plain(utf8('a'.repeat(NAME_LIMIT + 1))),
      plain(utf8('a'.repeat(300))),
      Uint8Array.of(0xff, 0xff, 0xff, 0xff),
    ];
    for (const bytes of odd) expect(await openName(KEY, ALICE, await sealPlain(bytes))).toBe(null);
    expect(odd.length).toBe(10);
  });
});
