import type { CommitId, Digest, LogHash, LogId, ParticipantId } from '../ids.ts';
import { HASH_BYTES, LOG_ID_BYTES, PARTICIPANT_ID_BYTES, SIGNATURE_KEY_BYTES } from '../ids.ts';
import { LIMITS } from '../limits.ts';
import { ParseError } from '../errors.ts';
import { Reader, Writer } from './bytes.ts';

/** The version of this wire format. An entry of another version counts for nothing. */
export const WIRE_VERSION = 1;

interface Common {
  readonly log: LogId;
  readonly author: ParticipantId;
}

interface Draft extends Common {
  /** How many entries its author had read. */
  readonly at: number;
  /** The hash of the log up to there. */
  readonly on: LogHash;
}

/** The header of an entry: what is signed, hashed into the log, and all that a view is folded from. */
export type Header =
  | (Common & {
      readonly kind: 'join';
      /** Ed25519 key of the author's leaf and of its headers, 32 bytes. */
      readonly signatureKey: string;
      /** SHA-256 of the key package. */
      readonly keyPackage: Digest;
      readonly payload: Digest;
    })
  | (Common & { readonly kind: 'leave' })
  | (Draft & {
      readonly kind: 'found';
      /** SHA-256 of the epoch authenticator (RFC 9420 section 8.7) of epoch 0. */
      readonly authenticator: Digest;
    })
  | (Draft & {
      readonly kind: 'commit';
      readonly parent: CommitId;
      readonly adds: readonly ParticipantId[];
      readonly removes: readonly ParticipantId[];
      /** SHA-256 of the authenticator of the epoch that it leads to. */
      readonly authenticator: Digest;
      /** SHA-256 of the payload: MLS commit and Welcome. */
      readonly payload: Digest;
    })
  | (Draft & { readonly kind: 'handover' })
  | (Draft & { readonly kind: 'claim'; readonly accused: ParticipantId });

export type HeaderKind = Header['kind'];

const KINDS: readonly HeaderKind[] = ['join', 'leave', 'found', 'commit', 'handover', 'claim'];

/** The bytes of a header. Every header has one encoding. */
export function encodeHeader(header: Header): Uint8Array {
  const w = new Writer()
    .uint(WIRE_VERSION, 1)
    .uint(KINDS.indexOf(header.kind) + 1, 1)
    .fixed(header.log, LOG_ID_BYTES)
    .fixed(header.author, PARTICIPANT_ID_BYTES);
  if ('at' in header) w.uint(header.at, 4).fixed(header.on, HASH_BYTES);
  switch (header.kind) {
    case 'join':
      w.fixed(header.signatureKey, SIGNATURE_KEY_BYTES);
      w.fixed(header.keyPackage, HASH_BYTES).fixed(header.payload, HASH_BYTES);
      break;
    case 'found':
      w.fixed(header.authenticator, HASH_BYTES);
      break;
    case 'commit':
      w.fixed(header.parent, HASH_BYTES);
      w.list(header.adds, PARTICIPANT_ID_BYTES).list(header.removes, PARTICIPANT_ID_BYTES);
      w.fixed(header.authenticator, HASH_BYTES).fixed(header.payload, HASH_BYTES);
      break;
    case 'claim':
      w.fixed(header.accused, PARTICIPANT_ID_BYTES);
      break;
    case 'leave':
    case 'handover':
      break;
  }
  return w.bytes();
}

/** @throws ParseError on anything that `encodeHeader` does not make. */
export function decodeHeader(bytes: Uint8Array): Header {
  if (bytes.length > LIMITS.header)
    throw new ParseError('too_long', `header of ${String(bytes.length)} bytes`);
  const r = new Reader(bytes);
  const version = r.uint(1);
  if (version !== WIRE_VERSION) throw new ParseError('version', `wire version ${String(version)}`);
  const number = r.uint(1);
  const kind = KINDS[number - 1];
  if (kind === undefined) throw new ParseError('kind', `entry kind ${String(number)}`);
  const header = decodeBody(r, kind, { log: r.fixed(LOG_ID_BYTES), author: r.fixed(PARTICIPANT_ID_BYTES) });
  r.end();
  return header;
}

function decodeBody(r: Reader, kind: HeaderKind, common: Common): Header {
  if (kind === 'leave') return { kind, ...common };
  if (kind === 'join') {
    const signatureKey = r.fixed(SIGNATURE_KEY_BYTES);
    return { kind, ...common, signatureKey, keyPackage: r.fixed(HASH_BYTES), payload: r.fixed(HASH_BYTES) };
  }
  const draft: Draft = { ...common, at: r.uint(4), on: r.fixed(HASH_BYTES) };
  switch (kind) {
    case 'found':
      return { kind, ...draft, authenticator: r.fixed(HASH_BYTES) };
    case 'commit':
      return {
        kind,
        ...draft,
        parent: r.fixed(HASH_BYTES),
        adds: r.list(PARTICIPANT_ID_BYTES, LIMITS.batch),
        removes: r.list(PARTICIPANT_ID_BYTES, LIMITS.batch),
        authenticator: r.fixed(HASH_BYTES),
        payload: r.fixed(HASH_BYTES),
      };
    case 'handover':
      return { kind, ...draft };
    case 'claim':
      return { kind, ...draft, accused: r.fixed(PARTICIPANT_ID_BYTES) };
  }
}
