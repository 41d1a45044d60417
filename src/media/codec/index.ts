import { av1 } from './av1.ts';
import { h264 } from './h264.ts';
import { opus } from './opus.ts';
import { type CodecRules } from './rules.ts';
import { vp8 } from './vp8.ts';
import { vp9 } from './vp9.ts';

export { type CodecRules, type Split } from './rules.ts';

/**
 * What stays in clear, authenticated. All the rest is protected.
 *
 * | codec | frame or unit              | in clear                                                                   |
 * | ----- | -------------------------- | -------------------------------------------------------------------------- |
 * | Opus  | packet                     | nothing                                                                    |
 * | VP8   | key and delta frame        | 1 byte: the first of the frame tag                                         |
 * | VP9   | key and delta frame        | nothing                                                                    |
 * | H.264 | sequence parameter set     | all (17 bytes in Chromium)                                                 |
 * |       | picture parameter set      | header and the numbers of both parameter sets (2 bytes in Chromium)        |
 * |       | slice, IDR or not          | header to pic_parameter_set_id (2 bytes in Chromium)                       |
 * |       | any other NAL unit         | 1 byte: the header                                                         |
 * | AV1   | OBU, sequence headers too  | header and extension (1 byte in Chromium); the size is written anew        |
 *
 * Start codes, delimiters and padding are no content: packetisers drop them and depacketisers make them. Besides, the
 * number and the lengths of the units of a frame can be seen.
 */
const CODECS: ReadonlyMap<string, CodecRules> = new Map(
  [opus, vp8, vp9, h264, av1].map((rules) => [rules.mimeType, rules]),
);

/** MIME types of the codecs that frames are protected for. Others are dropped: negotiate these only. */
export const SUPPORTED_MIME_TYPES: readonly string[] = [...CODECS.keys()];

/** The rules of a codec by MIME type, in any case; undefined when it is not supported: its frames must be dropped. */
export function codecRules(mimeType: string | undefined): CodecRules | undefined {
  return mimeType === undefined ? undefined : CODECS.get(mimeType.toLowerCase());
}
