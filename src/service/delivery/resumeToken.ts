import { createHmac, timingSafeEqual } from 'node:crypto';
import type { LogId, ParticipantId } from '../../protocol/ids.ts';
import { unhex } from '../../protocol/wire/bytes.ts';

/** Bytes of a token (`messages.ts`). */
const TOKEN_BYTES = 16;

/**
 * What a participant shows to resume: HMAC-SHA-256 (RFC 2104) over log and participant by the secret of the store, cut to
 * 128 bits. It is made anew whenever it is needed, so that it outlives the service and is stored nowhere.
 */
export const resumeToken = (secret: Uint8Array, log: LogId, participant: ParticipantId): string =>
  createHmac('sha256', secret)
    .update('DC 1.0 resume\0')
    .update(unhex(log))
    .update(unhex(participant))
    .digest()
    .subarray(0, TOKEN_BYTES)
    .toString('hex');

/** Whether two tokens are the same, in a time that does not tell where they differ. */
export const sameToken = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
