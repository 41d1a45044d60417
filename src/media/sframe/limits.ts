/**
 * Limits of the media keys. Times are in milliseconds on the caller's clock.
 *
 * What the retention costs: for RETENTION_MS after a commit, whoever holds the old epoch's secret (a removed member
 * too) can still make frames that open under the name of a member who has not been heard in the newer epoch yet, and
 * a device seized in that time gives up that much of the past. Frames under the name of a removed member are refused
 * at once. Once a member was heard in a newer epoch, its older frames open for REORDER_MS longer and then no more.
 */
export const RETENTION_MS = 10_000;

/** How long older frames of a sender still open after its first frame in a newer epoch was authenticated. */
export const REORDER_MS = 1_000;

/** Epochs whose keys are held at once, the current one included. Below 2^(E-1), so that residues never collide. */
export const MAX_EPOCHS = 16;

/** Receive keys held ready in each epoch; the least recently used goes first and is derived again when needed. */
export const MAX_CACHED_KEYS = 512;

/** Counters behind the highest one that can still be told from replays, for each KID. A multiple of 32. */
export const REPLAY_WINDOW = 1_024;

/** Frames that one KID may protect: keeps the counter in 4 bytes, and is 2 years at 60 frames a second. */
export const MAX_COUNTER = 2 ** 32 - 1;

/** Foundings that one key ring follows in its life. It remembers them all, so that no counter ever repeats. */
export const MAX_FOUNDINGS = 1_024;

/** Longest MLS group id taken, in bytes. */
export const MAX_GROUP_ID_BYTES = 255;

/** Longest frame protected or opened, in bytes. */
export const MAX_FRAME_BYTES = 4 * 1024 * 1024;
