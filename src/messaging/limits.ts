/** The limits of messages between members, in one table. Times are in milliseconds. */
import { RETENTION_MS } from '../media/sframe/limits.ts';

export const MESSAGE_LIMITS = Object.freeze({
  /** Bytes of a sealed message: what the service hands on (`relayBytes` there). */
  sealed: 16 << 10,
  /** Bytes of what is in it. */
  content: 15 << 10,
  /** What is encrypted has a multiple of so many bytes: of a short text the service does not see how short it is. */
  padding: 256,
  /** Messages that one sender seals in one epoch. */
  counter: 2 ** 32 - 1,
  /** How long the key of an epoch opens messages after the group has left it: as long as those of media. */
  retentionMs: RETENTION_MS,
  /** Epochs whose keys are held at once, the current one included; the oldest go early. */
  epochs: 16,
  /** Messages of epochs that are not reached yet: how many wait, of all and of one sender, and how long. */
  waiting: 64,
  waitingOfSender: 8,
  waitingMs: 10_000,
  /** Messages that have come and are still being opened. */
  queued: 256,
  /** Messages that go out in a second, and in a burst: fewer than the service takes. */
  perSecond: 4,
  burst: 16,
  /** Characters (code points) of one text. */
  text: 2_000,
});
