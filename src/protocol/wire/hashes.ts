import type { CommitId, LogHash, LogId, ParticipantId, RoomId } from '../ids.ts';
import { HASH_BYTES, LOG_ID_BYTES, PARTICIPANT_ID_BYTES } from '../ids.ts';
import { hex, labelledHash, unhex, Writer } from './bytes.ts';

/** An entry as it is on the wire and in the log. */
export interface WireEntry {
  /** See `header.ts`. */
  readonly header: Uint8Array;
  /** Ed25519, 64 bytes: by the key of the author's `join`, of a `join` by the invite key; empty for a `leave`. */
  readonly signature: Uint8Array;
  /** See `payload.ts`; empty where the kind has none. */
  readonly payload: Uint8Array;
}

/** The hash of an empty log: it covers the log id. */
export const originOf = (log: LogId): LogHash => hex(labelledHash('DC 1.0 log', unhex(log)));

/**
 * The hash of a log with one entry more. It covers header and signature, so that two readers with one hash judge every
 * entry alike; the payload by the digest in the header.
 */
export const nextHash = (before: LogHash, entry: WireEntry): LogHash =>
  hex(
    labelledHash(
      'DC 1.0 entry',
      new Writer().fixed(before, HASH_BYTES).opaque(entry.header).opaque(entry.signature).bytes(),
    ),
  );

/** The name of a founding or commit in a history. It covers the parent and where it was drafted. */
export const commitIdOf = (header: Uint8Array): CommitId => hex(labelledHash('DC 1.0 commit', header));

/** The MLS group id of a founding: bound to the room and to the founding entry, and so in every exported key. */
export const groupIdOf = (
  room: RoomId,
  founding: {
    readonly log: LogId;
    readonly author: ParticipantId;
    readonly at: number;
    readonly on: LogHash;
  },
): Uint8Array =>
  labelledHash(
    'DC 1.0 group',
    new Writer()
      .fixed(room, HASH_BYTES)
      .fixed(founding.log, LOG_ID_BYTES)
      .fixed(founding.author, PARTICIPANT_ID_BYTES)
      .uint(founding.at, 4)
      .fixed(founding.on, HASH_BYTES)
      .bytes(),
  );
