/** What tests of participants share: a room in one process, real MLS and a log in memory. `loadMlsInNode` comes first. */
import { MemoryLog } from '../log/memory.ts';
import { type MlsCommit, type MlsGroup } from '../mls/MlsGroup.ts';
import { createMlsGroup } from '../mls/wasm.ts';
import { digest, hex, unhex } from '../protocol/wire/bytes.ts';
import type { WireEntry } from '../protocol/wire/hashes.ts';
import { encodeHeader, type Header } from '../protocol/wire/header.ts';
import { inviteOf } from '../protocol/wire/invite.ts';
import { encodeCommitPayload, payloadDigest } from '../protocol/wire/payload.ts';
import { signedContent } from '../protocol/wire/signature.ts';
import { Participant, type Step } from './Participant.ts';
import { stateOf } from './recording.ts';

/** 2026-11-22, in seconds since 1970. */
export const NOW = 1_795_305_600;

const NOTHING = new Uint8Array();
/** Entries of a scene: more are a loop. */
const SETTLED_BY = 20_000;

/** A participant in a `Scene`, what it has sent, and how far it has read. */
export class Person {
  readonly name: string;
  readonly mls: MlsGroup;
  readonly participant: Participant;
  readonly steps: Step[] = [];
  /** Sent, and not appended to the log by the service yet. */
  readonly outbox: WireEntry[] = [];
  asksToLeave = false;
  read = 0;
  readonly scene: Scene;

  constructor(scene: Scene, name: string, mls: MlsGroup) {
    this.scene = scene;
    this.name = name;
    this.mls = mls;
    this.participant = new Participant({
      invite: scene.invite,
      log: scene.log.id,
      mls,
      sealedName: NOTHING,
      send: (entry) => void this.outbox.push(entry),
      sendLeave: () => {
        this.asksToLeave = true;
      },
    });
    this.participant.subscribe((step) => void this.steps.push(step));
  }

  get id(): string {
    return this.participant.id;
  }

  get state(): string {
    return stateOf(this.participant.snapshot);
  }

  /** Why it is dead. */
  get cause(): unknown {
    return this.steps.at(-1)?.cause;
  }

  get authenticator(): string {
    return hex(this.mls.epochAuthenticator);
  }

  /** Signs any header with its own key, as a participant that does not follow the protocol may. */
  signs(header: Header, payload: Uint8Array = NOTHING): WireEntry {
    const bytes = encodeHeader(header);
    return { header: bytes, signature: this.mls.sign(signedContent(bytes)), payload };
  }

  /** An entry with the MLS commit `made` on what this person has read: by the wire format, not by the protocol. */
  commits(
    made: MlsCommit,
    adds: readonly Person[],
    change: { readonly payload?: Uint8Array; readonly authenticator?: string } = {},
  ): WireEntry {
    const { view } = this.participant;
    const payload = change.payload ?? encodeCommitPayload(made);
    const header: Header = {
      kind: 'commit',
      ...this.drafts(),
      parent: view.history.at(-1) ?? '',
      adds: adds.map((it) => it.id),
      removes: [],
      authenticator: change.authenticator ?? digest(made.authenticator),
      payload: payloadDigest(payload),
    };
    return this.signs(header, payload);
  }

  /** An MLS commit drafted at this person's position, by a copy of its group. */
  drafting(...[adds, removes, path]: Parameters<MlsGroup['commit']>): MlsCommit {
    return this.mls.copy().commit(adds, removes, path, unhex(this.drafts().on));
  }

  /** What a header drafted at this person's position says of the log. */
  drafts(): { log: string; author: string; at: number; on: string } {
    const { view } = this.participant;
    return { log: this.scene.log.id, author: this.id, at: view.position, on: view.hashes.at(-1) ?? '' };
  }
}

/** All agree on epoch, group id, members, exported secrets and view (RFC 9420, sections 8.5 and 8.7). Null, or who differs. */
export function disagreement(people: readonly Person[]): string | null {
  const facts = ({ mls, participant }: Person): string =>
    JSON.stringify([
      participant.hasKeys && hex(mls.epochAuthenticator),
      hex(mls.groupId),
      mls.epoch.toString(),
      mls.roster.map((it) => [it.participant, it.leafIndex, hex(it.signatureKey)]),
      hex(mls.exportSecret('SFrame 1.0 Base Key', NOTHING, 16)),
      participant.view,
    ]);
  const [first, ...others] = people;
  if (first === undefined || !first.participant.hasKeys) return 'nobody has keys';
  return others.find((it) => facts(it) !== facts(first))?.name ?? null;
}

/** One room: people, and the log between them. Nothing moves by itself. */
export class Scene {
  readonly invite = inviteOf(new Uint8Array(32).fill(7));
  readonly log = new MemoryLog();
  readonly entries: WireEntry[] = [];
  readonly people: Person[] = [];

  constructor() {
    this.log.subscribe((entry) => void this.entries.push(entry));
  }

  /** Somebody joins: the service appends it. `core` stands between the participant and its MLS group. */
  join(name: string, core: (mls: MlsGroup) => MlsGroup = (mls) => mls): Person {
    const participant = String(this.people.length + 1).padStart(32, '0');
    const person = new Person(this, name, core(createMlsGroup({ participant, now: NOW })));
    this.people.push(person);
    this.append(person.participant.join);
    return person;
  }

  append(entry: WireEntry): void {
    void this.log.append(entry);
  }

  /** The service says that somebody has left. */
  leaves({ id }: Person): void {
    const header = encodeHeader({ kind: 'leave', log: this.log.id, author: id });
    this.append({ header, signature: NOTHING, payload: NOTHING });
  }

  /** Appends what `person` has sent. */
  flush(person: Person): void {
    for (const entry of person.outbox.splice(0)) this.append(entry);
  }

  /** Hands `person` the entries that it has not read; at most `count`. */
  deliver(person: Person, count = Infinity): void {
    while (count-- > 0 && person.read < this.entries.length && !person.participant.ended) {
      const entry = this.entries[person.read++];
      if (entry !== undefined) person.participant.read(entry);
    }
  }

  /** Everybody reads everything, acts, and what they send is appended, until nothing moves any more. */
  settle(people: readonly Person[] = this.people): void {
    for (let length = -1; length !== this.entries.length;) {
      length = this.entries.length;
      if (length > SETTLED_BY) throw new Error(`${length} entries, and this scene does not settle`);
      for (const person of people) {
        this.deliver(person);
        person.participant.act();
        this.flush(person);
      }
    }
  }
}
