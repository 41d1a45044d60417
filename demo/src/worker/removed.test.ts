/** Removal with real MLS groups and real frames: what is in flight, what the removed one keeps, and what it never gets. */
import { expect, test } from 'vitest';
import { BASE_KEY_LABEL } from '../../../src/media/sframe/index.ts';
import {
  drained,
  plainFrame,
  startClock,
  startWorker,
  type Track,
} from '../../../src/media/transform/testing.ts';
import type { MlsGroup } from '../../../src/mls/MlsGroup.ts';
import { loadMlsInNode } from '../../../src/mls/node.ts';
import { checkKeyPackage, createMlsGroup } from '../../../src/mls/wasm.ts';
import { EpochKeys } from './EpochKeys.ts';

loadMlsInNode();
const clock = startClock();
const FRAMES = 20;

/** A page as it is in a call: group, keys, a microphone, and a slot for each of the others. */
class Page {
  readonly id: string;
  readonly mls: MlsGroup;
  readonly worker = startWorker(clock);
  readonly microphone: Track;
  readonly #keys = new EpochKeys(this.worker.media);
  readonly #slots = new Map<string, Track>();
  hasKeys = false;

  constructor(id: string, others: readonly string[]) {
    this.id = id.repeat(16);
    this.mls = createMlsGroup({ participant: this.id, now: 1_795_305_600 });
    this.microphone = this.worker.attach({ direction: 'send', kind: 'audio', slot: 'microphone' });
    for (const other of others)
      this.#slots.set(
        other.repeat(16),
        this.worker.attach({ direction: 'receive', kind: 'audio', slot: other }),
      );
  }

  /** What the worker of the page does after each step. */
  async step(hasKeys = true): Promise<void> {
    this.hasKeys = hasKeys;
    await this.#keys.follow(this);
    await drained(this.worker);
  }

  /** Frames as they leave the page. */
  async speaks(frames = FRAMES): Promise<Uint8Array<ArrayBuffer>[]> {
    for (let number = 0; number < frames; number += 1) await this.microphone.push(plainFrame(number));
    return this.microphone.out.splice(0);
  }

  /** How many of the frames of `sender` come out here. */
  async hears(sender: Page, wires: readonly Uint8Array<ArrayBuffer>[]): Promise<number> {
    const slot = this.#slots.get(sender.id)!;
    for (const wire of wires) await slot.push(wire);
    return slot.out.splice(0).length;
  }
}

test('who was removed opens nothing later and sends nothing more; what the others had in flight is not lost', async () => {
  const [anna, ben, carol] = [
    new Page('aa', ['bb', 'cc']),
    new Page('bb', ['aa', 'cc']),
    new Page('cc', ['aa', 'bb']),
  ] as const;
  const all = [anna, ben, carol];
  anna.mls.found(Uint8Array.of(1));
  anna.mls.merge();
  const { welcome } = anna.mls.commit([ben.mls.keyPackage, carol.mls.keyPackage], [], false);
  anna.mls.merge();
  for (const page of [ben, carol]) page.mls.welcome(welcome);
  for (const page of all) await page.step();

  // Frames of everybody are in flight; Anna removes Carol; Ben reads it later than Anna, Carol last.
  const early = { anna: await anna.speaks(), ben: await ben.speaks(), carol: await carol.speaks() };
  const { commit } = anna.mls.commit([], [carol.id], true);
  anna.mls.merge();
  await anna.step();
  const since = await anna.speaks();
  const stillOld = await ben.speaks();
  expect(await anna.hears(ben, [...early.ben, ...stillOld])).toBe(2 * FRAMES);
  expect(await anna.hears(carol, early.carol)).toBe(0);
  // Ben has not read it: for him Carol is still in the call, and what Anna sends already waits.
  expect(await ben.hears(carol, early.carol.slice(0, 5))).toBe(5);
  expect(await ben.hears(anna, [...early.anna, ...since])).toBe(FRAMES);
  ben.mls.process(commit, { committer: anna.id, adds: [], removes: [carol.id], path: true });
  await ben.step();
  expect(await ben.hears(anna, [])).toBe(FRAMES);
  expect(await ben.hears(carol, early.carol.slice(5))).toBe(0);

  // Carol with all the keys that she ever had, before she reads that she was removed: a device that was seized.
  const later = { anna: [...since, ...(await anna.speaks())], ben: await ben.speaks() };
  expect(() =>
    carol.mls.process(commit, { committer: anna.id, adds: [], removes: [carol.id], path: true }),
  ).toThrow('removed');
  expect(carol.mls.epoch).toBe(1n);
  expect(await carol.hears(anna, later.anna)).toBe(0);
  expect(await carol.hears(ben, later.ben)).toBe(0);
  const kept = carol.mls.exportSecret(BASE_KEY_LABEL, new Uint8Array(), 16);
  expect(kept).not.toEqual(anna.mls.exportSecret(BASE_KEY_LABEL, new Uint8Array(), 16));
  // And with its old key under the number of the new epoch, it is told from a late frame.
  const forger = startWorker(clock);
  const forged = forger.attach({ direction: 'send', kind: 'audio', slot: 0 });
  const members = anna.mls.roster;
  await forger.media.setEpoch({
    groupId: anna.mls.groupId,
    epoch: 2n,
    baseKey: kept,
    ownLeafIndex: 0,
    members,
  });
  for (let number = 0; number < FRAMES; number += 1) await forged.push(plainFrame(number));
  expect(await ben.hears(anna, forged.out)).toBe(0);
  const slotOf = (page: Page, name: string) =>
    page.worker.media.stats().slots.find(({ slot }) => slot === name)!.counters;
  expect(slotOf(ben, 'aa')['forged or forked']).toBe(FRAMES);
  expect(slotOf(ben, 'cc')['older epoch']).toBe(FRAMES - 5);

  // Carol reads it: her keys are gone, and nothing leaves her page.
  await carol.step(false);
  expect(carol.worker.media.stats()).toMatchObject({ epoch: null, epochs: 0 });
  expect(await carol.speaks()).toEqual([]);
  expect(await carol.hears(anna, later.anna)).toBe(0);

  // She comes back as a new participant at her old leaf. Frames of her time before do not become its own.
  const dave = new Page('dd', ['aa', 'bb']);
  const { hash } = checkKeyPackage(dave.mls.keyPackage);
  const added = anna.mls.commit([dave.mls.keyPackage], [], false);
  anna.mls.merge();
  const adds = [{ participant: dave.id, keyPackageHash: hash }];
  ben.mls.process(added.commit, { committer: anna.id, adds, removes: [], path: false });
  dave.mls.welcome(added.welcome);
  expect(dave.mls.ownLeafIndex).toBe(2);
  for (const page of [anna, ben, dave]) await page.step();
  expect(await ben.hears(carol, early.carol)).toBe(0);
  expect(await dave.hears(anna, later.anna)).toBe(0);
  expect(await dave.hears(anna, await anna.speaks())).toBe(FRAMES);
  const opened = [slotOf(anna, 'bb').open, slotOf(ben, 'aa').open];
  console.log(
    `removal over real MLS: ${opened.join(' + ')} frames of members opened, 0 by or of the removed one since`,
  );
  expect(opened).toEqual([2 * FRAMES, 2 * FRAMES]);
});
