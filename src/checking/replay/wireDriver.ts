import { initialTransition } from 'xstate';
import { participantMachine, type ParticipantSnapshot } from '../../machine/machine.ts';
import type { MlsGroup } from '../../mls/MlsGroup.ts';
import { Participant } from '../../participant/Participant.ts';
import type { Entry, Placed } from '../../protocol/entry.ts';
import type { View } from '../../protocol/view.ts';
import { utf8 } from '../../protocol/wire/bytes.ts';
import { borderChecks } from '../../mls/borderChecks.ts';
import { commitIdOf, nextHash, originOf, type WireEntry } from '../../protocol/wire/hashes.ts';
import { decodeHeader, encodeHeader } from '../../protocol/wire/header.ts';
import { INVITE_SECRET_BYTES, inviteOf } from '../../protocol/wire/invite.ts';
import { verifyEntry, type Border } from '../../protocol/wire/verify.ts';
import { isHostile } from './constants.ts';
import type { History } from './epochs.ts';
import { Ids } from './ids.ts';
import { WireInsider } from './insider.ts';
import {
  causeOf,
  entryValue,
  type Command,
  type Driver,
  type DriverOptions,
  type Insider,
  type ReplayedParticipant,
  type Sent,
} from './participant.ts';
import { readKnowing, Spoilable } from './weakened.ts';

/** Of every replay: nothing secret is in one. */
const INVITE = inviteOf(new Uint8Array(INVITE_SECRET_BYTES));
const LOG = '00'.repeat(16);
const BORDER: Border = { log: LOG, inviteKey: INVITE.key, ...borderChecks };

/**
 * Runs production participants over real wire entries: signed headers, hashes of the log, MLS payloads. For all rules
 * but Atomic, which the wire format does not know how to break.
 */
export class WireDriver implements Driver<WireEntry> {
  readonly origin = originOf(LOG);
  readonly #options: DriverOptions;
  readonly #ids: Ids;
  /** Foundings and commits as the spec names them, by their hash. */
  readonly commits = new Map<string, History[number]>();
  /** Of everybody: who is dishonest knows those of its like before they join. */
  readonly keyPackages = new Map<string, Uint8Array>();

  constructor(options: DriverOptions) {
    this.#options = options;
    this.#ids = new Ids(options.constants.participants);
  }

