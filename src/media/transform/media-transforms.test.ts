import { describe, expect, it } from 'vitest';
import { codecRules } from '../codec/index.ts';
import { epochInput } from '../sframe/testing.ts';
import { plainFrame, settle, startWorker } from './testing.ts';
import { type SlotReport } from './types.ts';

const alice = 0;
const bob = 1;
const send = { direction: 'send', kind: 'video', slot: 1 } as const;
const receive = { direction: 'receive', kind: 'video', slot: 1 } as const;

const slotOf = (worker: ReturnType<typeof startWorker>): SlotReport => worker.media.stats().slots[0]!;

/** Whether 8 bytes of `plain` in a row are in `wire`, from `from` on. */
function leaks(plain: Uint8Array, wire: Uint8Array, from: number): boolean {
  const hex = Buffer.from(wire.subarray(from)).toString('latin1');
  for (let at = from; at + 8 <= plain.length; at += 1) {
    if (hex.includes(Buffer.from(plain.subarray(at, at + 8)).toString('latin1'))) return true;
  }
  return false;
}

async function pair(options: { sendOptions?: object; receiveOptions?: object } = {}) {
  const sender = startWorker();
  const receiver = startWorker();
  const outgoing = sender.attach({ ...send, ...options.sendOptions });
  const incoming = receiver.attach({ ...receive, ...options.receiveOptions });
  await sender.media.setEpoch(epochInput(alice, 1));
  await receiver.media.setEpoch(epochInput(bob, 1));
  return { sender, receiver, outgoing, incoming };
}

