import { initialTransition } from 'xstate';
import { participantMachine } from '../../src/machine/machine.ts';
import type { MlsCommit, MlsGroup } from '../../src/mls/MlsGroup.ts';
import { createMlsGroup } from '../../src/mls/wasm.ts';
import { Scene, NOW, type Person } from '../../src/participant/testing.ts';
import { rulesWithout, type Rule } from '../../src/protocol/rules.ts';
import { digest, hex, utf8 } from '../../src/protocol/wire/bytes.ts';
import { originOf, type WireEntry } from '../../src/protocol/wire/hashes.ts';
import { decodeHeader, encodeHeader } from '../../src/protocol/wire/header.ts';
import { inviteOf } from '../../src/protocol/wire/invite.ts';
import {
  decodeCommitPayload,
  encodeCommitPayload,
  encodeJoinPayload,
  payloadDigest,
} from '../../src/protocol/wire/payload.ts';
import { signWithSeed } from '../../src/protocol/wire/signature.ts';

/** What a header says of a commit, where it is not what its author's view says. */
export interface Said {
  readonly adds?: readonly string[];
  readonly removes?: readonly string[];
  readonly at?: number;
  readonly on?: string;
  readonly author?: string;
  readonly parent?: string;
  readonly payload?: Uint8Array;
}

/** Somebody outside of the call who keeps what it has: a ghost, or who left. */
export interface Outsider {
  readonly name: string;
  readonly mls: MlsGroup;
}

/** A room whose service keeps two logs, which are one until they are split, and which says of each entry who sees it. */
export class Stage extends Scene {
  /** What the service shows to who is on the other side. */
  readonly other: WireEntry[] = [];
  readonly onOther = new Set<Person>();
  readonly dishonest = new Set<Person>();
  readonly outsiders: Outsider[] = [];
  /** The misdeeds, as entries. */
  readonly misdeeds: WireEntry[] = [];
  /** Codes of what the service was caught at by who read. */
  readonly faults: string[] = [];
  /** The rules that are off for everybody. */
  readonly off: readonly Rule[];

  constructor(off: readonly Rule[] = []) {
    super();
    this.off = off;
  }

  get honest(): readonly Person[] {
    return this.people.filter((it) => !this.dishonest.has(it));
  }

  logOf(person: Person): readonly WireEntry[] {
    return this.onOther.has(person) ? this.other : this.entries;
  }

  override join(name: string): Person {
    const person = super.join(name);
    const { participant } = person;
    const input = { self: person.id, origin: originOf(this.log.id), rules: rulesWithout(...this.off) };
    [participant.snapshot] = initialTransition(participantMachine, input);
    return person;
  }

  /** Members of one group, in order of seniority. */
  members(...names: readonly string[]): Person[] {
    return names.map((name) => {
      const person = this.join(name);
      this.settle();
      return person;
    });
  }

  /** Somebody who waits, as everybody has read. */
  waits(name: string): Person {
    const person = this.join(name);
    this.read();
    return person;
  }

  override append(entry: WireEntry): void {
    super.append(entry);
    this.other.push(entry);
  }

  /** To one log only. */
  show(side: 1 | 2, entry: WireEntry): void {
    if (side === 1) super.append(entry);
    else this.other.push(entry);
  }

  /** From here on nothing that is sent gets to the other log by itself. */
  split = false;

  override flush(person: Person): void {
    for (const entry of person.outbox.splice(0))
      if (this.split) this.show(this.onOther.has(person) ? 2 : 1, entry);
      else this.append(entry);
  }

  override deliver(person: Person, count = Infinity): void {
    const log = this.logOf(person);
    while (count-- > 0 && person.read < log.length && !person.participant.ended)
      person.participant.read(log[person.read++]!);
  }

  read(): void {
    for (const person of this.people) this.deliver(person);
  }

  override settle(people: readonly Person[] = this.people): void {
    for (let length = -1; length !== this.entries.length + this.other.length;) {
      length = this.entries.length + this.other.length;
      if (length > 1_000) throw new Error('it does not settle');
      for (const person of people) {
        this.deliver(person);
        person.participant.act();
        this.flush(person);
      }
    }
  }

  /** Appends what no honest service or member would, and everybody reads. */
  misdeed(entry: WireEntry, side?: 1 | 2): void {
    // By itself, also where the same entry is in its right place elsewhere.
    const shown = { ...entry };
    this.misdeeds.push(shown);
    if (side === undefined) this.append(shown);
    else this.show(side, shown);
    this.read();
  }

  /** What a participant drafts by its own machine, kept in hand. */
  drafts(person: Person, how: 'act' | 'handOver' | 'claim'): WireEntry {
    person.participant[how]();
    const [entry] = person.outbox.splice(0);
    if (entry === undefined) throw new Error(`${person.name} drafts nothing`);
    return entry;
  }

  /** The leave of somebody, as the service says it. */
  leaveOf({ id }: Person): WireEntry {
    const header = encodeHeader({ kind: 'leave', log: this.log.id, author: id });
    return { header, signature: new Uint8Array(), payload: new Uint8Array() };
  }

  /** A join that is signed by who has no secret of the link, and the group of its author. */
  forgedJoin(name: string): { readonly join: WireEntry; readonly mls: MlsGroup } {
    const mls = createMlsGroup({ participant: digest(utf8(name)).slice(0, 32), now: NOW });
    const payload = encodeJoinPayload({ keyPackage: mls.keyPackage, sealed: utf8(name) });
    const header = encodeHeader({
      kind: 'join',
      log: this.log.id,
      author: mls.participant,
      signatureKey: hex(mls.signatureKey),
      keyPackage: digest(mls.keyPackage),
      payload: payloadDigest(payload),
    });
    const { seed } = inviteOf(new Uint8Array(32).fill(1));
    return { join: { header, signature: signWithSeed(seed, header), payload }, mls };
  }

  /** `mls` of somebody outside opens the first Welcome to it that is in the log, if there is one. */
  welcomes(name: string, mls: MlsGroup): void {
    this.outsiders.push({ name, mls });
    for (const { header: bytes, payload } of this.entries) {
      const header = decodeHeader(bytes);
      if (header.kind !== 'commit' || !header.adds.includes(mls.participant)) continue;
      mls.welcome(decodeCommitPayload(payload).welcome);
      return;
    }
  }

  /** Different entries on the two logs, from which on no position has one hash on both. */
  part(): void {
    this.split = true;
    this.show(1, this.forgedJoin('one').join);
    this.show(2, this.forgedJoin('other').join);
    this.read();
  }

  /** A commit in whose header `author` says what it likes. */
  commitBy(author: Person, made: MlsCommit, said: Said = {}): WireEntry {
    const payload = said.payload ?? encodeCommitPayload(made);
    const drafted = author.drafts();
    const header = {
      kind: 'commit',
      log: drafted.log,
      author: said.author ?? drafted.author,
      at: said.at ?? drafted.at,
      on: said.on ?? drafted.on,
      parent: said.parent ?? author.participant.view.history.at(-1) ?? '',
      adds: said.adds ?? [],
      removes: said.removes ?? [],
      authenticator: digest(made.authenticator),
      payload: payloadDigest(payload),
    } as const;
    return author.signs(header, payload);
  }
}
