/** What the rows of the file hold, and the checks that what is read is what was written. */
import { createHash } from 'node:crypto';
import type { LogHash, LogId } from '../../protocol/ids.ts';
import { HASH_BYTES, LOG_ID_BYTES } from '../../protocol/ids.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { hex, unhex, utf8 } from '../../protocol/wire/bytes.ts';
import { nextHash, type WireEntry } from '../../protocol/wire/hashes.ts';
import { LogError } from '../DeliveryLog.ts';
import type { Row, Value } from './Database.ts';

/** Positions of one log: more than `LIMITS.entries`, and room for 2^33 logs below 2^53. */
const PLACES = 2 ** 20;
if (LIMITS.entries >= PLACES) throw new RangeError('positions do not fit a place');

/** The key of an entry: the number of its log and its position. */
export const placeOf = (log: number, position: number): number => log * PLACES + position;
/** The largest key of a log. */
export const lastPlaceOf = (log: number): number => placeOf(log, PLACES - 1);
/** The number of the log that a key is of. */
export const logOf = (place: number): number => Math.floor(place / PLACES);

function bytesOf(row: Row, column: string): Uint8Array {
  const value = row[column];
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  throw new LogError('log_corrupt', `no bytes in ${column}`);
}

/** SHA-256 over parts, each behind its length. */
function checksumOf(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash('sha256');
  for (const part of parts) {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(part.length);
    hash.update(length).update(part);
  }
  return hash.digest();
}

const equal = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

/** The log of a room. */
export interface LogRow {
  readonly number: number;
  readonly room: string;
  readonly id: LogId;
  readonly inviteKey: string | null;
}

const checksumOfLog = (
  number: number,
  room: Uint8Array,
  id: Uint8Array,
  invite: Uint8Array | null,
): Uint8Array => checksumOf(utf8(String(number)), room, id, invite ?? new Uint8Array());

/** The values of a `LogRow` but its number, and the checksum of all. */
export function valuesOfLog({ number, room, id, inviteKey }: LogRow): readonly Value[] {
  const invite = inviteKey === null ? null : unhex(inviteKey);
  return [utf8(room), unhex(id), invite, checksumOfLog(number, utf8(room), unhex(id), invite)];
}

/** @throws LogError `log_corrupt` */
export function logOfRow(row: Row): LogRow {
  const { number, invite } = row;
  const [room, id] = [bytesOf(row, 'room'), bytesOf(row, 'id')];
  const key = invite === null ? null : bytesOf(row, 'invite');
  if (typeof number !== 'number' || id.length !== LOG_ID_BYTES)
    throw new LogError('log_corrupt', 'a row of the list of rooms is none');
  if (!equal(bytesOf(row, 'checksum'), checksumOfLog(number, room, id, key)))
    throw new LogError('log_corrupt', 'the list of rooms is damaged');
  return { number, room: Buffer.from(room).toString(), id: hex(id), inviteKey: key && hex(key) };
}

/** The values of an entry's row. `hash`: that of the log with it. */
export function valuesOfEntry(place: number, hash: LogHash, entry: WireEntry): readonly Value[] {
  const { header, signature, payload } = entry;
  return [
    place,
    unhex(hash),
    checksumOf(unhex(hash), header, signature, payload),
    header,
    signature,
    payload,
  ];
}

/** A whole entry. @throws LogError `log_corrupt` where a bit of it has changed. */
export function entryOfRow(row: Row): WireEntry {
  const [header, signature, payload] = [
    bytesOf(row, 'header'),
    bytesOf(row, 'signature'),
    bytesOf(row, 'payload'),
  ];
  const checksum = checksumOf(bytesOf(row, 'hash'), header, signature, payload);
  if (!equal(checksum, bytesOf(row, 'checksum')))
    throw new LogError('log_corrupt', `the entry at ${String(row['place'])} is damaged`);
  return { header, signature, payload };
}

const NO_PAYLOAD = new Uint8Array();

/**
 * The hash of the log with the entry of a row, which is the one at `place`: what it was when it was written.
 *
 * @throws LogError `log_corrupt` where it is not, or the row is another one.
 */
export function hashAfterRow(before: LogHash, row: Row, place: number): LogHash {
  const stored = bytesOf(row, 'hash');
  const header = bytesOf(row, 'header');
  const hash = nextHash(before, { header, signature: bytesOf(row, 'signature'), payload: NO_PAYLOAD });
  if (row['place'] !== place || stored.length !== HASH_BYTES || hash !== hex(stored))
    throw new LogError('log_corrupt', `the entry at ${String(place)} is missing or damaged`);
  return hash;
}
