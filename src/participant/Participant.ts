import { initialTransition } from 'xstate';
import { advance } from '../machine/advance.ts';
import type { Effect } from '../machine/effects.ts';
import { participantMachine, type ParticipantEvent, type ParticipantSnapshot } from '../machine/machine.ts';
import { MlsError, type MlsGroup } from '../mls/MlsGroup.ts';
import type { Entry, Placed } from '../protocol/entry.ts';
import type { LogId, ParticipantId } from '../protocol/ids.ts';
import { refusal, type Refusal } from '../protocol/counts.ts';
import { hashAt, type View } from '../protocol/view.ts';
import { digest, hex } from '../protocol/wire/bytes.ts';
import { commitIdOf, groupIdOf, originOf, type WireEntry } from '../protocol/wire/hashes.ts';
import { encodeHeader, type Header } from '../protocol/wire/header.ts';
import type { Invite } from '../protocol/wire/invite.ts';
import type { JoinFlaw } from '../protocol/wire/keyPackage.ts';
import {
  decodeCommitParts,
  decodeJoinPayload,
  encodeCommitPayload,
  encodeJoinPayload,
  isWithheld,
  neededPart,
  payloadDigest,
} from '../protocol/wire/payload.ts';
import { signedContent, signWithSeed } from '../protocol/wire/signature.ts';
import { ServiceFault, verifyEntry, type Border, type Verified } from '../protocol/wire/verify.ts';
import { borderChecks } from '../mls/borderChecks.ts';
import { calledFor } from './calledFor.ts';
import { GroupKeeper, type Draft } from './GroupKeeper.ts';
import { Witness } from './Witness.ts';

const NO_PAYLOAD = new Uint8Array();

/** What a participant is made of. Everything that varies comes from outside: randomness, time, the network. */
export interface ParticipantOptions {
  readonly invite: Invite;
  readonly log: LogId;
  /** Fresh, for this participant alone; its id is the participant's. */
  readonly mls: MlsGroup;
  /** The display name and the proof of the person, sealed (`names.ts`). */
  readonly sealedName: Uint8Array;
  /** Sends a drafted entry to the delivery service. */
  readonly send: (entry: WireEntry) => void;
  /** Tells the delivery service that this participant leaves. */
  readonly sendLeave: () => void;
}

/** What one step of a participant came to. */
export interface Step {
  readonly event: ParticipantEvent['type'];
  readonly before: ParticipantSnapshot;
  readonly after: ParticipantSnapshot;
  readonly effects: readonly Effect[];
  /** The entry that was read, for a `read`. */
  readonly placed: Placed | null;
  /** Why that entry counted for nothing. */
  readonly refusal: Refusal | null;
  /** That entry was drafted on another log than the one that was read: the log is split. */
  readonly otherLog: boolean;
  /** Why the participant is dead, where it is. */
  readonly cause: unknown;
}

/** Why the `join` of a participant counted for nothing. */
export interface JoinRefusal {
  readonly rule: Refusal;
  readonly flaw: JoinFlaw | null;
}

/** Whether the MLS core itself is gone: its wasm instance trapped, and took the keys with it. */
export const isCoreLost = (error: unknown): boolean =>
  error instanceof MlsError && error.code === 'dead_instance';

/** What says that the core of a group is gone; null while it lives. */
function lossOf(mls: MlsGroup): unknown {
  try {
    return mls.hasGroup ? null : null;
  } catch (error) {
    return isCoreLost(error) ? error : null;
  }
}

interface Reading {
  readonly placed: Placed;
  readonly header: Header | null;
  readonly wire: WireEntry;
  /** The view before the entry. */
  readonly view: View;
  /** Why the entry counts for nothing on it. */
  readonly refused: Refusal | null;
  readonly otherLog: boolean;
}

/**
 * Runs the machine, the MLS core and the log together: the only place with I/O order in it. Synchronous: the caller
 * hands in entries as they come (`read`) and says when the log has been caught up with (`act`).
 */
export class Participant {
  readonly id: ParticipantId;
  /** The entry that this participant asks the service to append first. */
  readonly join: WireEntry;
  snapshot: ParticipantSnapshot;
  readonly #options: ParticipantOptions;
  readonly #border: Border;
  readonly #keeper: GroupKeeper;
  readonly #witness: Witness;
  readonly #listeners = new Set<(step: Step) => void>();
  #groupId: Uint8Array = new Uint8Array();
  #reading: Reading | null = null;
  #cause: unknown = null;
  #joinRefusal: JoinRefusal | null = null;
  #abandoned = false;

