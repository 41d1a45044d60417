/** Limits of the transform worker. Times are in milliseconds. */

/** Transforms attached at once. */
export const MAX_SLOTS = 512;

/** Frames of a newer epoch that one slot keeps until the own commit is merged, and for how long. */
export const MAX_HELD_FRAMES = 64;
export const MAX_HELD_BYTES = 2 * 1024 * 1024;
export const HOLD_MS = 1_000;

/** Frames written that the browser has not taken yet; beyond, frames are dropped. */
export const MAX_BEHIND_FRAMES = 64;

/** A slot stays 'open' for so long after its last good frame, whatever bad ones are thrown between. */
export const OPEN_HOLD_MS = 500;

/** Shortest time between two reports of a slot: when its badge changes, and when only counters moved. */
export const REPORT_CHANGE_MS = 250;
export const REPORT_COUNTERS_MS = 1_000;

/** Shortest time between two key-frame requests of a slot; doubles up to the longest while none arrives. */
export const KEY_FRAME_MIN_MS = 1_000;
export const KEY_FRAME_MAX_MS = 8_000;
