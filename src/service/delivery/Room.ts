import { randomBytes } from 'node:crypto';
import { LogError, STORE_SECRET_BYTES, type DeliveryLog } from '../../log/DeliveryLog.ts';
import type { ParticipantId, RoomId } from '../../protocol/ids.ts';
import type { Entry } from '../../protocol/entry.ts';
import type { View } from '../../protocol/view.ts';
import { unhex } from '../../protocol/wire/bytes.ts';
import type { WireEntry } from '../../protocol/wire/hashes.ts';
import { encodeHeader } from '../../protocol/wire/header.ts';
import { roomOf } from '../../protocol/wire/invite.ts';
import { admitDraft, admitJoin, Refused, UsedUp } from './admission.ts';
import type { ServiceLimits } from './limits.ts';
import { mayPass } from './logFaults.ts';
import { LogView } from './LogView.ts';
import { Needs } from './Needs.ts';
import { Outbox } from './Outbox.ts';
import { resumeToken, sameToken } from './resumeToken.ts';
import { Spacing } from './Spacing.ts';

/** Entries that are read from the log at a time. */
const CATCH_UP = 256;

/** One end of a room: somebody to whom entries go. */
export interface Reader {
  entry(entry: WireEntry, position: number): void;
  /** What somebody else here said beside the log. */
  message(from: ParticipantId, data: string): void;
  /** Null where it can take more; otherwise when it can, or is gone. */
  ready(): Promise<void> | null;
  /** Somebody resumed this participant on another connection. */
  replaced(): void;
  /** The log takes no entries now, whoever they are of. */
  logUnavailable(): void;
}

interface Presence {
  readonly outbox: Outbox;
  reader: Reader | null;
  grace: NodeJS.Timeout | null;
  /** Its `leave` is on its way into the log: it still reads, and appends no more. */
  leaving: boolean;
}

/**
 * A room: one log, and who is present. It appends what participants draft, and speaks alone in `leave` only
 * (`DeclareGone` of the spec).
 */
export class Room {
  readonly id: RoomId;
  readonly log: DeliveryLog;
  readonly #limits: ServiceLimits;
  readonly #secret: Uint8Array;
  readonly #present = new Map<ParticipantId, Presence>();
  readonly #usedUp = new UsedUp();
  /** Participants that catch up before their `join` is appended. */
  #entering = 0;
  readonly #view: LogView;
  readonly #spacing: Spacing;
  readonly #needs: Needs;
  readonly #stop: () => void;
  /** The draft that is being appended; settles without an error. */
  #draft: Promise<void> | null = null;
  #unavailableToldAt = -Infinity;

