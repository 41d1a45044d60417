/** What tests of the wire format share. Keys from seeds of one repeated byte: nothing here is secret. */
import { ed25519 } from '@noble/curves/ed25519.js';
import { digest, hex, unhex } from './bytes.ts';
import type { WireEntry } from './hashes.ts';
import { encodeHeader, type Header } from './header.ts';
import type { KeyPackageFacts, KeyPackageFlaw } from './keyPackage.ts';
import { ParseError, type ParseErrorCode } from '../errors.ts';
import { encodeJoinPayload, payloadDigest } from './payload.ts';
import { publicKeyOf, signWithSeed } from './signature.ts';
import type { BorderChecks } from './verify.ts';

export const seedOf = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
export const keyOf = (byte: number): string => hex(publicKeyOf(seedOf(byte)));
/** `length` bytes of one value, as hex. */
export const bytesOf = (byte: number, length: number): string => hex(new Uint8Array(length).fill(byte));
export const NOTHING = new Uint8Array();

/** The code of the ParseError that `run` throws; null where it throws none. Any other error is a bug. */
export function codeOf(run: () => unknown): ParseErrorCode | null {
  try {
    run();
    return null;
  } catch (error) {
    if (error instanceof ParseError) return error.code;
    throw error;
  }
}

/** What a header names of a payload, bytes in no parts included: of those no author can name anything that readers take. */
export function digestOf(payload: Uint8Array): string {
  try {
    return payloadDigest(payload);
  } catch (error) {
    if (error instanceof ParseError) return digest(payload);
    throw error;
  }
}

/** Signs a header with the seed of `byte`. */
export const signed = (header: Header, byte: number, payload: Uint8Array = NOTHING): WireEntry => {
  const bytes = encodeHeader(header);
  return { header: bytes, signature: signWithSeed(seedOf(byte), bytes), payload };
};

/** A key package of these tests: participant id and signature key, bare. The check of it is in `BARE_CHECKS`. */
export const bareKeyPackage = (participant: string, signatureKey: string): Uint8Array =>
  unhex(participant + signatureKey);
const checkKeyPackage = (bytes: Uint8Array): KeyPackageFacts | KeyPackageFlaw =>
  bytes.length === 48
    ? { participant: hex(bytes.subarray(0, 16)), signatureKey: hex(bytes.subarray(16)), hpkeKeys: [] }
    : 'malformed';
const verifies = (key: Uint8Array, content: Uint8Array, signature: Uint8Array): boolean =>
  signature.length === 64 && ed25519.verify(signature, content, key, { zip215: false });
/** What stands for the MLS core where there is none. */
export const BARE_CHECKS: BorderChecks = { checkKeyPackage, verifies };

/** A join of the participant whose key has the seed of `byte`, signed by the invite key of the seed of `inviteByte`. */
export function joinOf(
  log: string,
  author: string,
  byte: number,
  inviteByte: number,
  change: {
    keyPackage?: Uint8Array;
    payload?: Uint8Array;
    named?: string;
    signatureKey?: string;
  } = {},
): WireEntry {
  const keyPackage = change.keyPackage ?? bareKeyPackage(author, keyOf(byte));
  const payload = change.payload ?? encodeJoinPayload({ keyPackage, sealed: NOTHING });
  const header: Header = {
    kind: 'join',
    log,
    author,
    signatureKey: change.signatureKey ?? keyOf(byte),
    keyPackage: change.named ?? digest(keyPackage),
    payload: digestOf(payload),
  };
  return signed(header, inviteByte, payload);
}
