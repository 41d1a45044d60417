/**
 * The bytes of a sealed message, big-endian as in `protocol/wire`:
 *
 *     version 1 | epoch 8 | sender 16 | counter 4 | nonce 12 | AES-256-GCM(signature 64 | content behind its length | zeros)
 *
 * The key is the epoch's (`MESSAGE_KEY_LABEL`); authenticated with the ciphertext is all before it, and the MLS group id.
 */
import type { ParticipantId } from '../protocol/ids.ts';
import { PARTICIPANT_ID_BYTES, SIGNATURE_BYTES } from '../protocol/ids.ts';
import { concat, hex, Reader, unhex, utf8, Writer } from '../protocol/wire/bytes.ts';
import { MESSAGE_LIMITS } from './limits.ts';

/** Label of the MLS exporter (RFC 9420 section 8.5) for the key of an epoch; its context is empty, and it has 32 bytes. */
export const MESSAGE_KEY_LABEL = 'designated-committer message v1';
export const MESSAGE_KEY_BYTES = 32;
/** The version of this format. */
export const MESSAGE_VERSION = 1;

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = 1 + 8 + PARTICIPANT_ID_BYTES + 4 + NONCE_BYTES;
/** What the signature covers begins with it: a label of its own keeps it apart from headers, and from all of MLS. */
const SIGNATURE_LABEL = 'DC 1.0 message\0';

type Bytes = Uint8Array<ArrayBuffer>;

/** What is in clear, and authenticated. */
export interface MessageHeader {
  /** Of the MLS group, an unsigned 64-bit number. */
  readonly epoch: bigint;
  readonly sender: ParticipantId;
  /** Of the sender in this epoch: one more for each message. */
  readonly counter: number;
}

/** A message that has come, taken apart. Nothing is known of it yet. */
export interface SealedMessage extends MessageHeader {
  /** All before the ciphertext. */
  readonly header: Uint8Array;
  readonly nonce: Bytes;
  readonly ciphertext: Bytes;
}

const fixedPart = ({ epoch, sender, counter }: MessageHeader): Writer =>
  new Writer()
    .uint(MESSAGE_VERSION, 1)
    .uint(Number(epoch >> 32n), 4)
    .uint(Number(epoch & 0xffff_ffffn), 4)
    .fixed(sender, PARTICIPANT_ID_BYTES)
    .uint(counter, 4);

/** What is before the ciphertext. */
export const encodeHeader = (header: MessageHeader, nonce: Uint8Array): Uint8Array =>
  fixedPart(header).fixed(hex(nonce), NONCE_BYTES).bytes();

/** What the AEAD authenticates besides the ciphertext. */
export const associatedData = (header: Uint8Array, groupId: Uint8Array): Bytes =>
  new Uint8Array(concat(header, groupId));

/** What a sender signs: who, in which epoch of which group, the how-manyth, what. */
export const signedContent = (groupId: Uint8Array, header: MessageHeader, content: Uint8Array): Uint8Array =>
  concat(utf8(SIGNATURE_LABEL), new Writer().opaque(groupId).bytes(), fixedPart(header).bytes(), content);

/** What is encrypted. */
export function encodePlaintext(signature: Uint8Array, content: Uint8Array): Bytes {
  const { padding } = MESSAGE_LIMITS;
  const inner = concat(signature, new Writer().opaque(content).bytes());
  const padded = new Uint8Array(Math.ceil(inner.length / padding) * padding);
  padded.set(inner);
  return padded;
}

/** Null where it is not what `encodePlaintext` makes. */
export function decodePlaintext(
  plaintext: Uint8Array,
): { signature: Uint8Array; content: Uint8Array } | null {
  try {
    const reader = new Reader(plaintext);
    const signature = unhex(reader.fixed(SIGNATURE_BYTES));
    const content = reader.opaque(MESSAGE_LIMITS.content);
    const again = encodePlaintext(signature, content);
    const same = again.length === plaintext.length && again.every((byte, at) => byte === plaintext[at]);
    return same ? { signature, content } : null;
  } catch {
    return null;
  }
}

/** Null where it is not of the form. */
export function decodeSealed(bytes: Uint8Array): SealedMessage | null {
  const { sealed, padding } = MESSAGE_LIMITS;
  if (bytes.length > sealed || bytes.length < HEADER_BYTES + padding + TAG_BYTES) return null;
  if ((bytes.length - HEADER_BYTES - TAG_BYTES) % padding !== 0) return null;
  const reader = new Reader(bytes);
  if (reader.uint(1) !== MESSAGE_VERSION) return null;
  const epoch = (BigInt(reader.uint(4)) << 32n) | BigInt(reader.uint(4));
  const sender = reader.fixed(PARTICIPANT_ID_BYTES);
  const counter = reader.uint(4);
  return {
    epoch,
    sender,
    counter,
    header: bytes.slice(0, HEADER_BYTES),
    nonce: new Uint8Array(bytes.subarray(HEADER_BYTES - NONCE_BYTES, HEADER_BYTES)),
    ciphertext: new Uint8Array(bytes.subarray(HEADER_BYTES)),
  };
}

export const newNonce = (): Bytes => crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
