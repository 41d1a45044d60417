import { ed25519 } from '@noble/curves/ed25519.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeContent, encodeContent } from './content.ts';
import { plainText } from './text.ts';
import { MESSAGE_REFUSALS } from './errors.ts';
import { MESSAGE_LIMITS } from './limits.ts';
import { associatedData, encodeHeader, encodePlaintext, newNonce, signedContent } from './sealed.ts';
import { keyOf, Member, scene, TestClock } from './testing.ts';
import { concat, utf8 } from '../protocol/wire/bytes.ts';

/** Seals as a member may who has the key and does not follow the protocol. */
async function forged(
  key: Uint8Array,
  options: {
    sender: Member;
    signer: Member;
    epoch?: bigint;
    counter?: number;
    text?: string;
    signedAs?: Member;
    sealedFor?: string;
  },
): Promise<Uint8Array> {
  const {
    sender,
    signer,
    epoch = 0n,
    counter = 7,
    text = 'I am somebody else',
    signedAs = sender,
    sealedFor = 'group',
  } = options;
  const groupId = utf8('group');
  const content = utf8(text);
  const signature = ed25519.sign(
    signedContent(groupId, { epoch, sender: signedAs.id, counter }, content),
    signer.seed,
  );
  const nonce = newNonce();
  const header = encodeHeader({ epoch, sender: sender.id, counter }, nonce);
  const imported = await crypto.subtle.importKey('raw', new Uint8Array(key), 'AES-GCM', false, ['encrypt']);
  const ciphertext = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv: nonce, additionalData: associatedData(header, utf8(sealedFor)) },
    imported,
    encodePlaintext(signature, content),
  );
  return concat(header, new Uint8Array(ciphertext));
}

describe('somebody else', () => {
  test('a member with all the keys cannot speak in another one’s name', async () => {
    const { people } = scene(['anna', 'ben', 'mallory']);
    const [anna, ben, mallory] = people as [Member, Member, Member];
    const key = keyOf('group', 0n);
    // Her tools are good: under her own name it is heard.
    expect(await ben.hears(mallory, await forged(key, { sender: mallory, signer: mallory }))).toContain(
      'else',
    );
    const inAnnasName = [
      await forged(key, { sender: anna, signer: mallory }),
      await forged(key, { sender: anna, signer: mallory, signedAs: mallory }),
    ];
    for (const bytes of inAnnasName) {
      expect(await ben.hears(anna, bytes)).toBe('bad_signature');
      expect(await ben.hears(mallory, bytes)).toBe('wrong_sender');
    }
    // Nor does she move Anna's count on.
    expect(await ben.hears(anna, await anna.says('it is me'))).toContain('it is me');

    // Nor does what was sealed for another group open in this one, with the same key and her own signature.
    const elsewhere = await forged(key, { sender: anna, signer: anna, counter: 5, sealedFor: 'other' });
    expect(await ben.hears(anna, elsewhere)).toBe('not_opened');

    // What Anna said is not said again as another epoch's, another group's or another count's.
    const signature = (epoch: bigint, group: string): Uint8Array =>
      anna.sign(signedContent(utf8(group), { epoch, sender: anna.id, counter: 1 }, utf8('yes')));
    for (const [epoch, group] of [
      [1n, 'group'],
      [0n, 'other'],
    ] as const) {
      const nonce = newNonce();
      const header = encodeHeader({ epoch: 0n, sender: anna.id, counter: 1 }, nonce);
      const imported = await crypto.subtle.importKey('raw', new Uint8Array(key), 'AES-GCM', false, [
        'encrypt',
      ]);
      const additionalData = associatedData(header, utf8('group'));
      const sealed = await crypto.subtle.encrypt(
        { name: 'AES-GCM', iv: nonce, additionalData },
        imported,
        encodePlaintext(signature(epoch, group), utf8('yes')),
      );
      expect(await ben.hears(anna, concat(header, new Uint8Array(sealed)))).toBe('bad_signature');
    }
  });

  test('without the key of the epoch nobody opens, and nobody makes what opens', async () => {
    const { clock, people } = scene(['anna', 'ben']);
    const [anna, ben] = people as [Member, Member];
    const eve = new Member('eve', clock);
    const bytes = await anna.says('secret');
    // Eve has every key but the right one: those of other epochs and of other groups.
    eve.enters(0n, [anna, ben, eve], 'other');
    expect(await eve.hears(anna, bytes)).toBe('not_opened');
    for (const wrong of [keyOf('group', 1n), keyOf('other', 0n), new Uint8Array(32)]) {
      const made = await forged(wrong, { sender: anna, signer: anna });
      expect(await ben.hears(anna, made)).toBe('not_opened');
    }
    // With the key, and no member: a waiting participant, or one that was removed.
    const made = await forged(keyOf('group', 0n), { sender: eve, signer: eve });
    expect(await ben.hears(eve, made)).toBe('not_member');
    expect(ben.heard).toEqual([]);
  });
});

