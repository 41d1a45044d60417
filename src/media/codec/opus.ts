import { prefixRules } from './rules.ts';

/** Opus (RFC 7587): one packet is one payload, so nothing stays in clear. Every packet can be decoded on its own. */
export const opus = prefixRules('audio/opus', 'audio', 0, () => true);
