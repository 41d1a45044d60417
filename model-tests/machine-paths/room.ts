import type { MlsGroup } from '../../src/mls/MlsGroup.ts';
import { createMlsGroup } from '../../src/mls/wasm.ts';
import { borderChecks } from '../../src/mls/borderChecks.ts';
import { Participant } from '../../src/participant/Participant.ts';
import { NOW, Person, Scene } from '../../src/participant/testing.ts';
import type { Entry } from '../../src/protocol/entry.ts';
import { hashOf, join as joinOf, ORIGIN } from '../../src/protocol/testing.ts';
import { digest } from '../../src/protocol/wire/bytes.ts';
import { commitIdOf, type WireEntry } from '../../src/protocol/wire/hashes.ts';
import { decodeHeader, encodeHeader } from '../../src/protocol/wire/header.ts';
import { inviteOf } from '../../src/protocol/wire/invite.ts';
import { SELF, STRANGER, type CommandType } from './events.ts';
import { damaged, forged, type Damage, type DraftedEntry } from './forged.ts';
import { Names } from './names.ts';
import { CoreWatch } from './watch.ts';

const NOTHING = new Uint8Array();
const IDS: Readonly<Record<string, string>> = { a: 'aa', b: 'bb', c: 'cc', [STRANGER]: 'ee' };
const idOf = (name: string): string => (IDS[name] ?? '').repeat(16);

/** How an honest participant comes to draft an entry. */
const DRAFTS: Readonly<Record<DraftedEntry['kind'], (it: Participant) => boolean>> = {
  found: (it) => it.act(),
  commit: (it) => it.act(),
  handover: (it) => it.handOver(),
  claim: (it) => it.claim(),
};

/**
 * The room of one path: the participant whose machine the path goes over, the others, and their log. All of them are
 * production participants with MLS groups of their own, and what is appended is what they have signed.
 */
export class PathRoom {
  readonly scene = new Scene();
  readonly names = new Names();
  readonly watch = new CoreWatch();
  readonly self: Person;
  /** SHA-256 of the authenticator that each founding and commit announced, by the model's name for it. */
  readonly announced = new Map<string, string>();
  /** Who has done what the protocol does not allow. */
  readonly culprits = new Set<Person>();
  readonly #people = new Map<string, Person>();
  readonly #selfCore: MlsGroup;

