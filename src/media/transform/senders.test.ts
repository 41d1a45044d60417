import { describe, expect, it } from 'vitest';
import { epochInput } from '../sframe/testing.ts';
import { IDLE_MS } from './limits.ts';
import { worstOf } from './senders.ts';
import { plainFrame, startWorker, type Track, type Worker } from './testing.ts';
import { type SenderReport, type SenderState } from './types.ts';

const bob = 1;

const senderOf = (worker: Worker, participant: string | null): SenderReport =>
  worker.media.stats().senders.find((sender) => sender.participant === participant)!;

/** Alice sends sound and picture in slots 2 and 3 of Bob; Carol is announced in 4. */
async function call(aliceKeys: Parameters<typeof epochInput>[2] = {}, epoch = 1) {
  const [alice, receiver] = [startWorker(), startWorker()];
  const sound = alice.attach({ direction: 'send', kind: 'audio', slot: 0 });
  const picture = alice.attach({ direction: 'send', kind: 'video', slot: 1 });
  await alice.media.setEpoch(epochInput(0, epoch, aliceKeys));
  const slots = [
    receiver.attach({ direction: 'receive', kind: 'audio', slot: 2 }),
    receiver.attach({ direction: 'receive', kind: 'video', slot: 3 }),
    receiver.attach({ direction: 'receive', kind: 'audio', slot: 4 }),
  ] as const;
  for (const [slot, name] of ['alice', 'alice', 'carol'].entries()) receiver.media.expect(slot + 2, name);
  // Past the time in which late frames of an earlier owner are no alarm.
  receiver.pass(1_001);
  const through = async (from: Track, to: Track, frames: number, mimeType?: string): Promise<void> => {
    for (let number = 0; number < frames; number += 1) {
      await from.push(plainFrame(number));
      await to.push(from.out.at(-1)!, mimeType);
    }
  };
  return { alice, receiver, sound, picture, slots, through };
}

describe('the state of a sender', () => {
  it('is the worst of its slots, with their counters added up, and nobody else is touched by it', async () => {
    const { receiver, sound, picture, slots, through } = await call();
    await receiver.media.setEpoch(epochInput(bob, 1));
    await through(sound, slots[0], 5);
    expect(senderOf(receiver, 'alice')).toMatchObject({
      state: 'idle',
      slots: [2, 3],
      counters: { open: 5 },
    });
    await through(picture, slots[1], 3);
    expect(senderOf(receiver, 'alice')).toMatchObject({ state: 'open', counters: { open: 8 } });
    receiver.pass(501);
    await slots[1].push(plainFrame(1));
    const { state, counters } = senderOf(receiver, 'alice');
    expect(state).not.toBe('open');
    expect(Object.values(counters).reduce((sum, count) => sum + count, 0)).toBe(9);
    expect(senderOf(receiver, 'carol')).toMatchObject({ state: 'idle', counters: { open: 0 } });
    expect(structuredClone(receiver.media.stats())).toEqual(receiver.media.stats());
  });

  it('can be each of those that people read, and each heals by itself', async () => {
    const seen: SenderState[] = [];
    const other: SenderState[] = [];
    type Call = Awaited<ReturnType<typeof call>>;
    /** What goes wrong, and what heals it: never anything that somebody has to click. */
    const cases: readonly [
      SenderState,
      Parameters<typeof epochInput>[2],
      number,
      (it: Call) => Promise<void>,
    ][] = [
      ['no key yet', {}, 1, async ({ receiver }) => receiver.media.setEpoch(epochInput(bob, 1))],
      ['older epoch', {}, 1, async ({ alice }) => alice.media.setEpoch(epochInput(0, 20))],
      ['newer epoch', {}, 21, async ({ receiver }) => receiver.media.setEpoch(epochInput(bob, 21))],
      [
        'forged or forked',
        { secret: 7 },
        20,
        async ({ alice, receiver }) => {
          for (const [own, worker] of [alice, receiver].entries())
            await worker.media.setEpoch(epochInput(own, 21));
        },
      ],
      ['replayed', {}, 20, async () => undefined],
      ['codec not supported', {}, 20, async () => undefined],
    ];
    for (const [state, keys, epoch, heal] of cases) {
      const it = await call(keys, epoch);
      const { receiver, sound, slots, through } = it;
      if (state !== 'no key yet') await receiver.media.setEpoch(epochInput(bob, 20));
      if (state === 'replayed') {
        await through(sound, slots[0], 1);
        receiver.pass(501);
        await slots[0].push(sound.out[0]!);
      } else await through(sound, slots[0], 1, state === 'codec not supported' ? 'audio/PCMU' : undefined);
      seen.push(receiver.media.stats().slots[0]!.state);
      const { counters, held } = senderOf(receiver, 'alice');
      expect([state, counters[state as keyof typeof counters] + held]).toEqual([state, 1]);
      await heal(it);
      await through(sound, slots[0], 1);
      other.push(receiver.media.stats().slots[0]!.state);
    }
    expect(seen).toEqual(cases.map(([state]) => state));
    expect(other).toEqual(cases.map(() => 'open'));
    console.log(`${seen.length} states shown and healed: ${seen.join(', ')}`);
    expect(seen).toHaveLength(6);
  });

  it('is idle when nothing comes for a while, whatever came last, and then what comes next says', async () => {
    const { receiver, sound, slots, through } = await call();
    await receiver.media.setEpoch(epochInput(bob, 1));
    const stateOf = (): string => receiver.media.stats().slots[0]!.state;
    const states: string[] = [];
    for (let round = 0; round < 2; round += 1) {
      await through(sound, slots[0], 2);
      receiver.pass(IDLE_MS - 1);
      states.push(stateOf());
      if (round === 1) await slots[0].push(sound.out[0]!);
      receiver.pass(1);
      states.push(stateOf());
      receiver.pass(IDLE_MS);
      states.push(stateOf());
      expect(receiver.reports.at(-1)).toMatchObject({ slot: 2, state: 'idle' });
    }
    expect(states).toEqual(['open', 'idle', 'idle', 'open', 'replayed', 'idle']);
  });

  it('is "browser not supported" for everybody once the page has found that', async () => {
    const { receiver } = await call();
    expect(senderOf(receiver, null).state).toBe('idle');
    receiver.media.browserNotSupported();
    const states = receiver.media.stats().senders.map(({ participant, state }) => [participant, state]);
    expect(states).toEqual([
      [null, 'browser not supported'],
      ['alice', 'browser not supported'],
      ['carol', 'browser not supported'],
    ]);
  });

  it('begins anew with whom a slot is given to', async () => {
    const { receiver, sound, slots, through } = await call();
    await receiver.media.setEpoch(epochInput(bob, 1));
    await through(sound, slots[0], 5);
    receiver.media.expect(2, 'carol');
    expect(senderOf(receiver, 'carol')).toMatchObject({
      slots: [2, 4],
      state: 'idle',
      counters: { open: 0 },
    });
    expect(senderOf(receiver, 'alice')).toMatchObject({ slots: [3], counters: { open: 0 } });
  });

  it('has an order for all of them: the worst wins', () => {
    expect(worstOf([])).toBe('idle');
    expect(worstOf(['open', 'no key yet', 'open'])).toBe('no key yet');
    expect(worstOf(['newer epoch', 'forged or forked', 'replayed'])).toBe('forged or forked');
    expect(worstOf(['open', 'browser not supported', 'forged or forked'])).toBe('browser not supported');
  });
});
