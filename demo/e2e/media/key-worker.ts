/** A worker with the frames and keys of production, whose epochs a test sets. */
import { createMediaTransforms, takeTransforms } from '../../../src/media/transform/index.ts';

const transforms = createMediaTransforms({ now: () => performance.now(), report: () => undefined });
takeTransforms(globalThis, transforms, (error) => postMessage({ type: 'refused', error: String(error) }));

/** What the test says through the page, and what is answered. */
export type ToKeyWorker = { readonly type: 'key' } | { readonly type: 'clear' } | { readonly type: 'frames' };

/** Frames of an own stream by what became of them. */
export interface SentFrames {
  readonly kind: 'audio' | 'video';
  readonly open: number;
  readonly 'no key yet': number;
}

let epoch = 0n;

addEventListener('message', ({ data }: MessageEvent<ToKeyWorker>) => {
  switch (data.type) {
    case 'key': {
      const members = ['quiet', 'other'].map((participant, leafIndex) => ({ leafIndex, participant }));
      const groupId = Uint8Array.of(1);
      const baseKey = crypto.getRandomValues(new Uint8Array(16));
      void transforms.setEpoch({ groupId, epoch: (epoch += 1n), baseKey, ownLeafIndex: 0, members });
      return;
    }
    case 'clear':
      return transforms.clear();
    case 'frames': {
      const { slots } = transforms.stats();
      // Microphone and camera: the sections behind them receive.
      const sent = slots.filter(({ direction, slot }) => direction === 'send' && Number(slot) < 2);
      const frames: SentFrames[] = sent.map(({ kind, counters }) => ({
        kind,
        open: counters.open,
        'no key yet': counters['no key yet'],
      }));
      return postMessage({ type: 'frames', frames });
    }
  }
});
