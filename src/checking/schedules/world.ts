import type { Effect } from '../../machine/effects.ts';
import type { ParticipantEvent } from '../../machine/machine.ts';
import type { Pending } from '../../machine/context.ts';
import type { Placed } from '../../protocol/entry.ts';
import type { ParticipantId } from '../../protocol/ids.ts';
import type { View } from '../../protocol/view.ts';

/** What one step made of a participant. */
export interface SeatStep {
  readonly event: ParticipantEvent['type'];
  readonly before: View;
  readonly after: View;
  /** What it had drafted before. */
  readonly drafted: Pending | null;
  /** The entry that was read, for a `read`. */
  readonly placed: Placed | null;
  readonly effects: readonly Effect['type'][];
}

/** An epoch as a member knows it: two members are in one exactly where both are equal. */
export interface EpochKeys {
  /** RFC 9420, section 8.7. */
  readonly authenticator: string;
  /** The base key of its media (RFC 9605, section 5.2). */
  readonly key: string;
}

/** A participant of a schedule: the production machine over an MLS core, real or abstract. `E` is an entry on its way. */
export interface Seat<E> {
  readonly name: string;
  readonly id: ParticipantId;
  /** Sent, and not appended by the service yet. */
  readonly outbox: E[];
  /** Entries that it has read. */
  readonly read: number;
  /** State of the machine, dots between its levels. */
  readonly state: string;
  /** Left, evicted or dead. */
  readonly ended: boolean;
  /** Why it is dead. */
  readonly cause: unknown;
  readonly view: View;
  readonly pending: Pending | null;
  /** The last step; null before the first. */
  readonly step: SeatStep | null;
  /** The epoch that its MLS group is in; null where it is in none. */
  readonly epoch: EpochKeys | null;
  can(command: SeatCommand): boolean;
  /** Does what the machine takes, and nothing else. */
  does(command: SeatCommand): void;
  /** Reads the next entry of the log. */
  deliver(): void;
}

export type SeatCommand = 'found' | 'commit' | 'handOver' | 'claim' | 'leave';

/** What a member may write that does not follow the protocol; its own participant knows nothing of it. */
export const LIES = {
  /** A commit that is justified, by somebody who is not the designated committer (rule Designated). */
  outOfTurn: 'member',
  /** A commit of the designated committer that removes somebody who has not left (rule Justified). */
  unjustified: 'designated',
  /** A handover of the designated committer, drafted on another log (rule Witnessed). */
  elsewhere: 'designated',
  /** A founding where there is a group (rule Founding). */
  secondFounding: 'anybody',
} as const;
export type Lie = keyof typeof LIES;

/** Who was a member, and tries to follow with all that it knew. */
export interface Thief {
  readonly name: string;
  readonly id: ParticipantId;
  /** Does with the entry at `position` what an adversary would, to get into the epoch that it leads to. */
  follow(position: number, reader: ParticipantId): void;
  readonly epoch: EpochKeys | null;
}

/** Where schedules are played: the log, and participants of one kind. */
export interface World<E> {
  readonly entries: readonly E[];
  readonly seats: readonly Seat<E>[];
  /** Somebody joins: the service appends it. Who is not invited takes no seat. */
  join(name: string): Seat<E>;
  /** The service forges the join of somebody who has not the link. */
  joinUninvited(): void;
  append(entry: E): void;
  /** The service appends the `leave` of somebody. */
  leaves(seat: Seat<E>): void;
  /** The entry of a lie; null where this member cannot tell it now. */
  lie(seat: Seat<E>, lie: Lie): E | null;
  /** A copy of all that a member knows; null where this world has no keys to steal. */
  steal(seat: Seat<E>): Thief | null;
  /** What somebody has concluded from the log, as text: equal for equal views. */
  viewKey(view: View): string;
  close(): void;
}
