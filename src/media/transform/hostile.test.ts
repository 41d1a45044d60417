import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { epochInput, seeded } from '../sframe/testing.ts';
import { plainFrame, startWorker } from './testing.ts';

describe('hostile frames at a receiver', () => {
  it('never end it, and never come out', async () => {
    const sender = startWorker();
    const receiver = startWorker();
    const outgoing = sender.attach({ direction: 'send', kind: 'video', slot: 1 });
    const incoming = receiver.attach({ direction: 'receive', kind: 'video', slot: 1 });
    await sender.media.setEpoch(epochInput(0, 1));
    await receiver.media.setEpoch(epochInput(1, 1));
    await outgoing.push(plainFrame(1, 100, true));
    const good = outgoing.out[0]!;

    const changed = fc.tuple(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 })).map(([at, by]) => {
      const copy = good.slice();
      copy[at] = (copy[at] ?? 0) ^ by;
      return copy;
    });
    const frames = fc.oneof(fc.uint8Array({ maxLength: 120, size: 'max' }), changed);
    const mimeTypes = fc.constantFrom('video/VP8', 'video/VP9', 'video/H264', '');
    let pushed = 0;
    await fc.assert(
      fc.asyncProperty(frames, mimeTypes, async (frame, mimeType) => {
        await incoming.push(frame, mimeType);
        pushed += 1;
        expect(incoming.out).toHaveLength(0);
      }),
      seeded('hostile frames at a receiver', 400),
    );
    const { counters } = receiver.media.stats().slots[0]!;
    console.log(`hostile frames at a receiver: ${pushed}`, counters);
    expect(pushed).toBe(400);
    expect(counters.failed).toBe(0);
    await incoming.push(good);
    expect(incoming.out).toEqual([plainFrame(1, 100, true)]);
  });
});
