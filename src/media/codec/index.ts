import { opus } from './opus.ts';
import { type CodecRules } from './rules.ts';
import { vp8 } from './vp8.ts';
import { vp9 } from './vp9.ts';

export { type CodecRules, type Split } from './rules.ts';

const CODECS: ReadonlyMap<string, CodecRules> = new Map(
  [opus, vp8, vp9].map((rules) => [rules.mimeType, rules]),
);

/** MIME types of the codecs that frames are protected for. Others are dropped: negotiate these only. */
export const SUPPORTED_MIME_TYPES: readonly string[] = [...CODECS.keys()];

/** The rules of a codec by MIME type, in any case; undefined when it is not supported: its frames must be dropped. */
export function codecRules(mimeType: string | undefined): CodecRules | undefined {
  return mimeType === undefined ? undefined : CODECS.get(mimeType.toLowerCase());
}
