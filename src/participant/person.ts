import { ed25519 } from '@noble/curves/ed25519.js';
import { verifies } from '../mls/wasm.ts';
import type { MlsGroup } from '../mls/MlsGroup.ts';
import type { LogId } from '../protocol/ids.ts';
import { hex } from '../protocol/wire/bytes.ts';
import type { WireEntry } from '../protocol/wire/hashes.ts';
import { decodeHeader } from '../protocol/wire/header.ts';
import type { Invite } from '../protocol/wire/invite.ts';
import { decodeJoinPayload } from '../protocol/wire/payload.ts';
import { displayName, openName } from './names.ts';
import { personKeyOf, provePerson, type PersonKey } from './personProof.ts';

export type { PersonKey };

/** The person behind a participant, as far as its `join` tells. */
export interface Person {
  /** What the person wants to be called; empty where there is no name. */
  readonly name: string;
  /** Ed25519, 32 bytes: it and the leaf's key vouch for one another. Null where nothing does: the name is then anybody's word. */
  readonly personKey: Uint8Array | null;
}

const NOBODY: Person = { name: '', personKey: null };

/** A person key of 32 bytes of seed; a fresh one where none is given. */
export function newPersonKey(seed: Uint8Array = crypto.getRandomValues(new Uint8Array(32))): PersonKey {
  return { publicKey: ed25519.getPublicKey(seed), sign: (content) => ed25519.sign(content, seed) };
}

/** Proves that a person is behind a new participant, for `sealName`. Rejects where one of the keys does not sign. */
export function introduce(
  invite: Invite,
  log: LogId,
  mls: MlsGroup,
  name: string,
  person: PersonKey,
): Promise<Uint8Array> {
  const leafKey = hex(mls.signatureKey);
  const shown = displayName(name);
  const participation = { room: invite.room, log, participant: mls.participant, leafKey, name: shown };
  return provePerson(participation, person, (content) => mls.sign(content));
}

/**
 * The person behind a `join` that counts in the log. The signatures are verified by the wasm, as those of headers are: a key or a
 * signature that one browser takes and another does not would give a person a code on some pages only. Where there is no core
 * to ask, there is no code. Rejects with ParseError where it is no entry of the log.
 */
export async function personOf(invite: Invite, join: WireEntry): Promise<Person> {
  const header = decodeHeader(join.header);
  if (header.kind !== 'join') return NOBODY;
  const { log, author: participant, signatureKey: leafKey } = header;
  const { sealed } = decodeJoinPayload(join.payload);
  const opened = await openName(invite.nameKey, participant, sealed);
  if (opened === null) return NOBODY;
  const { name, proof } = opened;
  const participation = { room: invite.room, log, participant, leafKey, name };
  try {
    return { name, personKey: personKeyOf(participation, proof, verifies) };
  } catch {
    return { name, personKey: null };
  }
}
