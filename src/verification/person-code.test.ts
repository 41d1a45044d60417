import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { PERSON_CODE_LABEL, personCode, SAFETY_CODE_LABEL, SHORT_GROUPS } from './index.ts';

const key = Uint8Array.from({ length: 32 }, (_, i) => i);

describe('person code', () => {
  it('is eight groups of five digits, 132 bits, by the documented arithmetic', () => {
    const label = Buffer.from(PERSON_CODE_LABEL);
    const digest = createHash('sha512')
      .update(Buffer.of(label.length))
      .update(label)
      .update(Buffer.of(32))
      .update(key)
      .digest();
    const groups = Array.from({ length: 8 }, (_, group) =>
      String(digest.readUIntBE(group * 5, 5) % 100_000).padStart(5, '0'),
    );
    expect(personCode(key)).toEqual({ groups, text: groups.join(' '), bits: 132 });
    expect(SHORT_GROUPS).toBeLessThan(groups.length);
    expect(PERSON_CODE_LABEL).not.toBe(SAFETY_CODE_LABEL);
  });

  it('changes with each bit of the key', () => {
    const codes = new Set([personCode(key).text]);
    for (let bit = 0; bit < 256; bit++)
      codes.add(personCode(key.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte))).text);
    expect(codes.size).toBe(257);
  });

  it('is refused for what is no key', () => {
    for (const length of [0, 31, 33, 64])
      expect(() => personCode(new Uint8Array(length))).toThrow(RangeError);
  });
});
