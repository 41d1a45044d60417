import { describe, expect, it } from 'vitest';
import { KeyRing } from './key-ring.ts';
import { MAX_EPOCHS, REORDER_MS, RETENTION_MS } from './limits.ts';
import { AES_128_GCM_SHA256_128, AES_256_GCM_SHA512_128 } from './suites.ts';
import { epochInput, opened, ringsAt, sealed } from './testing.ts';

const none = new Uint8Array(0);
const alice = 0;
const bob = 1;
const carol = 2;

async function two(epoch = 1): Promise<[KeyRing, KeyRing]> {
  const [first, second] = await ringsAt(epoch, alice, bob);
  return [first!, second!];
}

describe('key ring', () => {
  it('opens what another member protected, in both suites, and names the sender', async () => {
    for (const suite of [AES_128_GCM_SHA256_128, AES_256_GCM_SHA512_128]) {
      const sender = new KeyRing(suite);
      const receiver = new KeyRing(suite);
      await sender.setEpoch(epochInput(alice, 5, { suite }), 0);
      await receiver.setEpoch(epochInput(bob, 5, { suite }), 0);
      expect(await opened(receiver, await sealed(sender, 'hello'))).toBe('alice: hello');
    }
  });

  it('protects and opens nothing before the first epoch and after clear()', async () => {
    const ring = new KeyRing(AES_128_GCM_SHA256_128);
    const [sender, receiver] = await two();
    expect(await ring.protect(0, none, none)).toEqual({ ok: false, refusal: 'no key yet' });
    expect(await opened(ring, await sealed(sender, 'x'))).toBe('no key yet');
    const inFlight = sealed(sender, 'y');
    sender.clear();
    await expect(inFlight).rejects.toThrow('no key yet');
    const frame = new Uint8Array(await sealed((await two())[0], 'z'));
    receiver.clear();
    expect(await opened(receiver, frame)).toBe('no key yet');
    expect(receiver.size).toBe(0);
  });

  it('authenticates metadata and header', async () => {
    const [sender, receiver] = await two();
    const metadata = Uint8Array.of(1, 2, 3);
    const result = await sender.protect(0, Uint8Array.of(9), metadata);
    if (!result.ok) throw new Error(result.refusal);
    const open = async (meta: Uint8Array) => receiver.open(result.bytes, meta, 0);
    expect(await open(Uint8Array.of(1, 2, 4))).toEqual({ ok: false, refusal: 'forged or forked' });
    expect(await open(metadata)).toMatchObject({ ok: true, bytes: Uint8Array.of(9) });
  });

  it('refuses replays, wrong keys, strangers, and its own frames thrown back', async () => {
    const [sender, receiver] = await two();
    const frame = await sealed(sender, 'once');
    expect(await opened(receiver, frame)).toBe('alice: once');
    expect(await opened(receiver, frame)).toBe('replayed');
    expect(await opened(sender, frame)).toBe('forged or forked');

    const forked = new KeyRing(AES_128_GCM_SHA256_128);
    await forked.setEpoch(epochInput(alice, 1, { secret: 99 }), 0);
    expect(await opened(receiver, await sealed(forked, 'fork'))).toBe('forged or forked');

    const stranger = new KeyRing(AES_128_GCM_SHA256_128);
    await stranger.setEpoch(epochInput(9, 1, { leaves: [9] }), 0);
    expect(await opened(receiver, await sealed(stranger, 'boo'))).toBe('forged or forked');
  });

  it('lets one of two copies through when they race', async () => {
    const [sender, receiver] = await two();
    const frame = await sealed(sender, 'race');
    const results = await Promise.all([1, 2, 3, 4].map(async () => opened(receiver, frame)));
    expect(results.sort()).toEqual(['alice: race', 'replayed', 'replayed', 'replayed']);
  });

  it('a forged frame with a high counter does not move the window', async () => {
    const [sender, receiver] = await two();
    const frames = [];
    for (let count = 0; count < 3; count += 1) frames.push(await sealed(sender, `${count}`));
    const forged = Uint8Array.of(0x0f, 255, 255, 255, 255, 255, 255, 255, 255, ...new Uint8Array(20));
    expect(await opened(receiver, forged)).not.toContain(':');
    const results = await Promise.all(frames.map(async (frame) => opened(receiver, frame)));
    expect(results).toEqual(['alice: 0', 'alice: 1', 'alice: 2']);
  });

  it('loses no frame across an epoch change with reordering', async () => {
    const [sender, receiver] = await two(1);
    const frames: Uint8Array<ArrayBuffer>[] = [];
    for (let count = 0; count < 40; count += 1) {
      if (count === 20) await sender.setEpoch(epochInput(alice, 2), 0);
      frames.push(await sealed(sender, `${count}`));
    }
    await receiver.setEpoch(epochInput(bob, 2), 0);
    // A fixed shuffle of all 40: 7 and 40 have no common divisor.
    const order = frames.map((_, index) => (index * 7 + 3) % frames.length);
    const results = await Promise.all(
      order.map(async (index) => opened(receiver, frames[index]!, REORDER_MS)),
    );
    expect(results.filter((result) => result.startsWith('alice: ')).length).toBe(40);
    expect(new Set(results).size).toBe(40);
  });

  it('tells older from newer epochs', async () => {
    const [sender, receiver] = await two(1);
    const old = await sealed(sender, 'old');
    await sender.setEpoch(epochInput(alice, 2), 0);
    expect(await opened(receiver, await sealed(sender, 'new'))).toBe('newer epoch');
    const late = new KeyRing(AES_128_GCM_SHA256_128);
    await late.setEpoch(epochInput(carol, 2), 0);
    expect(await opened(late, old)).toBe('older epoch');
  });

  it('keeps an old epoch for RETENTION_MS, and shorter once its sender was heard in the newer one', async () => {
    const [sender, receiver] = await two(1);
    const old: Uint8Array<ArrayBuffer>[] = [];
    for (let count = 0; count < 4; count += 1) old.push(await sealed(sender, `${count}`));
    await receiver.setEpoch(epochInput(bob, 2), 100);
    await sender.setEpoch(epochInput(alice, 2), 100);
    expect(await opened(receiver, old[0]!, 100 + RETENTION_MS - 1)).toBe('alice: 0');
    expect(receiver.size).toBe(2);
    expect(await opened(receiver, old[1]!, 100 + RETENTION_MS)).toBe('older epoch');
    expect(receiver.size).toBe(1);

    const [, second] = await two(1);
    await second.setEpoch(epochInput(bob, 2), 100);
    expect(await opened(second, await sealed(sender, 'new'), 200)).toBe('alice: new');
    expect(await opened(second, old[2]!, 200 + REORDER_MS)).toBe('alice: 2');
    expect(await opened(second, old[3]!, 201 + REORDER_MS)).toBe('older epoch');
  });

  it('opens nothing more under the name of a removed member, and it opens nothing later', async () => {
    const [removed, receiver] = await two(1);
    const late = await sealed(removed, 'late');
    await receiver.setEpoch(epochInput(bob, 2, { leaves: [bob, carol] }), 0);
    expect(await opened(receiver, late, 1)).toBe('older epoch');
    expect(await opened(removed, await sealed(receiver, 'secret'), 1)).toBe('newer epoch');

    // The leaf goes to somebody else: the old frames do not become the newcomer's.
    const [removedToo, other] = await two(1);
    const frame = await sealed(removedToo, 'mine');
    const input = epochInput(bob, 2);
    await other.setEpoch(
      { ...input, members: [{ leafIndex: 0, participant: 'eve' }, ...input.members.slice(1)] },
      0,
    );
    expect(await opened(other, frame, 1)).toBe('older epoch');
  });

  it('holds a bounded number of epochs, and drops all of an old founding', async () => {
    const [sender, ring] = await two(0);
    for (let epoch = 1; epoch <= 100; epoch += 1) await ring.setEpoch(epochInput(bob, epoch), 0);
    expect(ring.size).toBe(MAX_EPOCHS);
    const frame = await sealed(sender, 'x');
    await ring.setEpoch(epochInput(bob, 0, { group: 2 }), 0);
    expect(ring.size).toBe(1);
    expect(await opened(ring, frame)).toBe('forged or forked');
  });

  it('never takes an epoch twice, so that no counter repeats', async () => {
    const [, ring] = await two(7);
    const again = async (epoch: number, group = 1) => ring.setEpoch(epochInput(bob, epoch, { group }), 0);
    await expect(again(7)).rejects.toMatchObject({ code: 'epoch-not-newer' });
    await expect(again(6)).rejects.toMatchObject({ code: 'epoch-not-newer' });
    expect(await again(3, 2)).toBe(true);
    await expect(again(7)).rejects.toMatchObject({ code: 'epoch-not-newer' });
    ring.clear();
    await expect(again(3, 2)).rejects.toMatchObject({ code: 'epoch-not-newer' });
    expect(await again(4, 2)).toBe(true);
    expect(ring.currentEpoch).toBe(4n);
  });

  it('clear() wins over an epoch that is still being set', async () => {
    const ring = new KeyRing(AES_128_GCM_SHA256_128);
    const setting = ring.setEpoch(epochInput(bob, 1), 0);
    ring.clear();
    expect(await setting).toBe(false);
    expect(ring.currentEpoch).toBeUndefined();
  });

  it('refuses epochs that cannot be', async () => {
    const ring = new KeyRing(AES_128_GCM_SHA256_128);
    const good = epochInput(bob, 1);
    const member = (leafIndex: number) => ({ leafIndex, participant: `p${leafIndex}` });
    const cases: [string, object][] = [
      ['base-key-length', { baseKey: new Uint8Array(15) }],
      ['group-id-length', { groupId: none }],
      ['kid-out-of-range', { epoch: -1n }],
      ['members-invalid', { members: [] }],
      ['members-invalid', { members: [member(1), member(1)] }],
      ['members-invalid', { members: [member(1), { leafIndex: 2, participant: 'p1' }] }],
      ['members-invalid', { members: [member(1), member(1_024)] }],
      ['members-invalid', { members: [member(0)] }],
    ];
    for (const [code, change] of cases) {
      await expect(ring.setEpoch({ ...good, ...change }, 0)).rejects.toMatchObject({ code });
    }
    expect(await ring.setEpoch(good, 0)).toBe(true);
  });
});
