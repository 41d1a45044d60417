/** Limits of the transform worker. Times are in milliseconds. */

/** Transforms attached at once. */
export const MAX_SLOTS = 512;

/**
 * Frames that one slot keeps until their key is there, and for how long: those of a newer epoch until the own commit
 * is merged, and those that arrive before the first key until the Welcome is processed. Who reads the log more than
 * HOLD_MS after a sender did loses what that sender sent in between; the frames are ciphertext all the while.
 */
export const MAX_HELD_FRAMES = 64;
export const MAX_HELD_BYTES = 512 * 1024;
export const HOLD_MS = 1_000;

/** Frames written that the browser has not taken yet; beyond, frames are dropped. */
export const MAX_BEHIND_FRAMES = 64;

/** A slot stays 'open' for so long after its last good frame, whatever bad ones are thrown between. */
export const OPEN_HOLD_MS = 500;

/** A slot to which nothing has come for so long is 'idle': a picture that stands still is not called open. */
export const IDLE_MS = 5_000;

/** So long after a slot was given to somebody else, frames of whom it had before are counted and no alarm. */
export const HANDED_OVER_MS = 1_000;

/** Shortest time between two reports of a slot: when its badge changes, and when only counters moved. */
export const REPORT_CHANGE_MS = 250;
export const REPORT_COUNTERS_MS = 1_000;

/** Shortest time between two key-frame requests of a slot; doubles up to the longest while none arrives. */
export const KEY_FRAME_MIN_MS = 1_000;
export const KEY_FRAME_MAX_MS = 8_000;

/** RTP payload types whose codec is known at once: all that there are (RFC 3550 section 5.1). */
export const MAX_PAYLOAD_TYPES = 128;
