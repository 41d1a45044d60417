import {
  AES_128_GCM_SHA256_128,
  type EpochInput,
  KeyRing,
  RETENTION_MS,
  type Suite,
} from '../sframe/index.ts';
import { type PayloadTypes } from './codecs.ts';
import { KeyFrameRequests } from './key-frame-requests.ts';
import { MAX_SLOTS } from './limits.ts';
import { checkOptions, TransformError } from './options.ts';
import { Pipeline } from './pipeline.ts';
import { receiveWork } from './receive.ts';
import { sendWork } from './send.ts';
import { senderReports } from './senders.ts';
import { Slot } from './slot.ts';
import {
  type EncodedTransformer,
  type MediaEnvironment,
  type MediaStats,
  type SlotName,
  type TransformOptions,
} from './types.ts';

/** Protects what this participant sends and opens what it receives. Lives in the worker that holds the keys. */
export interface MediaTransforms {
  /**
   * Makes an epoch the current one: call it when a commit was merged, or a Welcome processed. Resolves when frames are
   * protected in it. Rejects with SFrameError; an epoch is taken once in a founding, and only after older ones.
   */
  setEpoch: (input: EpochInput) => Promise<void>;
  /** Drops all keys at once: nothing is sent or opened until a newer epoch is set. For eviction and for leaving. */
  clear: () => void;
  /**
   * Takes a transformer: that of an `rtctransform` event, or the streams of createEncodedStreams with their options.
   * Throws TransformError; then nothing leaves that transform. `takeTransforms` calls it for each that comes.
   */
  attach: (transformer: EncodedTransformer) => void;
  /** Whom the forwarder announced for a slot: frames of others are dropped. Null: nobody was announced. */
  expect: (slot: SlotName, participant: string | null) => void;
  /** Codecs by RTP payload type, for browsers whose frames do not tell their MIME type. Replaces earlier ones. */
  negotiated: (codecs: PayloadTypes) => void;
  /** The page's browser has no encoded transforms: every sender's state says so from here on. */
  browserNotSupported: () => void;
  stats: () => MediaStats;
}

interface Attached {
  readonly slot: Slot;
  /** There is a new key. */
  readonly keyed: () => void;
  /** The keys went. */
  readonly cleared: () => void;
}

/** How a key frame is asked for: by the transformer where it can, else by the page. */
function requestFor(
  transformer: EncodedTransformer,
  { direction, kind, slot }: TransformOptions,
  askPage: MediaEnvironment['requestKeyFrame'],
): (() => Promise<unknown>) | undefined {
  if (kind !== 'video') return undefined;
  const method = direction === 'send' ? 'generateKeyFrame' : 'sendKeyFrameRequest';
  const viaPage = askPage && (async (): Promise<void> => askPage({ direction, slot }));
  if (typeof transformer[method] !== 'function') return viaPage;
  return async () => {
    try {
      await transformer[method]?.();
    } catch {
      await viaPage?.();
    }
  };
}

/** A sender and a receiver may have the same slot. */
const keyOf = (direction: 'send' | 'receive', slot: SlotName): string =>
  `${direction} ${typeof slot} ${slot}`;

/** Makes the transforms of one call. The suite is the room's: all participants use the same. */
export function createMediaTransforms(
  environment: MediaEnvironment,
  suite: Suite = AES_128_GCM_SHA256_128,
): MediaTransforms {
  const { now, report, requestKeyFrame } = environment;
  const later = environment.later ?? ((run, milliseconds) => void setTimeout(run, milliseconds));
  const ring = new KeyRing(suite);
  const attached = new Map<string, Attached>();
  const expected = new Map<SlotName, string>();
  let codecs: PayloadTypes = new Map();
  let browserSupported = true;
  const negotiated = (): PayloadTypes => codecs;

  const attachSend = (slot: Slot, pipeline: Pipeline): Attached & { run: Promise<void> } => ({
    slot,
    keyed: () => slot.keyFrames.ask(now()),
    cleared: () => slot.reset(now(), 'no key yet'),
    run: pipeline.run(sendWork(ring, slot, now, negotiated)),
  });

  const attachReceive = (slot: Slot, pipeline: Pipeline): Attached & { run: Promise<void> } => {
    const receive = receiveWork(ring, slot, now, negotiated);
    return {
      slot,
      keyed: () => void pipeline.enqueue(() => receive.drain(pipeline.emit)),
      cleared: () => {
        receive.discard();
        slot.reset(now(), 'no key yet');
      },
      run: pipeline.run(receive.work),
    };
  };

  return {
    setEpoch: async (input) => {
      const isSet = await ring.setEpoch(input, now());
      if (!isSet) return;
      later(() => ring.prune(now()), RETENTION_MS);
      for (const { keyed } of attached.values()) keyed();
    },
    clear: () => {
      ring.clear();
      for (const { cleared } of attached.values()) cleared();
    },
    attach: (transformer) => {
      const options = checkOptions(transformer.options);
      const key = keyOf(options.direction, options.slot);
      if (attached.size >= MAX_SLOTS && !attached.has(key)) {
        throw new TransformError('too-many-transforms', `more than ${MAX_SLOTS} transforms`);
      }
      const request = requestFor(transformer, options, requestKeyFrame);
      const announced = options.direction === 'receive' ? expected.get(options.slot) : undefined;
      const requests = new KeyFrameRequests(request);
      const slot = new Slot(options, requests, { now, report, later }, announced ?? null);
      const pipeline = new Pipeline(transformer, () => slot.dropped(now(), 'failed'));
      const entry = options.direction === 'send' ? attachSend(slot, pipeline) : attachReceive(slot, pipeline);
      attached.set(key, entry);
      void entry.run.then(() => {
        if (attached.get(key) === entry) attached.delete(key);
      });
    },
    expect: (slot, participant) => {
      if ((expected.get(slot) ?? null) === participant) return;
      if (participant === null) expected.delete(slot);
      else if (expected.size < MAX_SLOTS || expected.has(slot)) expected.set(slot, participant);
      else throw new TransformError('too-many-transforms', `more than ${MAX_SLOTS} announced slots`);
      attached.get(keyOf('receive', slot))?.slot.give(now(), participant);
    },
    negotiated: (payloadTypes) => {
      codecs = payloadTypes;
    },
    browserNotSupported: () => {
      browserSupported = false;
    },
    stats: () => {
      const slots = [...attached.values()].map(({ slot }) => slot.snapshot());
      const senders = senderReports(slots, browserSupported);
      return { epoch: ring.currentEpoch ?? null, epochs: ring.size, slots, senders };
    },
  };
}
