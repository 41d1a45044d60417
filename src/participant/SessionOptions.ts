import type { ServiceErrorCode } from '../log/messages.ts';
import type { MlsGroup } from '../mls/MlsGroup.ts';
import type { ParticipantId } from '../protocol/ids.ts';
import type { WireEntry } from '../protocol/wire/hashes.ts';
import type { Invite } from '../protocol/wire/invite.ts';
import type { JoinFlaw } from '../protocol/wire/keyPackage.ts';
import type { Participant, Step } from './Participant.ts';
import type { PersonKey } from './personProof.ts';
import type { Clock } from './timers/clock.ts';
import type { Periods } from './timers/periods.ts';
import type { Notice } from './timers/Timers.ts';

/** The part of a WebSocket that a session needs: the browser's own, or that of `ws` in Node. */
export interface Socket {
  send(text: string): void;
  close(code?: number): void;
  onerror?: ((event: never) => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number; reason: string }) => void) | null;
}

/** What a session is made of. */
export interface SessionOptions {
  readonly invite: Invite;
  /** Display name. */
  readonly name: string;
  /** The key of the person code. Default: a fresh one, the same for all participants of this session. */
  readonly person?: PersonKey;
  /** Opens a WebSocket to the room. */
  readonly connect: () => Socket;
  /** Makes the MLS core of a new participant. */
  readonly createMls: (participant: ParticipantId) => MlsGroup;
  readonly onEvent: (event: SessionEvent) => void;
  /** Milliseconds; default `PERIODS`. */
  readonly periods?: Partial<Periods>;
  /** Default: the machine's own. */
  readonly clock?: Clock;
}

/** What a session tells its owner. */
export type SessionEvent =
  /** A participant came into being: the first one, or a new one after the last could not go on. */
  | { readonly type: 'participant'; readonly participant: Participant; readonly attempt: number }
  | {
      readonly type: 'step';
      readonly participant: Participant;
      readonly step: Step;
      readonly wire: WireEntry | null;
    }
  /** The log was split: `author` drafted its entry, the one at `position`, on another log than the one that was read. */
  | {
      readonly type: 'split';
      readonly participant: Participant;
      readonly author: ParticipantId;
      readonly position: number;
    }
  /**
   * `author` made a commit that this participant could not follow, or a Welcome to another group than the log's: the
   * participant is dead, and a fresh one joins. `reason` is for people, and begins with a code.
   */
  | {
      readonly type: 'badCommit';
      readonly participant: Participant;
      readonly author: ParticipantId;
      readonly position: number;
      readonly reason: string;
    }
  | Notice
  | { readonly type: 'connection'; readonly state: 'connecting' | 'open' | 'lost' | 'closed' }
  /** What somebody in the room said beside the log: the service says who, and nothing vouches for it yet. */
  | { readonly type: 'message'; readonly from: ParticipantId; readonly data: Uint8Array }
  /** To the media connection of the page. */
  | { readonly type: 'rtc'; readonly message: unknown }
  | {
      readonly type: 'error';
      readonly code: ServiceErrorCode | SessionErrorCode;
      readonly message: string;
      /** What is wrong with the key package of the participant, where that is why. */
      readonly flaw?: JoinFlaw;
    };

/** What goes wrong on this side. Stable codes. */
export type SessionErrorCode =
  /** It was tried too often: the session has closed. */
  | 'gave_up'
  /** The service said what it never says. */
  | 'bad_service'
  /** The MLS core trapped. A fresh participant joins with a fresh core. */
  | 'core_lost'
  /** The service appended a `join` that counts for nothing. A fresh participant joins. */
  | 'join_refused'
  /** The clock of this machine says what no calendar has: no key package can be dated by it. The session has closed. */
  | 'bad_clock'
  /** There is no MLS core for another reason. The session has closed. */
  | 'no_core'
  /** The person key does not sign. The participant joins without a person code. */
  | 'no_person_proof';
