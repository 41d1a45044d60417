/** What the page and the worker of a call say to each other. Nothing here is a key. */
import type { KeyFrameRequest } from '../../src/media/connection/transform.ts';
import type { SlotReport } from '../../src/media/transform/index.ts';
import type { MessageErrorCode } from '../../src/messaging/errors.ts';
import type { Moved, MoveView } from '../../src/messaging/move/Mover.ts';
import type { Periods } from '../../src/participant/timers/periods.ts';
import type { Notice } from '../../src/participant/timers/Timers.ts';
import type { EntryKind } from '../../src/protocol/entry.ts';
import type { Refusal } from '../../src/protocol/counts.ts';
import type { ParticipantId } from '../../src/protocol/ids.ts';
import type { SafetyCode } from '../../src/verification/safety-code.ts';

/** A member of the group, or somebody who waits for it. */
export interface Person {
  readonly id: ParticipantId;
  /** `departed`: its leave was read, and no commit has evicted it yet. */
  readonly standing: 'member' | 'departed' | 'waiting';
}

/** The call as the own participant sees it at one position of the log. */
export interface CallView {
  readonly self: ParticipantId;
  /** State of the own machine, as `member.designated.idle`. */
  readonly machine: string;
  readonly position: number;
  /** By seniority; those who wait follow in order of arrival. */
  readonly people: readonly Person[];
  readonly committer: ParticipantId | null;
  /** Null without keys. */
  readonly epoch: number | null;
  readonly safetyCode: SafetyCode | null;
}

/** An entry of the log. */
export interface LogLine {
  readonly position: number;
  readonly kind: EntryKind;
  readonly author: ParticipantId;
  readonly adds: readonly ParticipantId[];
  readonly removes: readonly ParticipantId[];
  /** Of a claim, who is said to be silent; null otherwise. */
  readonly accused: ParticipantId | null;
  /** Why it counts for nothing; null where it counts. */
  readonly refusal: Refusal | null;
}

/** The entry that showed that the log is split. */
export interface Split {
  readonly author: ParticipantId;
  readonly position: number;
}

/** The commit that the last participant of this page could not follow. */
export interface BadCommit {
  readonly author: ParticipantId;
  readonly position: number;
  /** Begins with a code. */
  readonly reason: string;
}

export type ConnectionState = 'connecting' | 'open' | 'lost' | 'closed';

/** What a call begins with. */
export interface JoinOptions {
  readonly secret: Uint8Array;
  readonly name: string;
  /** Use the person key that this device keeps; make one and keep it where there is none. */
  readonly keepPerson: boolean;
  readonly periods: Partial<Periods>;
}

/** What the page has the worker do, by Comlink. */
export interface CallWorker {
  /** Again after a move: it ends the call before, and the person stays the same. Each `tell` is a proxy of the page's. */
  join(options: JoinOptions, tell: (event: FromWorker) => void): void;
  /** To the forwarding server, over the connection of that number. */
  rtc(connection: number, message: unknown): void;
  /** Whom the forwarding server announced for each slot. */
  announce(slots: ReadonlyMap<number, ParticipantId | null>): void;
  /** The media did not get through: begin a new connection. */
  reconnect(): void;
  /** The user compares codes with others, or does not any more. */
  comparing(on: boolean): void;
  /** What the participants of this page did, one line of JSON each (NDJSON). */
  recording(): string;
  /** Says a text to all members. Gives why it was not sent; null where it was. */
  chat(text: string): Promise<Unsent | null>;
  /** Asks `to` to go to a new room without `without`; see `move` among the events. False where that cannot be asked now. */
  move(to: readonly ParticipantId[], without: readonly ParticipantId[]): boolean;
  /** What the user says to the move that stands. */
  answerMove(word: 'go' | 'stay' | 'dismiss'): void;
  leave(): void;
}

/** Why something that was to be said to the others was not sent. */
export interface Unsent {
  readonly code: MessageErrorCode;
  readonly message: string;
}

/** Gives a worker the port that its `CallWorker` is called by. Its other messages are those of the transforms. */
export interface PortMessage {
  readonly type: 'port';
  readonly port: MessagePort;
}

export type FromWorker =
  /** A participant came into being: the first one, or a new one in its place. It reads the log from its start. */
  | { readonly type: 'participant'; readonly id: ParticipantId }
  | { readonly type: 'view'; readonly view: CallView }
  | { readonly type: 'log'; readonly line: LogLine }
  /** Somebody drafted the entry at `position` on another log than the one that is shown here. */
  | ({ readonly type: 'split' } & Split)
  /** This page joins anew because of it. */
  | ({ readonly type: 'badCommit' } & BadCommit)
  | Notice
  | {
      readonly type: 'name';
      readonly participant: ParticipantId;
      readonly name: string;
      /** Groups of digits; null where nothing vouches for the name. */
      readonly personCode: readonly string[] | null;
    }
  /** A member said this; nobody else can have. */
  | { readonly type: 'chat'; readonly from: ParticipantId; readonly text: string }
  | { readonly type: 'move'; readonly view: MoveView }
  /** It is time to go: the page calls `join` again, with this secret. */
  | ({ readonly type: 'moved' } & Moved)
  /** Whether the own person key is one that this device keeps. */
  | { readonly type: 'person'; readonly kept: boolean }
  /** `connection` counts the connections that were opened. */
  | { readonly type: 'connection'; readonly state: ConnectionState; readonly connection: number }
  | { readonly type: 'rtc'; readonly message: unknown }
  | { readonly type: 'slot'; readonly report: SlotReport }
  | { readonly type: 'error'; readonly code: string; readonly message: string }
  | KeyFrameRequest;
