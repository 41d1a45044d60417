import { encodeHeader, type Header } from '../../protocol/wire/header.ts';
import type { MlsGroup } from '../../mls/MlsGroup.ts';
import { recordParticipant } from '../../participant/recording.ts';
import { Scene, type Person } from '../../participant/testing.ts';
import { digest, unhex } from '../../protocol/wire/bytes.ts';
import type { WireEntry } from '../../protocol/wire/hashes.ts';
import { departed, live, waiting, type View } from '../../protocol/view.ts';
import { encodeCommitPayload, encodeJoinPayload, payloadDigest } from '../../protocol/wire/payload.ts';
import type { RecordLine } from '../../trace/record.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { keysOf } from './epochKeys.ts';
import { RealThief } from './RealThief.ts';
import type { EpochKeys, Lie, Seat, SeatCommand, SeatStep, Thief, World } from './world.ts';

/** A participant over real MLS. */
export class RealSeat implements Seat<WireEntry> {
  readonly person: Person;

  constructor(person: Person) {
    this.person = person;
  }

  get name(): string {
    return this.person.name;
  }
  get id(): string {
    return this.person.id;
  }
  get outbox(): WireEntry[] {
    return this.person.outbox;
  }
  get read(): number {
    return this.person.read;
  }
  get state(): string {
    return this.person.state;
  }
  get ended(): boolean {
    return this.person.participant.ended;
  }
  get cause(): unknown {
    return this.person.cause;
  }
  get view(): View {
    return this.person.participant.view;
  }
  get pending() {
    return this.person.participant.snapshot.context.pending;
  }
  get step(): SeatStep | null {
    const step = this.person.steps.at(-1);
    if (step === undefined) return null;
    const { event, before, after, placed, effects } = step;
    const drafted = before.context.pending;
    const views = { before: before.context.view, after: after.context.view };
    return { event, ...views, drafted, placed, effects: effects.map(({ type }) => type) };
  }
  get epoch(): EpochKeys | null {
    const { mls, participant } = this.person;
    return participant.ended || !mls.hasGroup ? null : keysOf(mls);
  }
  can(type: SeatCommand): boolean {
    return !this.ended && this.person.participant.snapshot.can({ type });
  }
  does(command: SeatCommand): void {
    const { participant } = this.person;
    if (command === 'found' || command === 'commit') participant.act();
    else participant[command]();
  }
  deliver(): void {
    this.person.scene.deliver(this.person, 1);
  }
}

/** Production participants over real MLS, and a log in memory. `loadMls` comes first. */
export class RealWorld implements World<WireEntry> {
  readonly scene = new Scene();
  readonly seats: RealSeat[] = [];
  /** The records of all, one after the other as they happened. */
  readonly lines: RecordLine[] = [];
  readonly #core: (name: string, mls: MlsGroup) => MlsGroup;
  readonly #thieves: RealThief[] = [];
  #uninvited = 0;

  /** @param core stands between a participant and its MLS group. */
  constructor(core: (name: string, mls: MlsGroup) => MlsGroup = (_, mls) => mls) {
    this.#core = core;
  }

  get entries(): readonly WireEntry[] {
    return this.scene.entries;
  }

  join(name: string): RealSeat {
    const person = this.scene.join(name, (mls) => this.#core(name, mls));
    recordParticipant(person.participant, (line) => void this.lines.push(line));
    const seat = new RealSeat(person);
    this.seats.push(seat);
    return seat;
  }

  /** Signed by nobody. */
  joinUninvited(): void {
    const author = (++this.#uninvited).toString(16).padStart(32, 'f');
    const key = String(this.#uninvited).padStart(64, '0');
    const payload = encodeJoinPayload({ keyPackage: new Uint8Array(), sealed: new Uint8Array() });
    const header = encodeHeader({
      kind: 'join',
      log: this.scene.log.id,
      author,
      signatureKey: key,
      keyPackage: key,
      payload: payloadDigest(payload),
    });
    this.append({ header, signature: new Uint8Array(64), payload });
  }

  append(entry: WireEntry): void {
    this.scene.append(entry);
  }

  leaves(seat: RealSeat): void {
    this.scene.leaves(seat.person);
  }

  lie({ person, view }: RealSeat, lie: Lie): WireEntry | null {
    const drafts = person.drafts();
    switch (lie) {
      case 'elsewhere':
        return person.signs({ kind: 'handover', ...drafts, on: digest(unhex(drafts.on)) });
      case 'secondFounding':
        return person.signs({ kind: 'found', ...drafts, authenticator: digest(unhex(drafts.on)) });
      case 'outOfTurn': {
        const adds = waiting(view).slice(0, LIMITS.batch);
        return this.#commit(person, adds, departed(view).slice(0, LIMITS.batch));
      }
      case 'unjustified': {
        const victim = live(view).at(-1);
        return victim === undefined || victim === person.id ? null : this.#commit(person, [], [victim]);
      }
    }
  }

  /** The payload is none that processes: no honest member looks at it where the header counts for nothing. */
  #commit(person: Person, adds: readonly string[], removes: readonly string[]): WireEntry {
    const { view } = person.participant;
    const payload = encodeCommitPayload({ commit: new Uint8Array(), welcome: new Uint8Array() });
    const header: Header = {
      kind: 'commit',
      ...person.drafts(),
      parent: view.history.at(-1) ?? '',
      adds,
      removes,
      authenticator: digest(unhex(view.hashes.at(-1) ?? '')),
      payload: payloadDigest(payload),
    };
    return person.signs(header, payload);
  }

  steal({ person }: RealSeat): Thief | null {
    if (!person.mls.hasGroup) return null;
    const thief = new RealThief(person, this.scene, person.mls.copy());
    this.#thieves.push(thief);
    return thief;
  }

  viewKey(view: View): string {
    return JSON.stringify(view);
  }

  close(): void {
    for (const { keys } of this.#thieves) keys.close();
    for (const { mls } of this.scene.people) mls.close();
  }
}