  constructor(options: ParticipantOptions) {
    const { invite, log, mls } = options;
    this.#options = options;
    this.id = mls.participant;
    this.#border = { log, inviteKey: invite.key, ...borderChecks };
    this.#keeper = new GroupKeeper(mls);
    this.#witness = new Witness(originOf(log));
    [this.snapshot] = initialTransition(participantMachine, { self: this.id, origin: originOf(log) });
    const payload = encodeJoinPayload({ keyPackage: mls.keyPackage, sealed: options.sealedName });
    const header = encodeHeader({
      kind: 'join',
      log,
      author: this.id,
      signatureKey: hex(mls.signatureKey),
      keyPackage: digest(mls.keyPackage),
      payload: payloadDigest(payload),
    });
    this.join = { header, signature: signWithSeed(invite.seed, header), payload };
  }

  get mls(): MlsGroup {
    return this.#keeper.mls;
  }

  get view(): View {
    return this.snapshot.context.view;
  }

  /** The call has ended for this participant: it left, was declared gone, cannot follow, or was let go. */
  get ended(): boolean {
    return this.#abandoned || this.snapshot.status === 'done';
  }

  /** Why its `join` counted for nothing, for everybody alike: it never comes in. Null where it counted, or was not read. */
  get joinRefusal(): JoinRefusal | null {
    return this.#joinRefusal;
  }

  /** Whether the MLS group is at the epoch of the view: only then are there keys. */
  get hasKeys(): boolean {
    return !this.ended && this.#keeper.head !== null && this.#keeper.head === this.view.history.at(-1);
  }

  /** Calls `listener` after each step. Gives the way to stop it. */
  subscribe(listener: (step: Step) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Reads the next entry of the log.
   *
   * @throws ServiceFault where the service handed over another payload than the entry's: ask for it again.
   */
  read(wire: WireEntry): void {
    if (this.ended) return;
    let verified: Verified;
    try {
      verified = verifyEntry(this.#border, this.view, wire);
    } catch (error) {
      if (error instanceof ServiceFault) throw error;
      // The MLS core trapped at a check: it took the keys of this participant with it.
      return this.#die(error);
    }
    const { placed, header } = verified;
    const refused = refusal(this.snapshot.context.protocol, this.view, placed.entry);
    if (refused === null) this.#lookForPart(placed.entry, wire);
    const otherLog = refused === 'Witnessed' || this.#witness.isOfAnotherLog(placed.entry);
    this.#judgeOwnJoin(placed.entry, refused, wire);
    this.#witness.reads(placed);
    this.#reading = { placed, header, wire, view: this.view, refused, otherLog };
    this.#remember(this.#reading);
    this.#step({ type: 'read', placed }, this.#reading);
    this.#reading = null;
  }

  /** Does what the log asks of this participant, if it does: found, or commit. To be called when it is caught up. */
  act(): boolean {
    return this.#tryTo('found') || this.#tryTo('commit');
  }

  /** Passes the role of designated committer on, where that is allowed. */
  handOver(): boolean {
    return this.#tryTo('handOver');
  }

  /** Claims that the designated committer is silent, where that is allowed. */
  claim(): boolean {
    return this.#tryTo('claim');
  }

  /** Leaves the call: `Leave` of the spec. That it has gone, the log says once the service has. */
  leave(): void {
    this.#tryTo('leave');
  }

  /** Lets it go without a word, where it cannot come back: its keys are wiped. To the others it is a `Crash`. */
  abandon(): void {
    this.#abandoned = true;
    this.#keeper.mls.close();
  }

  #tryTo(type: 'found' | 'commit' | 'handOver' | 'claim' | 'leave'): boolean {
    if (this.ended || !this.snapshot.can({ type })) return false;
    this.#step({ type });
    return true;
  }

  #step(event: ParticipantEvent, reading: Reading | null = null): void {
    const before = this.snapshot;
    const [after, effects] = advance(before, event);
    this.snapshot = after;
    try {
      for (const effect of effects) this.#carryOut(effect);
    } catch (error) {
      this.#cause = error;
      [this.snapshot] = advance(after, { type: 'refused' });
    }
    if (this.ended) this.#keeper.mls.close();
    else this.#keeper.settles(this.view.roster);
    this.#tell({ event: event.type, before, effects }, reading);
  }

