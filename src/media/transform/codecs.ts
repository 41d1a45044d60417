import { MAX_PAYLOAD_TYPES } from './limits.ts';
import { type EncodedFrame, type TransformOptions } from './types.ts';

/** MIME type by RTP payload type, as negotiated on the page's one connection. */
export type PayloadTypes = ReadonlyMap<number, string>;

/** Checks what the page says; undefined when it cannot be. */
export function checkPayloadTypes(codecs: unknown): PayloadTypes | undefined {
  if (!(codecs instanceof Map) || codecs.size > MAX_PAYLOAD_TYPES) return undefined;
  const fits = ([payloadType, mimeType]: [unknown, unknown]): boolean =>
    Number.isInteger(payloadType) && typeof mimeType === 'string' && mimeType.length <= 64;
  return [...(codecs as Map<unknown, unknown>)].every(fits) ? (codecs as PayloadTypes) : undefined;
}

/** The codec of a frame: what its metadata says, else what was negotiated for its payload type, else the options. */
export function mimeTypeOf(
  frame: EncodedFrame,
  options: TransformOptions,
  negotiated: PayloadTypes,
): string | undefined {
  const { mimeType, payloadType } = frame.getMetadata?.() ?? {};
  return (
    mimeType ?? (payloadType === undefined ? undefined : negotiated.get(payloadType)) ?? options.mimeType
  );
}
