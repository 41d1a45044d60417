import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeHeader } from './header.ts';
import { encodeKid } from './kid.ts';
import { opened, ringsAt, sealed, seeded } from './testing.ts';

const REFUSALS = ['older epoch', 'newer epoch', 'forged or forked', 'malformed'];

describe('hostile frames', () => {
  it('get a refusal, never an exception', async () => {
    const [receiver] = await ringsAt(1, 1);
    const seen = new Map<string, number>();
    const shaped = fc
      .tuple(
        fc.nat(7),
        fc.nat(5),
        fc.nat(80),
        fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
        fc.uint8Array({ maxLength: 64, size: 'max' }),
      )
      .map(([context, leaf, epoch, ctr, rest]) =>
        Uint8Array.of(...encodeHeader({ kid: encodeKid(context, leaf, BigInt(epoch)), ctr }), ...rest),
      );
    const bytes = fc.oneof(fc.uint8Array({ maxLength: 64, size: 'max' }), shaped);
    await fc.assert(
      fc.asyncProperty(bytes, async (frame) => {
        const result = await opened(receiver!, new Uint8Array(frame));
        seen.set(result, (seen.get(result) ?? 0) + 1);
        expect(REFUSALS).toContain(result);
      }),
      seeded('hostile frames', 2_000),
    );
    console.log('hostile frames:', Object.fromEntries(seen));
    expect([...seen.keys()].sort()).toEqual([...REFUSALS].sort());
  });

  it('no changed frame opens', async () => {
    const [sender, receiver] = await ringsAt(1, 0, 1);
    const frame = await sealed(sender!, 'a frame whose every bit counts');
    let changed = 0;
    await fc.assert(
      fc.asyncProperty(fc.nat(frame.length - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
        const copy = frame.slice();
        copy[at] = (copy[at] ?? 0) ^ by;
        expect(REFUSALS).toContain(await opened(receiver!, copy));
        changed += 1;
      }),
      seeded('changed frames', 500),
    );
    for (let length = 0; length < frame.length; length += 1) {
      expect(await opened(receiver!, frame.slice(0, length))).not.toContain(':');
    }
    console.log(`changed frames: ${changed} changes, ${frame.length} cuts`);
    expect(changed).toBe(500);
    expect(await opened(receiver!, frame)).toContain('alice: ');
  });
});