  /** @param secret that resume tokens are made from: `LogStore.secret`. */
  constructor(
    id: RoomId,
    log: DeliveryLog,
    limits: ServiceLimits,
    secret: Uint8Array = randomBytes(STORE_SECRET_BYTES),
  ) {
    this.id = id;
    this.log = log;
    this.#limits = limits;
    this.#secret = secret;
    // It subscribes first: what is held back is judged by a view that has the entry.
    this.#view = new LogView(log);
    this.#needs = new Needs(this.#view);
    this.#spacing = new Spacing(this.#view, limits.silenceMs);
    this.#view.follow((before, after, entry) => this.#followPresence(before, after, entry));
    this.#stop = log.subscribe((entry, position) => {
      for (const [participant, { reader, outbox }] of this.#present) {
        reader?.entry(this.#needs.of(participant, entry, position), position);
        outbox.wake();
      }
    });
  }

  /** Participants that are here, or may still come back. */
  get size(): number {
    return this.#present.size;
  }

  /**
   * Reads a log that an earlier run of the service has kept. Who has joined and not left is here without a connection, and
   * its grace begins now ("a restart of the service counts anew"). Rejects as the log does.
   */
  async restore(): Promise<void> {
    const { inviteKey } = this.log;
    if (inviteKey !== null && roomOf(unhex(inviteKey)) === this.id) await this.#view.begin(inviteKey);
  }

  /** `Join`: takes a new participant in. Its `join` is appended, and `reader` gets the log from the start. @throws Refused */
  async join(
    entry: WireEntry,
    inviteKey: string,
    reader: Reader,
  ): Promise<{ participant: ParticipantId; token: string }> {
    const participant = admitJoin(entry, inviteKey, this.id, this.log.id);
    await this.#view.begin(inviteKey);
    if (this.#present.size + this.#entering >= this.#limits.participants)
      throw new Refused('room_full', `${String(this.#limits.participants)} participants are here at once`);
    this.#usedUp.take(this.#view.judge(entry), this.#view.view);
    this.log.keepInviteKey(inviteKey);
    this.#entering++;
    await this.#catchUp(participant, reader, 1, () => this.#enter(participant, reader)).finally(
      () => this.#entering--,
    );
    try {
      await this.#append(entry);
    } catch (error) {
      this.#present.delete(participant);
      throw error;
    }
    return { participant, token: resumeToken(this.#secret, this.log.id, participant) };
  }

  #enter(participant: ParticipantId, reader: Reader | null): Presence {
    const outbox = new Outbox({
      holds: (draft) => this.#spacing.holds(draft),
      append: (draft) => this.#appendDraft(draft, () => !presence.leaving),
      limit: this.#limits.heldEntries,
    });
    const presence: Presence = { outbox, reader, grace: null, leaving: false };
    this.#present.set(participant, presence);
    return presence;
  }

  /** The log says who is here where this run of the service has not taken them in itself. */
  #followPresence(before: View, after: View, { kind, author }: Entry): void {
    const presence = this.#present.get(author);
    const joins = kind === 'join' && !before.joined[author] && after.joined[author] !== undefined;
    if (joins && presence === undefined) this.#awaitReturn(author, this.#enter(author, null));
    if (kind !== 'leave' || presence === undefined || presence.reader !== null || presence.leaving) return;
    if (presence.grace !== null) clearTimeout(presence.grace);
    this.#present.delete(author);
  }

  #awaitReturn(participant: ParticipantId, presence: Presence): void {
    presence.grace = setTimeout(() => void this.leave(participant), this.#limits.graceMs);
  }

  /**
   * One draft after the other, and none that was overtaken (false): its author discards it when it reads what overtook it,
   * as after `Lose`, and in a crowd whose members all claim at once such drafts would be most of the log.
   */
  async #appendDraft(draft: WireEntry, isWanted: () => boolean): Promise<boolean> {
    while (this.#draft !== null) await this.#draft;
    if (!isWanted() || this.#view.isOvertaken(draft)) return false;
    const appended = this.#append(draft);
    const settled = (): void => void (this.#draft = null);
    this.#draft = appended.then(settled, settled);
    await appended;
    return true;
  }

  /** Where the log takes nothing, everybody in the room is told, once in a while. */
  async #append(entry: WireEntry): Promise<number> {
    try {
      return await this.log.append(entry);
    } catch (error) {
      if (mayPass(error)) this.#tellUnavailable();
      throw error;
    }
  }

  #tellUnavailable(): void {
    const now = performance.now();
    if (now - this.#unavailableToldAt < this.#limits.graceMs) return;
    this.#unavailableToldAt = now;
    for (const { reader } of this.#present.values()) reader?.logUnavailable();
  }

  /** The same participant on a new connection, from position `from` on. */
  async resume(participant: ParticipantId, token: string, from: number, reader: Reader): Promise<string> {
    const presence = this.#present.get(participant);
    const own = resumeToken(this.#secret, this.log.id, participant);
    if (presence === undefined || presence.leaving || !sameToken(own, token)) {
      throw new Refused('unknown_participant', 'nobody to resume');
    }
    presence.reader?.replaced();
    presence.reader = null;
    presence.outbox.clear();
    if (presence.grace !== null) clearTimeout(presence.grace);
    presence.grace = null;
    await this.#catchUp(participant, reader, Math.max(1, from), () => (presence.reader = reader));
    return own;
  }

  /** Sends what is in the log already, and says so before anything else can be appended: no entry is lost between. */
  async #catchUp(
    participant: ParticipantId,
    reader: Reader,
    from: number,
    caughtUp: () => void,
  ): Promise<void> {
    let next = from;
    while (next <= this.log.length) {
      const entries = await this.log.read(next, CATCH_UP);
      for (const entry of entries) {
        reader.entry(this.#needs.of(participant, entry, next), next);
        next++;
        const ready = reader.ready();
        if (ready !== null) await ready;
      }
    }
    caughtUp();
  }

  /**
   * `AppendEntry`: appends what a participant drafted: true once that is done, false where it was dropped, with its connection or because
   * it was overtaken. A claim may be held back (rule Takeover), and so is what the same participant sends after it.
   */
  async append(participant: ParticipantId, entry: WireEntry): Promise<boolean> {
    const presence = this.#present.get(participant);
    if (presence?.leaving !== false) throw new Refused('closed', 'this participant has left');
    admitDraft(entry, participant, this.log.id);
    return presence.outbox.push(entry);
  }

  /** Whether what a participant has sent is held back. */
  holds(participant: ParticipantId): boolean {
    return this.#present.get(participant)?.outbox.isHeld === true;
  }

  /** Hands what a participant says to everybody else who is here with a connection. Nothing is kept of it. @throws Refused */
  relay(from: ParticipantId, data: string): void {
    if (this.#present.get(from)?.leaving !== false) throw new Refused('closed', 'this participant has left');
    for (const [participant, { reader, leaving }] of this.#present)
      if (participant !== from && !leaving) reader?.message(from, data);
  }

  /** A connection has gone. Without a word it may come back within the grace. */
  lost(participant: ParticipantId, reader: Reader): void {
    const presence = this.#present.get(participant);
    if (presence?.reader !== reader) return;
    presence.reader = null;
    presence.outbox.clear();
    if (presence.leaving) return;
    this.#awaitReturn(participant, presence);
  }

  /**
   * Appends the `leave` of a participant that is here. It reads up to it: so who is alive finds out. Where the log takes
   * nothing now, the `leave` is tried again, as often as it takes.
   */
  async leave(participant: ParticipantId): Promise<void> {
    const presence = this.#present.get(participant);
    if (presence === undefined || presence.leaving) return;
    presence.leaving = true;
    presence.outbox.clear();
    if (presence.grace !== null) clearTimeout(presence.grace);
    await this.#appendLeave(participant, presence);
  }

  async #appendLeave(participant: ParticipantId, presence: Presence): Promise<void> {
    const header = encodeHeader({ kind: 'leave', log: this.log.id, author: participant });
    const entry = { header, signature: new Uint8Array(), payload: new Uint8Array() };
    try {
      await this.#append(entry);
      this.#present.delete(participant);
    } catch (error) {
      // A log that is full, or damaged, has ended: nobody can conclude anything from it any more.
      if (!mayPass(error)) this.#present.delete(participant);
      else if (this.#present.get(participant) === presence)
        presence.grace = setTimeout(
          () => void this.#appendLeave(participant, presence),
          this.#limits.graceMs,
        );
      if (!(error instanceof LogError)) throw error;
    }
  }

  close(): void {
    this.#stop();
    this.#view.close();
    for (const { grace, outbox } of this.#present.values()) {
      if (grace !== null) clearTimeout(grace);
      outbox.clear();
    }
    this.#present.clear();
  }
}