describe('bytes', () => {
  test('no changed message opens', async () => {
    const { people } = scene(['anna', 'ben']);
    const [anna, ben] = people as [Member, Member];
    const bytes = (await anna.says('every bit counts')) as Uint8Array;
    const seen = new Map<string, number>();
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = bytes.slice();
      changed[bit >> 3] = changed[bit >> 3]! ^ (1 << (bit & 7));
      const result = await ben.hears(anna, changed);
      seen.set(result, (seen.get(result) ?? 0) + 1);
    }
    for (let length = 0; length < bytes.length; length += 1)
      expect(await ben.hears(anna, bytes.subarray(0, length))).toBe('malformed');
    console.log('changed bits:', Object.fromEntries(seen));
    expect([...seen.values()].reduce((sum, it) => sum + it, 0)).toBeGreaterThan(2_000);
    expect(ben.heard).toEqual([]);
    expect(await ben.hears(anna, bytes)).toContain('every bit counts');
  });

  test('whatever comes gets a refusal or waits, and what is good is still heard', async () => {
    const { people } = scene(['anna', 'ben'], 3n);
    const [anna, ben] = people as [Member, Member];
    const seen = new Map<string, number>();
    const shaped = fc
      .tuple(
        fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
        fc.boolean(),
        fc.nat(),
        fc.nat(3),
        fc.uint8Array({ maxLength: 40 }),
      )
      .map(([epoch, low, counter, blocks, noise]) => {
        const body = new Uint8Array(256 * blocks + 16);
        body.set(noise.subarray(0, body.length));
        return concat(
          encodeHeader({ epoch: low ? epoch % 5n : epoch, sender: anna.id, counter }, newNonce()),
          body,
        );
      });
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 400, size: 'max' }), shaped), async (bytes) => {
        const result = await ben.hears(anna, bytes);
        seen.set(result, (seen.get(result) ?? 0) + 1);
        expect([...MESSAGE_REFUSALS, 'waits']).toContain(result);
      }),
      { numRuns: 2_000, seed: 9 },
    );
    console.log('hostile messages:', Object.fromEntries(seen));
    expect([...seen.keys()]).toEqual(
      expect.arrayContaining(['malformed', 'newer_epoch', 'not_opened', 'older_epoch', 'waits']),
    );
    expect(ben.heard).toEqual([]);
    expect(await ben.hears(anna, await anna.says('still here'))).toContain('still here');
  });

  test('a flood of messages to open is cut', async () => {
    const { people } = scene(['anna', 'ben']);
    const [anna, ben] = people as [Member, Member];
    const bytes = (await anna.says('one')) as Uint8Array;
    for (let count = 0; count < MESSAGE_LIMITS.queued + 10; count += 1) ben.mailbox.receive(anna.id, bytes);
    expect(ben.refusals.filter((it) => it === 'too_many')).toHaveLength(10);
    await ben.mailbox.settled();
    expect(ben.heard).toHaveLength(1);
  });
});

describe('content', () => {
  test('a text is what was written, without what cannot be seen', () => {
    const said = (text: string) => decodeContent(encodeContent({ kind: 'chat', text }));
    expect(said('  <b>Hi</b>,\r\nyou & me 🙂\n')).toEqual({ kind: 'chat', text: '<b>Hi</b>,\nyou & me 🙂' });
    expect(plainText('a\u0000b\u001b[31m\u202Ec\u2066d\uD800')).toBe('ab[31mcd\uFFFD');
    expect(said('🙂'.repeat(MESSAGE_LIMITS.text))).not.toBeNull();
    expect(encodeContent({ kind: 'chat', text: '🙂'.repeat(MESSAGE_LIMITS.text) }).length).toBeLessThan(
      MESSAGE_LIMITS.content,
    );
    for (const odd of ['', ' \n ', '\u0000', 'x'.repeat(MESSAGE_LIMITS.text + 1)])
      expect(said(odd)).toBeNull();
  });

  test('whatever a member says is content or nothing', () => {
    let taken = 0;
    const json = fc.oneof(
      fc.json(),
      fc
        .record({ kind: fc.constantFrom('chat', 'move', '__proto__'), text: fc.anything() })
        .map((it) => JSON.stringify(it)),
      fc.string().map((text) => JSON.stringify({ kind: 'chat', text })),
    );
    fc.assert(
      fc.property(fc.oneof(json.map(utf8), fc.uint8Array()), (bytes) => {
        const content = decodeContent(bytes);
        if (content === null) return;
        taken += 1;
        if (content.kind !== 'chat') throw new Error(content.kind);
        expect(plainText(content.text)).toBe(content.text);
      }),
      { numRuns: 3_000, seed: 9 },
    );
    console.log(`${taken} of 3000 were texts`);
    expect(taken).toBeGreaterThan(300);
  });

  test('a chat of a clock of its own leaves no timer behind', () => {
    const clock = new TestClock();
    const anna = new Member('anna', clock);
    anna.enters(0n, [anna]);
    anna.enters(1n, [anna]);
    expect(clock.timers).toBe(1);
    anna.mailbox.close();
    expect(clock.timers).toBe(0);
    expect(anna.mailbox.held).toEqual({ epochs: 0, waiting: 0 });
  });
});
