import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { epochInput, seeded } from '../sframe/testing.ts';
import { KeyFrameRequests } from './key-frame-requests.ts';
import { KEY_FRAME_MAX_MS, KEY_FRAME_MIN_MS } from './limits.ts';
import { plainFrame, startClock, startWorker } from './testing.ts';

describe('key frame requests', () => {
  it('are never less than KEY_FRAME_MIN_MS apart, whatever comes, and are made again while one is wanted', () => {
    const step = fc.oneof(
      fc.constantFrom('want', 'satisfy', 'ask' as const),
      fc.integer({ min: 0, max: 2 * KEY_FRAME_MAX_MS }),
    );
    let made = 0;
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200, size: 'max' }), (steps) => {
        const times: number[] = [];
        let now = 0;
        const requests = new KeyFrameRequests(async () => times.push(now));
        for (const it of steps) {
          if (typeof it === 'number') now += it;
          else if (it === 'ask') requests.ask(now);
          else requests[it]();
        }
        const gaps = times.slice(1).map((time, index) => time - times[index]!);
        expect(gaps.every((gap) => gap >= KEY_FRAME_MIN_MS)).toBe(true);
        expect(requests.count).toBe(times.length);
        made += times.length;
        requests.want();
        now += KEY_FRAME_MAX_MS;
        requests.ask(now);
        expect(times.at(-1)).toBe(now);
      }),
      seeded('key frame requests', 300),
    );
    console.log(`key frame requests: ${made} made`);
    expect(made).toBeGreaterThan(300);
  });

  it('stay few in a storm of frames that do not open: 100 a second in each of four slots, for a minute', async () => {
    const clock = startClock();
    const [fork, receiver] = [startWorker(clock), startWorker(clock)];
    const outgoing = fork.attach({ direction: 'send', kind: 'video', slot: 0 });
    const slots = [1, 2, 3, 4];
    const tracks = slots.map((slot) => receiver.attach({ direction: 'receive', kind: 'video', slot }));
    await fork.media.setEpoch(epochInput(0, 1, { secret: 66 }));
    await receiver.media.setEpoch(epochInput(1, 1));
    await outgoing.push(plainFrame(1, 60, true));
    const wire = outgoing.out[0]!;
    for (let time = 0; time < 60_000; time += 10) {
      await Promise.all(tracks.map(async ({ push }) => push(wire)));
      clock.pass(10);
    }
    const [told] = receiver.media.stats().senders.filter(({ participant }) => participant === 'alice');
    expect(told).toBeUndefined();
    const asked = tracks.map((track) => track.asked());
    const refused = receiver.media.stats().slots.map(({ counters }) => counters['forged or forked']);
    console.log(`a storm: ${refused.join(' + ')} frames refused, ${asked.join(' + ')} key frame requests`);
    expect(refused).toEqual(slots.map(() => 6_000));
    // After 0, 1, 3, 7 seconds, then every 8.
    expect(asked).toEqual(slots.map(() => 10));
  });
});
