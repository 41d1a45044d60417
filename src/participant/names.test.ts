import { describe, expect, test } from 'vitest';
import { LIMITS } from '../protocol/limits.ts';
import { NAME_LIMIT, openName, sealName } from './names.ts';

const KEY = new Uint8Array(32).fill(1);
const [ALICE, BOB] = ['0a'.repeat(16), '0b'.repeat(16)];

// "it and a display name travel encrypted to who has the link"
describe('a sealed name', () => {
  test.each(['Ada', 'Grace Hopper', '', '名前 🧑🏽‍🚀', '  spaces around  '])(
    '“%s” opens for who has the link',
    async (name) => {
      const sealed = await sealName(KEY, ALICE, name);
      expect(await openName(KEY, ALICE, sealed)).toBe(name.trim());
    },
  );

  test('opens for nobody else, not for another participant, and not when it was touched', async () => {
    const sealed = await sealName(KEY, ALICE, 'Ada');
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
    const sealed = await sealName(KEY, ALICE, '🚀'.repeat(500));
    expect(sealed.length).toBeLessThanOrEqual(LIMITS.sealed);
    expect(await openName(KEY, ALICE, sealed)).toBe('🚀'.repeat(NAME_LIMIT));
  });

  test('two of one name differ', async () => {
    expect(await sealName(KEY, ALICE, 'Ada')).not.toEqual(await sealName(KEY, ALICE, 'Ada'));
  });
});