describe('sending', () => {
  it('lets nothing out before keys, and nothing after clear()', async () => {
    for (const kind of ['audio', 'video'] as const) {
      const worker = startWorker();
      const track = worker.attach({ ...send, kind });
      for (let number = 0; number < 5; number += 1) await track.push(plainFrame(number));
      expect(track.out).toEqual([]);
      expect(slotOf(worker)).toMatchObject({ state: 'no key yet', counters: { 'no key yet': 5, open: 0 } });

      await worker.media.setEpoch(epochInput(alice, 1));
      await track.push(plainFrame(5));
      expect(track.out).toHaveLength(1);
      expect(slotOf(worker)).toMatchObject({ state: 'open', counters: { 'no key yet': 5, open: 1 } });

      worker.media.clear();
      expect(slotOf(worker).state).toBe('no key yet');
      for (let number = 6; number < 11; number += 1) await track.push(plainFrame(number));
      expect(track.out).toHaveLength(1);
      expect(slotOf(worker).counters).toMatchObject({ 'no key yet': 10, open: 1 });
    }
  });

  it('keeps clear what the codec needs and nothing else', async () => {
    const worker = startWorker();
    const video = worker.attach(send);
    const audio = worker.attach({ ...send, kind: 'audio', slot: 0 });
    await worker.media.setEpoch(epochInput(alice, 1));
    const cases = [
      { track: video, plain: plainFrame(1, 200, true), mimeType: 'video/VP8' },
      { track: video, plain: plainFrame(2, 200, false), mimeType: 'video/VP8' },
      { track: audio, plain: plainFrame(3, 200), mimeType: 'audio/opus' },
    ];
    for (const { track, plain, mimeType } of cases) {
      await track.push(plain);
      const clear = codecRules(mimeType)!.split(plain)!.clear.length;
      const wire = track.out.at(-1)!;
      expect(wire.subarray(0, clear)).toEqual(plain.subarray(0, clear));
      expect(leaks(plain, wire, clear)).toBe(false);
      expect(wire.length - plain.length).toBeLessThanOrEqual(23);
    }
  });

  it('drops frames of a codec that it does not know, and of the wrong kind', async () => {
    const worker = startWorker();
    const track = worker.attach(send);
    await worker.media.setEpoch(epochInput(alice, 1));
    for (const mimeType of ['video/H265', 'video/raw', 'audio/opus', ''])
      await track.push(plainFrame(1), mimeType);
    await track.pushRaw({ data: plainFrame(1).buffer });
    expect(track.out).toEqual([]);
    expect(slotOf(worker)).toMatchObject({
      state: 'codec not supported',
      counters: { 'codec not supported': 5 },
    });
  });

  it('takes the codec from the options where metadata does not have it', async () => {
    const worker = startWorker();
    const track = worker.attach({ ...send, mimeType: 'video/VP8' });
    await worker.media.setEpoch(epochInput(alice, 1));
    await track.pushRaw({ data: plainFrame(1).buffer });
    expect(track.out).toHaveLength(1);
  });

  it('outlives frames that break', async () => {
    const worker = startWorker();
    const track = worker.attach(send);
    await worker.media.setEpoch(epochInput(alice, 1));
    const throwing = () => {
      throw new Error('no metadata');
    };
    for (const bad of [null, undefined, 7, {}, { getMetadata: throwing, data: new ArrayBuffer(9) }]) {
      await track.pushRaw(bad);
    }
    await track.push(new Uint8Array(0));
    await track.push(plainFrame(2));
    expect(track.out).toHaveLength(1);
    expect(slotOf(worker).counters).toMatchObject({ open: 1, malformed: 1 });
    const { counters } = slotOf(worker);
    expect(counters.failed + counters['codec not supported']).toBe(5);
  });

  it('drops when the browser does not take frames', async () => {
    const worker = startWorker();
    const track = worker.attach(send, { stuck: true });
    await worker.media.setEpoch(epochInput(alice, 1));
    for (let number = 0; number < 100; number += 1) await track.push(plainFrame(number));
    const { counters } = slotOf(worker);
    expect(counters.open).toBeLessThan(70);
    expect(counters.behind).toBe(100 - counters.open);
  });

  it('asks for a key frame when the first key comes, through the page where it must', async () => {
    for (const silent of [false, true]) {
      const worker = startWorker();
      const track = worker.attach(send, { silent });
      await track.push(plainFrame(0, 60, true));
      expect(slotOf(worker)).toMatchObject({ keyFrameWanted: true, keyFrameRequests: 0 });
      await worker.media.setEpoch(epochInput(alice, 1));
      expect(track.asked()).toBe(silent ? 0 : 1);
      expect(worker.pageRequests).toEqual(silent ? [{ direction: 'send', slot: 1 }] : []);
      await track.push(plainFrame(1, 60, true));
      expect(slotOf(worker).keyFrameWanted).toBe(false);
    }
  });

  it('never uses a counter twice, over tracks and sources', async () => {
    const worker = startWorker();
    const tracks = [0, 0, 1].map((source, slot) => worker.attach({ ...send, slot, source, kind: 'audio' }));
    await worker.media.setEpoch(epochInput(alice, 1));
    for (let round = 0; round < 20; round += 1)
      await Promise.all(tracks.map(async ({ push }) => push(plainFrame(1))));
    const wires = tracks.flatMap(({ out }) => out.map((wire) => Buffer.from(wire).toString('hex')));
    expect(wires).toHaveLength(60);
    expect(new Set(wires).size).toBe(60);
  });

  it('refuses options that cannot be, and reads nothing then', () => {
    const worker = startWorker();
    const bad = [
      { direction: 'both' },
      { kind: 'data' },
      { slot: '' },
      { slot: -1 },
      { source: 4 },
      { mimeType: 7 },
    ];
    for (const change of bad) {
      expect(() => worker.attach({ ...send, ...change } as never)).toThrow(
        expect.objectContaining({ code: 'transform-options-invalid' }),
      );
    }
    expect(worker.media.stats().slots).toEqual([]);
  });
});