  constructor(core: (mls: MlsGroup) => MlsGroup = (mls) => mls) {
    this.names.pair(ORIGIN, this.scene.log.hash);
    this.#selfCore = createMlsGroup({ participant: idOf(SELF), now: NOW });
    this.self = new Person(this.scene, SELF, this.watch.watched(core(this.#selfCore)));
    this.watch.snapshot = () => this.self.participant.snapshot;
    this.#enters(SELF, this.self);
  }

  /** The participants, those that have not joined yet left out. */
  get people(): readonly Person[] {
    return this.scene.people;
  }

  #enters(name: string, person: Person): Person {
    const { signatureKey, keyPackage, hpkeKeys } = joinOf(name);
    const facts = borderChecks.checkKeyPackage(person.mls.keyPackage);
    if (typeof facts === 'string') throw new Error(`the key package of ${name} is refused: ${facts}`);
    this.names.pair(name, person.id);
    this.names.pair(signatureKey, facts.signatureKey);
    this.names.pair(keyPackage, digest(person.mls.keyPackage));
    hpkeKeys.forEach((key, i) => this.names.pair(key, facts.hpkeKeys[i] ?? ''));
    this.#people.set(name, person);
    return person;
  }

  #person(name: string): Person {
    const person = this.#people.get(name);
    return (
      person ??
      this.#enters(name, new Person(this.scene, name, createMlsGroup({ participant: idOf(name), now: NOW })))
    );
  }

  /** The participant joins, if it has not done so yet. */
  joins(): void {
    if (!this.scene.people.includes(this.self)) this.scene.append(this.#join(SELF));
  }

  /** Has the participant do something of its own accord. */
  tell(command: CommandType): void {
    const { participant } = this.self;
    if (command === 'found' || command === 'commit') participant.act();
    else participant[command]();
  }

  /** The participant reads the next entry of the log. The others lag behind it, and catch up with every second entry. */
  read(): void {
    this.scene.deliver(this.self, 1);
    if (this.scene.entries.length % 2 === 0) for (const person of this.people) this.scene.deliver(person);
  }

  /**
   * Appends the entry that the model calls `entry`. One that counts is drafted by its author, who has read all that
   * there is; the others, and what the participant's second life drafts, are made by hand.
   *
   * @throws Error where an honest author does not draft it.
   */
  append(entry: Entry, counts: boolean, damage: Damage | null = null): void {
    const made = this.#wireOf(entry, counts);
    const wire = damage === null ? made : this.#damaged(entry, made, damage);
    if (counts && (entry.kind === 'found' || entry.kind === 'commit')) {
      this.names.pair(entry.id, commitIdOf(wire.header));
      const header = decodeHeader(wire.header);
      if ('authenticator' in header) this.announced.set(entry.id, header.authenticator);
    }
    this.scene.append(wire);
    this.names.pair(hashOf(this.scene.entries.length), this.scene.log.hash);
  }

  #wireOf(entry: Entry, counts: boolean): WireEntry {
    switch (entry.kind) {
      case 'void':
        return { header: new Uint8Array(3), signature: NOTHING, payload: NOTHING };
      case 'leave':
        return this.#leave(this.#people.get(entry.author)?.id ?? idOf(entry.author));
      case 'join':
        return entry.invited ? this.#join(entry.author) : this.#uninvited(entry.author);
      case 'found':
      case 'commit':
      case 'handover':
      case 'claim':
        return this.#draft(entry, counts);
      case 'welcome':
        throw new RangeError('a Welcome by itself has no wire format');
    }
  }

  #leave(author: string): WireEntry {
    const header = encodeHeader({ kind: 'leave', log: this.scene.log.id, author });
    return { header, signature: NOTHING, payload: NOTHING };
  }

  #join(name: string): WireEntry {
    const person = this.#person(name);
    if (!this.scene.people.includes(person)) this.scene.people.push(person);
    return person.participant.join;
  }

  /** Somebody who has a link to another room. */
  #uninvited(name: string): WireEntry {
    const mls = createMlsGroup({ participant: idOf(name), now: NOW });
    const invite = inviteOf(new Uint8Array(32).fill(8));
    const nothing = (): void => undefined;
    const options = { invite, log: this.scene.log.id, mls, sealedName: NOTHING };
    const { join } = new Participant({ ...options, send: nothing, sendLeave: nothing });
    mls.close();
    return join;
  }

  #draft(entry: DraftedEntry, counts: boolean): WireEntry {
    const author = this.#person(entry.author);
    const honest = counts && author !== this.self;
    if (author !== this.self) this.scene.deliver(author);
    if (honest && !DRAFTS[entry.kind](author.participant)) {
      throw new Error(`${entry.author} is ${author.state} and drafts no ${entry.kind}`);
    }
    const sent = author.outbox.findIndex(({ header }) => {
      const it = decodeHeader(header);
      return it.kind === entry.kind && 'at' in it && it.at === entry.at;
    });
    const [wire] = sent < 0 ? [] : author.outbox.splice(sent, 1);
    if (wire === undefined && honest) throw new Error(`${entry.author} sent no ${entry.kind}`);
    return wire ?? this.#forged(entry, author);
  }

  #forged(entry: DraftedEntry, author: Person): WireEntry {
    const keys = (author === this.self ? this.#selfCore : author.mls).copy();
    try {
      return forged(entry, keys, {
        log: this.scene.log.id,
        room: this.scene.invite.room,
        idOf: (name) => this.#people.get(name)?.id ?? idOf(name),
        keyPackageOf: (name) => this.#person(name).mls.keyPackage,
        real: (name) => this.names.real(name),
      });
    } finally {
      keys.close();
    }
  }

  #damaged(entry: Entry, wire: WireEntry, damage: Damage): WireEntry {
    const author = this.#person(entry.author);
    this.culprits.add(author);
    return damaged(wire, damage, (header, payload) => author.signs(header, payload));
  }
}
