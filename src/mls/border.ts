/** The checks at the border to wasm, and the records that cross it: a wrong type or length never gets there. */
import { MlsError, type ExpectedAdd, type MlsMember, type ParticipantId } from './MlsGroup.ts';

const ID_BYTES = 16;
const KEY_BYTES = 32;
const HASH_BYTES = 32;
const MEMBER_BYTES = 4 + ID_BYTES + KEY_BYTES;
/** Adds or removes in one commit: the participants in a room. */
const MAX_LIST = 1000;
/** Commit, Welcome, exporter context; bytes. */
export const MAX_MESSAGE_BYTES = 1 << 20;
/** The end of the year 9999, in seconds. */
const MAX_SECONDS = 253_402_300_799;

const malformed = (what: string): never => {
  throw new MlsError('malformed', what);
};

/** `value` if it is a Uint8Array of at most `max` bytes. */
export function checkBytes(value: Uint8Array, what: string, max: number = MAX_MESSAGE_BYTES): Uint8Array {
  if (!(value instanceof Uint8Array)) return malformed(`${what} is not a Uint8Array`);
  if (value.length > max) throw new MlsError('too_large', `${what} has more than ${max} bytes`);
  return value;
}

export function checkList<T>(value: readonly T[], what: string): readonly T[] {
  const given: unknown = value;
  if (!Array.isArray(given)) return malformed(`${what} is not a list`);
  if (value.length > MAX_LIST) throw new MlsError('too_large', `${what} has more than ${MAX_LIST} items`);
  return value;
}

export function checkObject(value: unknown, what: string): void {
  if (typeof value !== 'object' || value === null) malformed(`${what} is not an object`);
}

export function checkBoolean(value: boolean, what: string): boolean {
  return typeof value === 'boolean' ? value : malformed(`${what} is not a boolean`);
}

/** Seconds since 1970. What no calendar has is a clock that is no good, and told as such. */
export function checkSeconds(value: number): number {
  if (typeof value === 'number' && value >= 0 && value <= MAX_SECONDS) return Math.floor(value);
  throw new MlsError(
    'bad_clock',
    `the clock of this device says ${String(value)} seconds since 1970; to take part it must be in the years 1970 to 9999`,
  );
}

export function checkLength(value: number, min: number, max: number, what: string): number {
  return Number.isInteger(value) && value >= min && value <= max
    ? value
    : malformed(`${what} is not from ${min} to ${max}`);
}

export function idBytes(id: ParticipantId): Uint8Array {
  if (typeof id !== 'string' || !/^[0-9a-f]{32}$/.test(id))
    return malformed('a participant id is not 32 lowercase hex digits');
  return Uint8Array.from({ length: ID_BYTES }, (_, i) => Number.parseInt(id.slice(2 * i, 2 * i + 2), 16));
}

export function idHex(bytes: Uint8Array): ParticipantId {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export function idList(ids: readonly ParticipantId[], what: string): Uint8Array {
  return concat(checkList(ids, what).map(idBytes));
}

export function addList(adds: readonly ExpectedAdd[]): Uint8Array {
  return concat(
    checkList(adds, 'the adds').flatMap((add) => {
      checkObject(add, 'an expected add');
      const hash = checkBytes(add.keyPackageHash, 'a key package hash');
      if (hash.length !== HASH_BYTES) return malformed('a key package hash has not 32 bytes');
      return [idBytes(add.participant), hash];
    }),
  );
}

export function members(records: Uint8Array): MlsMember[] {
  const view = new DataView(records.buffer, records.byteOffset, records.byteLength);
  return Array.from({ length: records.length / MEMBER_BYTES }, (_, i) => {
    const at = i * MEMBER_BYTES;
    return {
      leafIndex: view.getUint32(at),
      participant: idHex(records.subarray(at + 4, at + 4 + ID_BYTES)),
      signatureKey: records.slice(at + 4 + ID_BYTES, at + MEMBER_BYTES),
    };
  });
}
