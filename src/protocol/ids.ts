/**
 * Names that the protocol passes around. All are lower-case hex strings made at the border (`wire.ts`); protocol and
 * machine only compare them, so that an exploration may use any other strings.
 */

/** 16 random bytes, used once: whoever comes back after its `leave` is a new participant. */
export type ParticipantId = string;
/** 16 random bytes that the delivery service draws for each log. */
export type LogId = string;
/** SHA-256 of the invite key: the room that a link leads to. */
export type RoomId = string;
/** The hash of a log up to and with some entry (see `logHash.ts`). */
export type LogHash = string;
/** The hash of the header of a founding or a commit. It covers its parent, so it stands for a whole history. */
export type CommitId = string;
/** SHA-256 of some bytes. */
export type Digest = string;

export const PARTICIPANT_ID_BYTES = 16;
export const LOG_ID_BYTES = 16;
export const HASH_BYTES = 32;
export const SIGNATURE_KEY_BYTES = 32;
export const SIGNATURE_BYTES = 64;
