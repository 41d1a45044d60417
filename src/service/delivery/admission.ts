import { keysOf } from '../../protocol/counts.ts';
import { ParseError } from '../../protocol/errors.ts';
import type { LogId, ParticipantId, RoomId } from '../../protocol/ids.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { unhex } from '../../protocol/wire/bytes.ts';
import type { WireEntry } from '../../protocol/wire/hashes.ts';
import { decodeHeader, type Header } from '../../protocol/wire/header.ts';
import { roomOf } from '../../protocol/wire/invite.ts';
import { flawText, type JoinFlaw, type KeyPackageFlaw } from '../../protocol/wire/keyPackage.ts';
import { isWholePayload } from '../../protocol/wire/payload.ts';
import { isPayloadOf } from '../../protocol/wire/verify.ts';
import type { View } from '../../protocol/view.ts';
import { sizeOf } from '../../log/DeliveryLog.ts';
import type { ServiceErrorCode } from '../../log/messages.ts';
import type { Judged } from './LogView.ts';

/** What the service says no to before it orders anything: it keeps the log small and decides nothing by it. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly code: ServiceErrorCode;
  /** What is wrong with the key package, where that is why. */
  readonly flaw: KeyPackageFlaw | null;

  constructor(code: ServiceErrorCode, message: string, flaw: KeyPackageFlaw | null = null) {
    super(message);
    this.code = code;
    this.flaw = flaw;
  }
}

function headerOf(entry: WireEntry, log: LogId): Header {
  const size = sizeOf(entry);
  if (size > LIMITS.entry) throw new Refused('entry_refused', `an entry of ${String(size)} bytes`);
  let header: Header;
  try {
    header = decodeHeader(entry.header);
  } catch (error) {
    if (error instanceof ParseError) throw new Refused('entry_refused', error.message);
    throw error;
  }
  if (header.log !== log) throw new Refused('entry_refused', 'an entry for another log');
  if (!isPayloadOf(header, entry.payload) || !isWholePayload(entry.payload))
    throw new Refused('entry_refused', 'not the payload of its header');
  return header;
}

/** Checks that a `join` is for this room and log; its signature is checked with its key package. Gives who joins. */
export function admitJoin(entry: WireEntry, inviteKey: string, room: RoomId, log: LogId): ParticipantId {
  const header = headerOf(entry, log);
  if (header.kind !== 'join') throw new Refused('message_order', `a ${header.kind} where a join belongs`);
  if (roomOf(unhex(inviteKey)) !== room)
    throw new Refused('not_invited', 'the invite key is of another room');
  return header.author;
}

/** Ids and keys of the joins of a room, those that are on their way into the log included. */
export class UsedUp {
  readonly #ids = new Set<ParticipantId>();
  readonly #keys = new Set<string>();

  /**
   * Takes what a `join` uses up, once and for all. One that participants would refuse is refused here, by the same check
   * and the same view (rule Invited), so that it never gets into the log.
   *
   * @throws Refused
   */
  take({ entry, refusal }: Judged, view: View): void {
    if (entry.kind !== 'join') throw new Refused('entry_refused', `a ${entry.kind} where a join belongs`);
    const { author, flaw = 'not_signed' } = entry;
    if (!entry.invited) throw refusedFor(flaw);
    if (view.joined[author] !== undefined || this.#ids.has(author))
      throw new Refused('id_used', 'a participant id is used once');
    if (refusal === 'full' || this.#ids.size >= LIMITS.participants)
      throw new Refused('room_full', `${String(LIMITS.participants)} participants have joined this room`);
    const keys = keysOf(entry);
    if (keys.some((key) => view.used[key] ?? this.#keys.has(key))) throw refusedFor('repeated');
    this.#ids.add(author);
    for (const key of keys) this.#keys.add(key);
  }
}

const refusedFor = (flaw: JoinFlaw): Refused =>
  flaw === 'not_signed'
    ? new Refused('not_invited', flawText(flaw))
    : new Refused('bad_key_package', flawText(flaw), flaw);

/** Checks that `author`, and nobody else, drafted this entry: authors are stamped from connections. */
export function admitDraft(entry: WireEntry, author: ParticipantId, log: LogId): void {
  const header = headerOf(entry, log);
  if (header.kind === 'join' || header.kind === 'leave') {
    throw new Refused('entry_refused', `a ${header.kind} is for the service to append`);
  }
  if (header.author !== author) throw new Refused('entry_refused', 'an entry of somebody else');
}
