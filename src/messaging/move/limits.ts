/** Times, in milliseconds, and limits of moving to another room. */
export const MOVE_LIMITS = Object.freeze({
  /** How long who moves waits for answers. */
  answersMs: 5_000,
  /** How long who was asked waits for the secret. */
  secretMs: 15_000,
  /** After so long who was asked follows by itself. */
  followMs: 10_000,
  /** People who can be asked, and left out, in one move. */
  asked: 256,
  without: 64,
  /** Secrets that go in one message. */
  boxes: 48,
});