  #tell(step: Pick<Step, 'event' | 'before' | 'effects'>, reading: Reading | null): void {
    const told: Step = {
      ...step,
      after: this.snapshot,
      placed: reading?.placed ?? null,
      refusal: reading?.refused ?? null,
      otherLog: reading?.otherLog ?? false,
      cause: this.#cause,
    };
    const failures: unknown[] = [];
    for (const listener of this.#listeners) {
      try {
        listener(told);
      } catch (error) {
        failures.push(error);
      }
    }
    // The core may have been lost while a listener used it, or somebody else's group in the same instance.
    const loss = this.ended ? null : lossOf(this.mls);
    if (loss !== null) this.#die(loss);
    else if (failures.length > 0) throw failures[0];
  }

  /** Ends the participant, whose MLS core is gone. */
  #die(cause: unknown): void {
    const before = this.snapshot;
    this.#cause = cause;
    [this.snapshot] = advance(before, { type: 'refused' });
    this.abandon();
    this.#tell({ event: 'refused', before, effects: [] }, null);
  }

  /** Before anything changes. @throws ServiceFault where the part of a commit that this participant is to follow is withheld. */
  #lookForPart(entry: Entry, { payload }: WireEntry): void {
    if (entry.kind !== 'commit') return;
    const part = neededPart(entry, this.id, this.view.roster.includes(this.id));
    if (part !== null && isWithheld(payload, part))
      throw new ServiceFault(
        'payload_withheld',
        `the ${part} of entry ${String(this.view.position + 1)} is missing`,
      );
  }

  /** A `join` of its own that counted once may come again, and count for nothing then. */
  #judgeOwnJoin(entry: Entry, refused: Refusal | null, { header }: WireEntry): void {
    if (refused === null || this.view.joined[this.id]?.signatureKey === hex(this.mls.signatureKey)) return;
    if (entry.author !== this.id || hex(header) !== hex(this.join.header)) return;
    const flaw = entry.kind === 'join' ? entry.flaw : undefined;
    this.#joinRefusal = { rule: refused, flaw: flaw ?? (refused === 'repeated' ? refused : null) };
  }

  /** Key packages and the founding are needed later: by the commit that admits, and to check a Welcome. */
  #remember({ placed: { entry }, header, wire, refused }: Reading): void {
    if (refused !== null) return;
    if (entry.kind === 'join') this.#keeper.waits(entry.author, decodeJoinPayload(wire.payload).keyPackage);
    if (entry.kind === 'found' && header?.kind === 'found')
      this.#groupId = groupIdOf(this.#options.invite.room, header);
  }

  #carryOut(effect: Effect): void {
    switch (effect.type) {
      case 'found':
        return this.#draftFounding(effect.params.at);
      case 'commit':
        return this.#draftCommit(effect.params);
      case 'handOver':
        return this.#options.send(this.#sign({ kind: 'handover', ...this.#draftedOn(effect.params.at) }));
      case 'claim':
        return this.#options.send(
          this.#sign({
            kind: 'claim',
            ...this.#draftedOn(effect.params.at),
            accused: effect.params.accused,
          }),
        );
      case 'leave':
        return this.#options.sendLeave();
      case 'merge':
        return this.#keeper.merge(effect.params.id);
      case 'discard':
        return this.#keeper.discard();
      case 'welcome':
      case 'process':
        return this.#follow(effect.type);
    }
  }

  #draftedOn(at: number): { log: LogId; author: ParticipantId; at: number; on: string } {
    const on = hashAt(this.view, at);
    if (on === null) throw new RangeError(`no hash of position ${String(at)}`);
    return { log: this.#options.log, author: this.id, at, on };
  }

  #draftFounding(at: number): void {
    const on = this.#draftedOn(at);
    const draft = this.#keeper.found(groupIdOf(this.#options.invite.room, on));
    this.#sendDraft({ kind: 'found', ...on, authenticator: draft.authenticator });
  }

  #draftCommit(params: Extract<Effect, { type: 'commit' }>['params']): void {
    const on = this.#draftedOn(params.at);
    const { authenticator, payload }: Draft = this.#keeper.commit(params, on.on);
    const bytes = payload === null ? NO_PAYLOAD : encodeCommitPayload(payload);
    const header: Header = {
      kind: 'commit',
      ...on,
      parent: this.#keeper.head ?? '',
      adds: params.adds,
      removes: params.removes,
      authenticator,
      payload: payloadDigest(bytes),
    };
    this.#sendDraft(header, bytes);
  }

  #sign(header: Header, payload: Uint8Array = NO_PAYLOAD): WireEntry {
    const bytes = encodeHeader(header);
    return { header: bytes, signature: this.mls.sign(signedContent(bytes)), payload };
  }

  /** Sends a founding or commit, whose name is known before it can come back. */
  #sendDraft(header: Header, payload?: Uint8Array): void {
    const entry = this.#sign(header, payload);
    this.#keeper.drafted(commitIdOf(entry.header));
    this.#options.send(entry);
  }

  /** Goes to the epoch of the commit that is being read. */
  #follow(how: 'welcome' | 'process'): void {
    const reading = this.#reading;
    if (reading?.placed.entry.kind !== 'commit' || reading.header?.kind !== 'commit') return;
    const { entry } = reading.placed;
    // The part that it follows is there (`#lookForPart`).
    const { commit, welcome } = decodeCommitParts(reading.wire.payload);
    const announced = {
      authenticator: reading.header.authenticator,
      payload: { commit: commit ?? NO_PAYLOAD, welcome: welcome ?? NO_PAYLOAD },
      groupId: this.#groupId,
      view: this.view,
      path: reading.view.refresh,
    };
    if (how === 'welcome') return this.#keeper.welcome(entry, announced);
    const { protocol } = this.snapshot.context;
    this.#keeper.process(entry, announced, calledFor(protocol, reading.view, entry));
  }
}
