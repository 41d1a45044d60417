import { randomBytes } from 'node:crypto';
import { AppendError, type DeliveryLog } from '../../log/DeliveryLog.ts';
import type { ParticipantId, RoomId } from '../../protocol/ids.ts';
import type { WireEntry } from '../../protocol/wire/hashes.ts';
import { encodeHeader } from '../../protocol/wire/header.ts';
import { admitDraft, admitJoin, Refused, UsedUp } from './admission.ts';
import type { ServiceLimits } from './limits.ts';
import { LogView } from './LogView.ts';
import { Needs } from './Needs.ts';
import { Outbox } from './Outbox.ts';
import { Spacing } from './Spacing.ts';

/** Entries that are read from the log at a time. */
const CATCH_UP = 256;

/** One end of a room: somebody to whom entries go. */
export interface Reader {
  entry(entry: WireEntry, position: number): void;
  /** Null where it can take more; otherwise when it can, or is gone. */
  ready(): Promise<void> | null;
  /** Somebody resumed this participant on another connection. */
  replaced(): void;
}

interface Presence {
  readonly token: string;
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
  readonly #present = new Map<ParticipantId, Presence>();
  readonly #usedUp = new UsedUp();
  readonly #view: LogView;
  readonly #spacing: Spacing;
  readonly #needs: Needs;
  readonly #stop: () => void;

  constructor(id: RoomId, log: DeliveryLog, limits: ServiceLimits) {
    this.id = id;
    this.log = log;
    this.#limits = limits;
    // It subscribes first: what is held back is judged by a view that has the entry.
    this.#view = new LogView(log);
    this.#needs = new Needs(this.#view);
    this.#spacing = new Spacing(this.#view, limits.silenceMs);
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

  /** Takes a new participant in: its `join` is appended, and `reader` gets the log from the start. @throws Refused */
  async join(
    entry: WireEntry,
    inviteKey: string,
    reader: Reader,
  ): Promise<{ participant: ParticipantId; token: string }> {
    const participant = admitJoin(entry, inviteKey, this.id, this.log.id);
    await this.#view.begin(inviteKey);
    this.#usedUp.take(this.#view.judge(entry), this.#view.view);
    const token = randomBytes(16).toString('hex');
    const outbox = new Outbox({
      holds: (draft) => this.#spacing.holds(draft),
      append: (draft) => this.log.append(draft),
      limit: this.#limits.heldEntries,
    });
    await this.#catchUp(participant, reader, 1, () =>
      this.#present.set(participant, { token, outbox, reader, grace: null, leaving: false }),
    );
    try {
      await this.log.append(entry);
    } catch (error) {
      this.#present.delete(participant);
      throw error;
    }
    return { participant, token };
  }

  /** The same participant on a new connection, from position `from` on. */
  async resume(participant: ParticipantId, token: string, from: number, reader: Reader): Promise<string> {
    const presence = this.#present.get(participant);
    if (presence?.token !== token || presence.leaving) {
      throw new Refused('unknown_participant', 'nobody to resume');
    }
    presence.reader?.replaced();
    presence.reader = null;
    presence.outbox.clear();
    if (presence.grace !== null) clearTimeout(presence.grace);
    presence.grace = null;
    await this.#catchUp(participant, reader, Math.max(1, from), () => (presence.reader = reader));
    return presence.token;
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
   * Appends what a participant drafted. Resolves once that is done, or the entry was dropped with its connection; a
   * claim may be held back (rule Takeover), and so is what the same participant sends after it.
   */
  async append(participant: ParticipantId, entry: WireEntry): Promise<void> {
    const presence = this.#present.get(participant);
    if (presence?.leaving !== false) throw new Refused('closed', 'this participant has left');
    admitDraft(entry, participant, this.log.id);
    await presence.outbox.push(entry);
  }

  /** Whether what a participant has sent is held back. */
  holds(participant: ParticipantId): boolean {
    return this.#present.get(participant)?.outbox.isHeld === true;
  }

  /** A connection has gone. Without a word it may come back within the grace. */
  lost(participant: ParticipantId, reader: Reader): void {
    const presence = this.#present.get(participant);
    if (presence?.reader !== reader) return;
    presence.reader = null;
    presence.outbox.clear();
    if (presence.leaving) return;
    presence.grace = setTimeout(() => void this.leave(participant), this.#limits.graceMs);
  }

  /** Appends the `leave` of a participant that is here. It reads up to it: so who is alive finds out. */
  async leave(participant: ParticipantId): Promise<void> {
    const presence = this.#present.get(participant);
    if (presence === undefined || presence.leaving) return;
    presence.leaving = true;
    presence.outbox.clear();
    if (presence.grace !== null) clearTimeout(presence.grace);
    const header = encodeHeader({ kind: 'leave', log: this.log.id, author: participant });
    const entry = { header, signature: new Uint8Array(), payload: new Uint8Array() };
    try {
      await this.log.append(entry);
    } catch (error) {
      // A log that is full has ended: nobody can conclude anything from it any more.
      if (!(error instanceof AppendError)) throw error;
    } finally {
      this.#present.delete(participant);
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
