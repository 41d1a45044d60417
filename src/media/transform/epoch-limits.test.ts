/** How far an epoch change may stretch, to the millisecond, and what is told of what comes later. */
import { describe, expect, it } from 'vitest';
import { MAX_EPOCHS, REORDER_MS, REPLAY_WINDOW, RETENTION_MS } from '../sframe/limits.ts';
import { epochInput } from '../sframe/testing.ts';
import { HOLD_MS, MAX_HELD_FRAMES } from './limits.ts';
import { drained, plainFrame, startClock, startWorker, type Track, type Worker } from './testing.ts';
import { type SlotReport } from './types.ts';

const alice = 0;
const bob = 1;
const carol = 2;
const audio = { kind: 'audio', slot: 1 } as const;

interface Pair {
  readonly sender: Worker;
  readonly receiver: Worker;
  readonly outgoing: Track;
  readonly incoming: Track;
  /** Protects frames; gives them as they go over the network. */
  readonly protect: (frames: number) => Promise<Uint8Array<ArrayBuffer>[]>;
  /** Has frames arrive; gives how many came out. */
  readonly arrive: (wires: readonly Uint8Array<ArrayBuffer>[]) => Promise<number>;
  readonly slot: () => SlotReport;
}

/** Alice sends to Bob, both in epoch 1, on one clock. */
async function pair(): Promise<Pair> {
  const clock = startClock();
  const [sender, receiver] = [startWorker(clock), startWorker(clock)];
  const outgoing = sender.attach({ ...audio, direction: 'send' });
  const incoming = receiver.attach({ ...audio, direction: 'receive' });
  await sender.media.setEpoch(epochInput(alice, 1));
  await receiver.media.setEpoch(epochInput(bob, 1));
  const protect = async (frames: number) => {
    for (let number = 0; number < frames; number += 1) await outgoing.push(plainFrame(number));
    return outgoing.out.splice(0);
  };
  const arrive = async (wires: readonly Uint8Array<ArrayBuffer>[]) => {
    for (const wire of wires) await incoming.push(wire);
    return incoming.out.splice(0).length;
  };
  return {
    sender,
    receiver,
    outgoing,
    incoming,
    protect,
    arrive,
    slot: () => receiver.media.stats().slots[0]!,
  };
}