  create(name: string): { participant: ReplayedParticipant<WireEntry>; join: WireEntry } {
    const participant = new WireParticipant(name, this.#ids.id(name), this, this.#options);
    this.keyPackages.set(this.#ids.id(name), participant.mls.keyPackage);
    return { participant, join: participant.join };
  }

  get description(): string {
    const { constants, checksWelcome } = this.#options;
    const unchecked = constants.rules.Justified || checksWelcome ? '' : ', Welcomes not held against joins';
    return `participants over signed wire entries${unchecked}`;
  }

  insider(name: string): Insider<WireEntry> {
    const { constants, createMls, epochs } = this.#options;
    return new WireInsider(createMls(this.#ids.id(name)), {
      log: LOG,
      // Who was not invited has no secret of the link, and signs with another one.
      invite: constants.uninvited.includes(name)
        ? inviteOf(new Uint8Array(INVITE_SECRET_BYTES).fill(1))
        : INVITE,
      room: INVITE.room,
      ids: this.#ids,
      commits: this.commits,
      keyPackages: this.keyPackages,
      epochs,
    });
  }

  leave(name: string): WireEntry {
    const header = encodeHeader({ kind: 'leave', log: LOG, author: this.#ids.id(name) });
    return { header, signature: new Uint8Array(), payload: new Uint8Array() };
  }

  placed(view: View, wire: WireEntry): Placed {
    if (isHostile(this.#options.constants)) return verifyEntry(BORDER, view, wire).placed;
    const hash = nextHash(view.hashes.at(-1) ?? '', wire);
    return { entry: entryOf(wire), position: view.position + 1, hash };
  }

  historyOf({ history }: View): History {
    return history.map((id) => this.commits.get(id) ?? [id, 0]);
  }

  nameOf(id: string): string {
    return this.#ids.name(id);
  }

  void(): WireEntry {
    return { header: new Uint8Array(), signature: new Uint8Array(), payload: new Uint8Array() };
  }

  /** What the spec calls an entry that was drafted at `before`, and what it announces. */
  sent(wire: WireEntry, before: History): Sent<WireEntry> {
    const header = decodeHeader(wire.header);
    const author = this.#ids.name(header.author);
    if (header.kind === 'join' || header.kind === 'leave') {
      return { value: entryValue(header.kind, author), content: wire };
    }
    const { kind, at } = header;
    if (kind === 'found' || kind === 'commit') {
      this.commits.set(commitIdOf(wire.header), [author, at]);
      const parent = kind === 'found' ? [] : before;
      this.#options.epochs.announce(header.authenticator, [...parent, [author, at]]);
    }
    const fields =
      kind === 'commit'
        ? {
            parent: before,
            adds: header.adds.map((id) => this.#ids.name(id)),
            removes: header.removes.map((id) => this.#ids.name(id)),
          }
        : kind === 'claim'
          ? { accused: this.#ids.name(header.accused) }
          : {};
    return { value: entryValue(kind, author, { at, ...fields }), content: wire };
  }
}

/** An entry of an honest author: its signature was verified by everybody who read it. */
function entryOf(wire: WireEntry): Entry {
  if (wire.header.length === 0) return { kind: 'void', author: '', reason: 'no entry' };
  const header = decodeHeader(wire.header);
  if (header.kind === 'join') return { ...header, hpkeKeys: [], invited: true };
  if (header.kind === 'found' || header.kind === 'commit') return { ...header, id: commitIdOf(wire.header) };
  return header;
}

class WireParticipant implements ReplayedParticipant<WireEntry> {
  readonly #driver: WireDriver;
  readonly #options: DriverOptions;
  readonly #participant: Participant;
  readonly #mls: Spoilable;
  #outgoing: WireEntry[] = [];
  #seesSplit = false;
  #cause: string | null = null;

  constructor(name: string, id: string, driver: WireDriver, options: DriverOptions) {
    this.#driver = driver;
    this.#options = options;
    const { rules, batchLimit } = options.constants;
    this.#mls = new Spoilable(options.createMls(id));
    this.#participant = new Participant({
      invite: INVITE,
      log: LOG,
      mls: this.#mls.group,
      sealedName: utf8(name),
      send: (entry) => this.#outgoing.push(entry),
      sendLeave: () => undefined,
    });
    this.#participant.subscribe(({ otherLog, cause }) => {
      this.#cause = causeOf(cause);
      this.#seesSplit ||= otherLog;
    });
    // The rules and the batch limit are no options of a participant, only of its machine.
    const input = { self: id, origin: originOf(LOG), rules, batchLimit };
    [this.#participant.snapshot] = initialTransition(participantMachine, input);
  }

  get join(): WireEntry {
    return this.#participant.join;
  }

  get snapshot(): ParticipantSnapshot {
    return this.#participant.snapshot;
  }

  get mls(): MlsGroup {
    return this.#participant.mls;
  }

  get viewHistory(): History {
    return this.#driver.historyOf(this.#participant.view);
  }

  tell(command: Command): readonly Sent<WireEntry>[] | null {
    const participant = this.#participant;
    if (!participant.snapshot.can({ type: command })) return null;
    const before = this.#options.epochs.historyOf(this.mls);
    this.#outgoing = [];
    switch (command) {
      case 'found':
      case 'commit':
        participant.act();
        break;
      case 'handOver':
      case 'claim':
      case 'leave':
        participant[command]();
    }
    return this.#outgoing.map((wire) => this.#driver.sent(wire, before));
  }

  get seesSplit(): boolean {
    return this.#seesSplit;
  }

  get cause(): string | null {
    return this.#cause;
  }

  read(wire: WireEntry, spoiled = false): void {
    this.#mls.spoiled = spoiled;
    if (this.#isWelcomedUnchecked(wire))
      readKnowing(this.#participant, this.#driver.keyPackages, () => this.#participant.read(wire));
    else this.#participant.read(wire);
    this.#mls.spoiled = false;
  }

  /** It is added by a commit, and the rule Justified is off. */
  #isWelcomedUnchecked(wire: WireEntry): boolean {
    const { constants, checksWelcome } = this.#options;
    if (constants.rules.Justified || checksWelcome || wire.header.length === 0) return false;
    const header = decodeHeader(wire.header);
    return header.kind === 'commit' && header.adds.includes(this.mls.participant);
  }
}
