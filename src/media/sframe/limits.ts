/**
 * Limits of the media keys. Times are in milliseconds on the caller's clock.
 */

/**
 * How long the keys of an epoch open frames after the own group has left it: 10 s. Frames of who is a member before
 * and after a commit are not lost when they arrive later than it, as long as their sender reads the commit, and they
 * arrive, within this time, and no more than REORDER_MS after newer ones of the same stream.
 *
 * What that costs forward secrecy: a device that is seized gives up what was sent in epochs that ended less than
 * RETENTION_MS ago, besides the current one, to whoever recorded the ciphertext; after it the base key and all that
 * was derived from it are dropped (a tab that is frozen drops them when it goes on). And for that time whoever holds
 * an old epoch's secret, a removed member too, can still make frames that open under the name of a member who has not
 * been heard in a newer epoch yet.
 *
 * Frames under the name of a removed member are refused from the merge of that commit on, whenever they were sent:
 * what it had in flight is lost, and counts as 'older epoch'. Nobody is heard or seen after the group has removed it.
 */
export const RETENTION_MS = 10_000;

/** How long older frames of a sender still open after its first frame in a newer epoch was authenticated. */
export const REORDER_MS = 1_000;

/**
 * Epochs whose keys are held at once, the current one included: with more commits than that within RETENTION_MS, the
 * oldest go early. Below 2^(E-1), so that residues never collide.
 */
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
