import type { LogId, ParticipantId, RoomId } from '../protocol/ids.ts';
import {
  HASH_BYTES,
  LOG_ID_BYTES,
  PARTICIPANT_ID_BYTES,
  SIGNATURE_BYTES,
  SIGNATURE_KEY_BYTES,
} from '../protocol/ids.ts';
import { concat, hex, Reader, unhex, utf8, Writer } from '../protocol/wire/bytes.ts';
import type { BorderChecks } from '../protocol/wire/verify.ts';

/** A key that stands for a person over many participants: Ed25519. */
export interface PersonKey {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** Signs what `personProof.ts` makes, and nothing else: 64 bytes. */
  readonly sign: (content: Uint8Array) => Uint8Array | Promise<Uint8Array>;
}

/** As whom, where and with which key a person takes part. */
export interface Participation {
  readonly room: RoomId;
  readonly log: LogId;
  readonly participant: ParticipantId;
  /** Ed25519 key of the leaf and of the headers, hex: that of the `join`. */
  readonly leafKey: string;
  /** As it is shown (`displayName`). */
  readonly name: string;
}

const VERSION = 1;

/**
 * What both keys sign: the person key says that this leaf is its own, and the leaf says that this person key is. With the
 * first alone, whoever has the link and the help of the service could put its own person code to somebody else's leaf, and be
 * taken for who speaks there. The log is in it because the room outlives its logs: an old `join` cannot bring a person into a
 * new one. The name is, so that a code keeps the name that its person chose.
 */
function statement(it: Participation, personKey: string): Uint8Array {
  const fields = new Writer()
    .fixed(it.room, HASH_BYTES)
    .fixed(it.log, LOG_ID_BYTES)
    .fixed(it.participant, PARTICIPANT_ID_BYTES)
    .fixed(it.leafKey, SIGNATURE_KEY_BYTES)
    .fixed(personKey, SIGNATURE_KEY_BYTES)
    .opaque(utf8(it.name));
  return concat(utf8('DC 1.0 person proof\0'), fields.bytes());
}

/** Proves that a person is behind a participation: version, person key, its signature, that of the leaf; 161 bytes. */
export async function provePerson(
  participation: Participation,
  person: PersonKey,
  signWithLeaf: (content: Uint8Array) => Uint8Array,
): Promise<Uint8Array> {
  const personKey = hex(person.publicKey);
  const content = statement(participation, personKey);
  const byLeaf = signWithLeaf(content);
  const byPerson = await person.sign(content);
  return new Writer()
    .uint(VERSION, 1)
    .fixed(personKey, SIGNATURE_KEY_BYTES)
    .fixed(hex(byPerson), SIGNATURE_BYTES)
    .fixed(hex(byLeaf), SIGNATURE_BYTES)
    .bytes();
}

/**
 * The person key (32 bytes) that a proof proves to be behind a participation; null where it proves nothing: there is none, it has
 * another version or length, or one of the two signatures does not verify. Throws what `verifies` throws.
 */
export function personKeyOf(
  participation: Participation,
  proof: Uint8Array,
  verifies: BorderChecks['verifies'],
): Uint8Array | null {
  if (proof.length !== 1 + SIGNATURE_KEY_BYTES + 2 * SIGNATURE_BYTES) return null;
  const r = new Reader(proof);
  if (r.uint(1) !== VERSION) return null;
  const personKey = r.fixed(SIGNATURE_KEY_BYTES);
  const [byPerson, byLeaf] = [r.fixed(SIGNATURE_BYTES), r.fixed(SIGNATURE_BYTES)].map(unhex);
  const content = statement(participation, personKey);
  const signed = (key: string, signature: Uint8Array = new Uint8Array()): boolean =>
    verifies(unhex(key), content, signature);
  return signed(personKey, byPerson) && signed(participation.leafKey, byLeaf) ? unhex(personKey) : null;
}