describe('receiving', () => {
  it('gives back the frames that were sent, and says who sent them', async () => {
    for (const mimeType of ['video/VP8', 'video/VP9']) {
      const { receiver, outgoing, incoming } = await pair();
      const plain = Array.from({ length: 10 }, (_, number) => plainFrame(number, 50 + number, number === 0));
      for (const frame of plain) await outgoing.push(frame, mimeType);
      for (const wire of outgoing.out) await incoming.push(wire, mimeType);
      expect(incoming.out).toEqual(plain);
      expect(slotOf(receiver)).toMatchObject({
        state: 'open',
        participant: 'alice',
        source: 0,
        counters: { open: 10 },
      });
    }
  });

  it('shows nothing that is not protected, not even before keys', async () => {
    const worker = startWorker();
    const track = worker.attach({ ...receive, kind: 'audio' });
    await track.push(plainFrame(1));
    expect(slotOf(worker).state).toBe('no key yet');
    await worker.media.setEpoch(epochInput(bob, 1));
    for (let number = 0; number < 20; number += 1) await track.push(plainFrame(number));
    expect(track.out).toEqual([]);
    expect(slotOf(worker).counters.open).toBe(0);
  });

  it('drops frames whose clear bytes were changed', async () => {
    const { receiver, outgoing, incoming } = await pair();
    await outgoing.push(plainFrame(1, 80, true));
    const wire = outgoing.out[0]!.slice();
    // Not the bit that tells a key frame.
    wire[0] = wire[0]! ^ 0x80;
    await incoming.push(wire);
    expect(incoming.out).toEqual([]);
    expect(slotOf(receiver)).toMatchObject({ state: 'forged or forked', participant: null });
    await incoming.push(outgoing.out[0]!);
    expect(slotOf(receiver)).toMatchObject({ state: 'open', participant: 'alice' });
  });

  it('loses no frame when the sender is an epoch ahead, or frames of both epochs mix', async () => {
    const { sender, receiver, outgoing, incoming } = await pair();
    for (let number = 0; number < 30; number += 1) {
      if (number === 15) await sender.media.setEpoch(epochInput(alice, 2));
      await outgoing.push(plainFrame(number));
    }
    // The first ten in order, then old and new ones in turn, the commit arriving amid them.
    const order = [...Array(10).keys(), 15, 16, 10, 17, 11, 12, 18, 13, 19, 14];
    for (const index of order) await incoming.push(outgoing.out[index]!);
    expect(slotOf(receiver)).toMatchObject({ state: 'open', held: 5 });
    receiver.pass(600);
    await receiver.media.setEpoch(epochInput(bob, 2));
    await settle();
    for (let index = 20; index < 30; index += 1) await incoming.push(outgoing.out[index]!);
    expect(incoming.out).toHaveLength(30);
    expect(slotOf(receiver).counters).toMatchObject({ open: 30, 'newer epoch': 0, 'older epoch': 0 });
  });

  it('holds frames of a newer epoch for a bounded time and number', async () => {
    const { sender, receiver, outgoing, incoming } = await pair();
    await sender.media.setEpoch(epochInput(alice, 2));
    for (let number = 0; number < 80; number += 1) await outgoing.push(plainFrame(number));
    for (const wire of outgoing.out.slice(0, 79)) await incoming.push(wire);
    expect(slotOf(receiver)).toMatchObject({
      state: 'newer epoch',
      held: 64,
      counters: { 'newer epoch': 15 },
    });
    receiver.pass(1_001);
    await receiver.media.setEpoch(epochInput(bob, 2));
    await settle();
    expect(slotOf(receiver)).toMatchObject({
      held: 0,
      keyFrameWanted: true,
      counters: { 'newer epoch': 79, open: 0 },
    });
    await incoming.push(outgoing.out[79]!);
    expect(slotOf(receiver)).toMatchObject({ state: 'open', counters: { open: 1 } });
  });

  it('drops held frames and opens nothing after clear()', async () => {
    const { sender, receiver, outgoing, incoming } = await pair();
    await outgoing.push(plainFrame(0));
    await sender.media.setEpoch(epochInput(alice, 2));
    await outgoing.push(plainFrame(1));
    await incoming.push(outgoing.out[1]!);
    receiver.media.clear();
    expect(slotOf(receiver)).toMatchObject({ held: 0, counters: { 'newer epoch': 1, open: 0 } });
    await incoming.push(outgoing.out[0]!);
    expect(slotOf(receiver)).toMatchObject({ state: 'no key yet', participant: null, held: 1 });
    expect(receiver.media.stats()).toMatchObject({ epoch: null, epochs: 0 });
    expect(incoming.out).toEqual([]);
  });

  it('drops frames of others than the announced participant', async () => {
    const { receiver, outgoing, incoming } = await pair();
    for (let number = 0; number < 3; number += 1) await outgoing.push(plainFrame(number));
    receiver.media.expect(1, 'carol');
    await incoming.push(outgoing.out[0]!);
    // Late frames of whom a slot had before are dropped, and no alarm.
    expect(slotOf(receiver)).toMatchObject({ state: 'idle', counters: { 'forged or forked': 1 } });
    receiver.pass(1_001);
    await incoming.push(outgoing.out[0]!);
    expect(slotOf(receiver)).toMatchObject({ state: 'forged or forked', participant: null });
    receiver.media.expect(1, 'alice');
    expect(slotOf(receiver).counters).toMatchObject({ 'forged or forked': 0 });
    expect(slotOf(receiver).state).toBe('idle');
    await incoming.push(outgoing.out[1]!);
    expect(slotOf(receiver)).toMatchObject({ state: 'open', participant: 'alice' });
    receiver.media.expect(1, null);
    await incoming.push(outgoing.out[2]!);
    expect(incoming.out).toHaveLength(2);
  });

  it('does not take audio for video', async () => {
    const { receiver, outgoing, incoming } = await pair({
      sendOptions: { kind: 'audio' },
      receiveOptions: { kind: 'video' },
    });
    await outgoing.push(plainFrame(1));
    await incoming.push(outgoing.out[0]!, 'video/VP9');
    expect(incoming.out).toEqual([]);
    expect(slotOf(receiver).state).toBe('forged or forked');
  });

  it('forgets old epochs when their time is up, without any frame', async () => {
    const { receiver } = await pair();
    await receiver.media.setEpoch(epochInput(bob, 2));
    expect(receiver.media.stats().epochs).toBe(2);
    receiver.pass(10_000);
    expect(receiver.media.stats()).toMatchObject({ epoch: 2n, epochs: 1, slots: [slotOf(receiver)] });
  });

  it('makes no storm of key-frame requests from a wrong key', async () => {
    const sender = startWorker();
    const receiver = startWorker();
    const outgoing = sender.attach(send);
    const incoming = receiver.attach(receive);
    await sender.media.setEpoch(epochInput(alice, 1, { secret: 66 }));
    await receiver.media.setEpoch(epochInput(bob, 1));
    // 20 frames a second for 30 seconds: at 0, 1, 3, 7, 15 and 23 seconds.
    for (let number = 0; number < 600; number += 1) {
      await outgoing.push(plainFrame(number));
      await incoming.push(outgoing.out.at(-1)!);
      receiver.pass(50);
    }
    expect(slotOf(receiver)).toMatchObject({
      state: 'forged or forked',
      counters: { 'forged or forked': 600 },
    });
    expect(incoming.asked()).toBe(6);
    expect(incoming.out).toEqual([]);

    // A commit that both apply heals it.
    await sender.media.setEpoch(epochInput(alice, 2));
    await receiver.media.setEpoch(epochInput(bob, 2));
    await outgoing.push(plainFrame(1, 60, true));
    await incoming.push(outgoing.out.at(-1)!);
    expect(slotOf(receiver)).toMatchObject({ state: 'open', keyFrameWanted: false });
  });

  it('reports changes soon, counters seldom, and the last change always', async () => {
    const { receiver, outgoing, incoming } = await pair();
    for (let number = 0; number < 40; number += 1) {
      await outgoing.push(plainFrame(number));
      await incoming.push(outgoing.out.at(-1)!);
      receiver.pass(50);
    }
    const states = receiver.reports.map(({ state, participant }) => `${state} ${participant ?? '-'}`);
    expect(states.every((state) => state === 'open alice')).toBe(true);
    expect(receiver.reports.length).toBeLessThanOrEqual(3);
    receiver.media.clear();
    receiver.pass(250);
    expect(receiver.reports.at(-1)).toMatchObject({ state: 'no key yet', participant: null });
  });

  it('stays open while somebody throws rubbish between good frames', async () => {
    const { receiver, outgoing, incoming } = await pair();
    await outgoing.push(plainFrame(1));
    await incoming.push(outgoing.out[0]!);
    for (const junk of [plainFrame(2), outgoing.out[0]!, new Uint8Array(2)]) await incoming.push(junk);
    expect(slotOf(receiver)).toMatchObject({ state: 'open', counters: { replayed: 1 } });
    receiver.pass(501);
    await incoming.push(outgoing.out[0]!);
    expect(slotOf(receiver).state).toBe('replayed');
  });

  it('lets go of a transform that has ended', async () => {
    const { receiver, incoming } = await pair();
    await incoming.end();
    expect(receiver.media.stats().slots).toEqual([]);
  });

  it('outlives a listener that throws', async () => {
    const { receiver, outgoing, incoming } = await pair();
    receiver.reports.push = () => {
      throw new Error('listener');
    };
    await outgoing.push(plainFrame(1));
    await incoming.push(outgoing.out[0]!);
    expect(incoming.out).toHaveLength(1);
  });
});
