import { MAX_CONTEXTS } from '../sframe/index.ts';
import { type SlotName, type TransformOptions } from './types.ts';

/** A transform could not be attached: nothing is read from it, so nothing leaves it. */
export class TransformError extends Error {
  readonly code: 'transform-options-invalid' | 'too-many-transforms';

  constructor(code: TransformError['code'], message: string) {
    super(message);
    this.name = 'TransformError';
    this.code = code;
  }
}

const MAX_SLOT_LENGTH = 128;
const MAX_SLOT_INDEX = 65_535;
const MAX_SOURCE = MAX_CONTEXTS / 2 - 1;

function isSlotName(slot: unknown): slot is SlotName {
  if (typeof slot === 'string') return slot.length > 0 && slot.length <= MAX_SLOT_LENGTH;
  return typeof slot === 'number' && Number.isInteger(slot) && slot >= 0 && slot <= MAX_SLOT_INDEX;
}

/** Checks the options of a transform. Throws `transform-options-invalid`. */
export function checkOptions(options: unknown): TransformOptions {
  const invalid = (what: string): TransformError => new TransformError('transform-options-invalid', what);
  if (typeof options !== 'object' || options === null) throw invalid('options are no object');
  const { direction, kind, slot, source, mimeType } = options as Record<string, unknown>;
  if (direction !== 'send' && direction !== 'receive') throw invalid('direction is send or receive');
  if (kind !== 'audio' && kind !== 'video') throw invalid('kind is audio or video');
  if (!isSlotName(slot)) {
    throw invalid(`slot is 0 to ${MAX_SLOT_INDEX}, or 1 to ${MAX_SLOT_LENGTH} characters`);
  }
  if (
    source !== undefined &&
    !(typeof source === 'number' && Number.isInteger(source) && source >= 0 && source <= MAX_SOURCE)
  ) {
    throw invalid(`source is 0 to ${MAX_SOURCE}`);
  }
  if (mimeType !== undefined && typeof mimeType !== 'string') throw invalid('mimeType is a string');
  return {
    direction,
    kind,
    slot,
    ...(source === undefined ? {} : { source }),
    ...(mimeType === undefined ? {} : { mimeType }),
  };
}

/** SFrame context of a stream: bit 0 tells audio from video, the rest is the source. */
export const contextOf = (kind: 'audio' | 'video', source: number): number =>
  source * 2 + (kind === 'video' ? 1 : 0);

/** Kind and source of a context. */
export const streamOfContext = (context: number): { kind: 'audio' | 'video'; source: number } => ({
  kind: context % 2 === 1 ? 'video' : 'audio',
  source: context >> 1,
});
