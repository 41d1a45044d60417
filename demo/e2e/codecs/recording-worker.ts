/**
 * A worker with the transforms of production and one epoch of fixed keys, which keeps each frame as it came from the
 * encoder, before those transforms see it. For tests only: a page must never keep its frames.
 */
import {
  createMediaTransforms,
  type EncodedTransformer,
  type MediaStats,
} from '../../../src/media/transform/index.ts';

/** A frame before protection. */
export interface PlainFrame {
  readonly kind: 'audio' | 'video';
  /** As the frame's metadata has it. */
  readonly mimeType: string;
  /** What the encoder says of a video frame. */
  readonly type: 'key' | 'delta' | null;
  readonly rtpTimestamp: number;
  readonly base64: string;
}

export interface Report {
  readonly frames: readonly PlainFrame[];
  readonly stats: MediaStats;
}

interface Frame {
  readonly type?: 'key' | 'delta' | 'empty';
  readonly data: ArrayBuffer;
  getMetadata(): { readonly mimeType?: string; readonly rtpTimestamp?: number };
}

const MAX_FRAMES = 20_000;
const frames: PlainFrame[] = [];

const transforms = createMediaTransforms({
  now: () => performance.now(),
  report: () => undefined,
  requestKeyFrame: ({ direction, slot }) =>
    postMessage({ type: 'keyFrameRequest', direction, slot: Number(slot) }),
});

function base64Of(data: ArrayBuffer): string {
  let text = '';
  for (const byte of new Uint8Array(data)) text += String.fromCharCode(byte);
  return btoa(text);
}

function recorded(transformer: EncodedTransformer, kind: 'audio' | 'video'): EncodedTransformer {
  const recorder = new TransformStream<Frame, Frame>({
    transform(frame, controller) {
      const { mimeType = '', rtpTimestamp = -1 } = frame.getMetadata();
      const type = frame.type === 'key' || frame.type === 'delta' ? frame.type : null;
      if (frames.length < MAX_FRAMES)
        frames.push({ kind, mimeType, type, rtpTimestamp, base64: base64Of(frame.data) });
      controller.enqueue(frame);
    },
  });
  const readable = (transformer.readable as ReadableStream<Frame>).pipeThrough(recorder);
  return { readable, writable: transformer.writable, options: transformer.options };
}

addEventListener('rtctransform', (event) => {
  const { transformer } = event as Event & { transformer: EncodedTransformer };
  const { direction, kind } = transformer.options as { direction: string; kind: 'audio' | 'video' };
  transforms.attach(direction === 'send' ? recorded(transformer, kind) : transformer);
});

async function setEpoch(own: number, people: readonly string[]): Promise<void> {
  await transforms.setEpoch({
    groupId: Uint8Array.of(1),
    epoch: 1n,
    baseKey: new Uint8Array(16).fill(7),
    ownLeafIndex: own,
    members: people.map((participant, leafIndex) => ({ leafIndex, participant })),
  });
}

type Message =
  | { readonly type: 'epoch'; readonly own: number; readonly people: readonly string[] }
  | { readonly type: 'report' }
  | { readonly type: 'keyFrameRequest' };

addEventListener('message', ({ data }: MessageEvent<Message>) => {
  switch (data.type) {
    case 'epoch':
      void setEpoch(data.own, data.people).then(() => postMessage({ type: 'epoch', answer: null }));
      return;
    case 'report': {
      const { epoch: _epoch, ...stats } = transforms.stats();
      postMessage({ type: 'report', answer: { frames, stats } });
      return;
    }
    case 'keyFrameRequest':
      postMessage(data);
      return;
  }
});
