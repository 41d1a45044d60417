import { expect, test, vi } from 'vitest';
import { createMediaTransforms } from '../../../src/media/transform/index.ts';
import { loadMlsInNode } from '../../../src/mls/node.ts';
import { createMlsGroup } from '../../../src/mls/wasm.ts';
import { EpochKeys } from './EpochKeys.ts';

loadMlsInNode();
const member = (id: string) => createMlsGroup({ participant: id.repeat(16), now: 1_795_305_600 });

test('the keys of the media are those of the epoch of the group, each set once, and none without keys', async () => {
  const transforms = createMediaTransforms({ now: () => 0, report: () => undefined, later: () => undefined });
  const setEpoch = vi.spyOn(transforms, 'setEpoch');
  const keys = new EpochKeys(transforms);
  const [anna, ben] = [member('aa'), member('bb')];
  const standing = { id: anna.participant, mls: anna, hasKeys: false };

  await keys.follow(null);
  await keys.follow(standing);
  expect(transforms.stats().epoch).toBeNull();

  anna.found(Uint8Array.of(1));
  anna.merge();
  await keys.follow({ ...standing, hasKeys: true });
  await keys.follow({ ...standing, hasKeys: true });
  expect(transforms.stats().epoch).toBe(0n);
  expect(setEpoch).toHaveBeenCalledTimes(1);

  anna.commit([ben.keyPackage], [], false);
  anna.merge();
  await keys.follow({ ...standing, hasKeys: true });
  expect(transforms.stats()).toMatchObject({ epoch: 1n, epochs: 2 });
  // What was handed over is wiped once it was taken.
  for (const [input] of setEpoch.mock.calls) expect(input.baseKey).toEqual(new Uint8Array(16));
  expect(setEpoch.mock.lastCall?.[0].members.map(({ participant }) => participant)).toEqual([
    anna.participant,
    ben.participant,
  ]);

  await keys.follow(standing);
  expect(transforms.stats()).toMatchObject({ epoch: null, epochs: 0 });
});

test('an epoch that is refused leaves no keys of the one before', async () => {
  const transforms = createMediaTransforms({ now: () => 0, report: () => undefined, later: () => undefined });
  const keys = new EpochKeys(transforms);
  const anna = member('aa');
  anna.found(Uint8Array.of(1));
  anna.merge();
  const standing = { id: anna.participant, mls: anna, hasKeys: true };
  await keys.follow(standing);
  expect(transforms.stats().epoch).toBe(0n);

  const refusing = [
    () => vi.spyOn(transforms, 'setEpoch').mockRejectedValueOnce(new Error('setEpoch refuses')),
    () =>
      vi.spyOn(anna, 'exportSecret').mockImplementationOnce(() => {
        throw new Error('the core refuses');
      }),
  ];
  for (const [count, refuse] of refusing.entries()) {
    anna.commit([], [], true);
    anna.merge();
    refuse();
    await expect(keys.follow(standing)).rejects.toThrow('refuses');
    expect(transforms.stats()).toMatchObject({ epoch: null, epochs: 0 });
    // The next one heals it.
    anna.commit([], [], true);
    anna.merge();
    await keys.follow(standing);
    expect(transforms.stats().epoch).toBe(BigInt(2 * count + 2));
  }
});