describe('the limits of an epoch change', () => {
  it('a sender that reads the log late is heard for RETENTION_MS, then told as in an older epoch, and heals by itself', async () => {
    const { sender, receiver, protect, arrive, slot } = await pair();
    await receiver.media.setEpoch(epochInput(bob, 2));
    let opened = 0;
    const steps = 10;
    for (let step = 0; step < steps; step += 1) {
      opened += await arrive(await protect(5));
      receiver.pass(RETENTION_MS / steps - 1);
    }
    receiver.pass(steps - 1);
    opened += await arrive(await protect(5));
    expect(opened).toBe(5 * (steps + 1));
    receiver.pass(1);
    // The keys went by the clock, and no frame was needed for that.
    expect(receiver.media.stats().epochs).toBe(1);
    expect(await arrive(await protect(5))).toBe(0);
    receiver.pass(501);
    expect(await arrive(await protect(5))).toBe(0);
    expect(slot()).toMatchObject({ state: 'older epoch', counters: { 'older epoch': 10, open: 55 } });
    await sender.media.setEpoch(epochInput(alice, 2));
    expect(await arrive(await protect(5))).toBe(5);
    expect(slot().state).toBe('open');
    console.log(`a late sender: ${opened} opened within ${RETENTION_MS} ms, 10 refused after it`);
  });

  it('frames overtaken by newer ones open for REORDER_MS, those of a receiver that reads late for HOLD_MS', async () => {
    const one = await pair();
    const [first, second] = [await one.protect(5), await one.protect(5)];
    for (const [own, { media }] of [one.sender, one.receiver].entries())
      await media.setEpoch(epochInput(own, 2));
    expect(await one.arrive(await one.protect(1))).toBe(1);
    one.receiver.pass(REORDER_MS);
    expect(await one.arrive(first)).toBe(5);
    one.receiver.pass(1);
    expect(await one.arrive(second)).toBe(0);
    expect(one.slot().counters).toMatchObject({ open: 6, 'older epoch': 5 });

    const counts: number[] = [];
    for (const late of [HOLD_MS, HOLD_MS + 1]) {
      const other = await pair();
      await other.sender.media.setEpoch(epochInput(alice, 2));
      await other.arrive(await other.protect(MAX_HELD_FRAMES));
      other.receiver.pass(late);
      await other.receiver.media.setEpoch(epochInput(bob, 2));
      await drained(other.receiver);
      counts.push(other.incoming.out.length, other.slot().counters['newer epoch']);
    }
    console.log(`a receiver late by ${HOLD_MS} ms, and 1 ms more: opened and dropped ${counts.join(', ')}`);
    expect(counts).toEqual([MAX_HELD_FRAMES, 0, 0, MAX_HELD_FRAMES]);
  });

  it('a joiner loses nothing of the epoch that it is let in to, and opens nothing of those before', async () => {
    const { sender, receiver, protect, arrive } = await pair();
    const joiner = startWorker();
    const track = joiner.attach({ ...audio, direction: 'receive' });
    const before = await protect(5);
    await sender.media.setEpoch(epochInput(alice, 2));
    const since = await protect(5);
    for (const wire of [...before, ...since]) await track.push(wire);
    expect(joiner.media.stats().slots[0]).toMatchObject({ state: 'no key yet', held: 10 });
    joiner.pass(HOLD_MS);
    await joiner.media.setEpoch(epochInput(carol, 2));
    await drained(joiner);
    expect(track.out).toHaveLength(5);
    expect(joiner.media.stats().slots[0]).toMatchObject({
      state: 'open',
      held: 0,
      counters: { 'older epoch': 5, open: 5, 'no key yet': 0 },
    });
    await receiver.media.setEpoch(epochInput(bob, 2));
    expect(await arrive([...before, ...since])).toBe(10);
  });

  it(`${MAX_EPOCHS - 1} commits in a row lose no frame of any of them, one more loses the oldest epoch's`, async () => {
    const { sender, receiver, protect, arrive, slot } = await pair();
    const wires = await protect(1);
    for (let epoch = 2; epoch <= MAX_EPOCHS + 1; epoch += 1) {
      await sender.media.setEpoch(epochInput(alice, epoch));
      wires.push(...(await protect(1)));
      await receiver.media.setEpoch(epochInput(bob, epoch));
    }
    expect(await arrive(wires)).toBe(MAX_EPOCHS);
    expect(slot().counters).toMatchObject({ open: MAX_EPOCHS, 'older epoch': 1 });
  });

  it("a removed member's frames are refused from the merge on, also those sent before it; the others' in flight open", async () => {
    const { sender, receiver, protect, arrive, slot } = await pair();
    const dave = startWorker();
    const theirs = dave.attach({ ...audio, direction: 'send' });
    const fromDave = receiver.attach({ ...audio, slot: 2, direction: 'receive' });
    await dave.media.setEpoch(epochInput(3, 1));
    for (let number = 0; number < 5; number += 1) await theirs.push(plainFrame(number));
    const [fromAlice, inFlight] = [await protect(5), theirs.out.splice(0)];
    await fromDave.push(inFlight[0]!);
    expect(fromDave.out).toHaveLength(1);

    await receiver.media.setEpoch(epochInput(bob, 2, { leaves: [0, 1, 2] }));
    for (const wire of inFlight.slice(1)) await fromDave.push(wire);
    expect(fromDave.out).toHaveLength(1);
    expect(receiver.media.stats().slots[1]!.counters).toMatchObject({ open: 1, 'older epoch': 4 });
    expect(await arrive(fromAlice)).toBe(5);

    // Its own keys go with the commit that removes it. What it kept of them opens nothing of what comes later.
    await sender.media.setEpoch(epochInput(alice, 2, { leaves: [0, 1, 2] }));
    const later = await protect(5);
    const eavesdropping = dave.attach({ ...audio, direction: 'receive' });
    for (const wire of later) await eavesdropping.push(wire);
    dave.media.clear();
    for (const wire of later) await eavesdropping.push(wire);
    for (let number = 0; number < 5; number += 1) await theirs.push(plainFrame(number));
    expect([eavesdropping.out.length, theirs.out.length, dave.media.stats().epochs]).toEqual([0, 0, 0]);
    expect(slot().counters.open).toBe(5);
  });

  it('frames of a forked epoch are counted and shown, lost ones are not, and gaps of any size change nothing', async () => {
    const { receiver, protect, arrive, slot } = await pair();
    // A third is lost, then many more than the replay window holds.
    const sent = await protect(60);
    expect(await arrive(sent.filter((_, index) => index % 3 !== 0))).toBe(40);
    const gap = 3 * REPLAY_WINDOW;
    await protect(gap);
    expect(await arrive(await protect(10))).toBe(10);
    expect(slot()).toMatchObject({
      state: 'open',
      counters: { open: 50, 'forged or forked': 0, replayed: 0 },
    });
    // Each again, and again out of order.
    const again = sent.filter((_, index) => index % 3 !== 0);
    expect(await arrive([...again, ...again.reverse()])).toBe(0);
    expect(slot().counters).toMatchObject({ open: 50, replayed: 80 });

    const fork = startWorker();
    const forked = fork.attach({ ...audio, direction: 'send' });
    await fork.media.setEpoch(epochInput(alice, 1, { secret: 99 }));
    for (let number = 0; number < 30; number += 1) await forked.push(plainFrame(number));
    receiver.pass(501);
    expect(await arrive(forked.out)).toBe(0);
    expect(slot()).toMatchObject({
      state: 'forged or forked',
      counters: { 'forged or forked': 30, open: 50 },
    });
    expect(await arrive(await protect(1))).toBe(1);
    expect(slot().state).toBe('open');
    console.log(`lost ${20 + gap} frames: no trace; forked: 30 of 30 told; replayed: 80 of 80 told`);
  });
});
