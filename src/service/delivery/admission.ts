import { ParseError } from '../../protocol/errors.ts';
import type { LogId, ParticipantId, RoomId } from '../../protocol/ids.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { digest, unhex } from '../../protocol/wire/bytes.ts';
import type { WireEntry } from '../../protocol/wire/hashes.ts';
import { decodeHeader, type Header } from '../../protocol/wire/header.ts';
import { roomOf } from '../../protocol/wire/invite.ts';
import { verifies } from '../../protocol/wire/signature.ts';
import type { ServiceErrorCode } from '../../log/messages.ts';

/** What the service says no to before it orders anything: it keeps the log small and decides nothing by it. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly code: ServiceErrorCode;

  constructor(code: ServiceErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

function headerOf(entry: WireEntry, log: LogId): Header {
  const size = entry.header.length + entry.signature.length + entry.payload.length;
  if (size > LIMITS.entry) throw new Refused('entry_refused', `an entry of ${String(size)} bytes`);
  let header: Header;
  try {
    header = decodeHeader(entry.header);
  } catch (error) {
    if (error instanceof ParseError) throw new Refused('entry_refused', error.message);
    throw error;
  }
  if (header.log !== log) throw new Refused('entry_refused', 'an entry for another log');
  const named = 'payload' in header ? header.payload : digest(new Uint8Array());
  if (digest(entry.payload) !== named) throw new Refused('entry_refused', 'not the payload of its header');
  return header;
}

/** Checks a `join`: for this room and log, by its invite key. Gives who joins. */
export function admitJoin(entry: WireEntry, inviteKey: string, room: RoomId, log: LogId): ParticipantId {
  const header = headerOf(entry, log);
  if (header.kind !== 'join') throw new Refused('message_order', `a ${header.kind} where a join belongs`);
  if (roomOf(unhex(inviteKey)) !== room)
    throw new Refused('not_invited', 'the invite key is of another room');
  if (!verifies(inviteKey, entry.header, entry.signature)) throw new Refused('not_invited', 'no invitation');
  return header.author;
}

/** Checks that `author`, and nobody else, drafted this entry: authors are stamped from connections. */
export function admitDraft(entry: WireEntry, author: ParticipantId, log: LogId): void {
  const header = headerOf(entry, log);
  if (header.kind === 'join' || header.kind === 'leave') {
    throw new Refused('entry_refused', `a ${header.kind} is for the service to append`);
  }
  if (header.author !== author) throw new Refused('entry_refused', 'an entry of somebody else');
}
