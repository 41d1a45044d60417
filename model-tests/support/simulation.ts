import type { MlsGroup } from '../../src/mls/MlsGroup.ts';
import type { WireEntry } from '../../src/protocol/wire/hashes.ts';
import { recordParticipant } from '../../src/participant/recording.ts';
import { Scene, type Person } from '../../src/participant/testing.ts';
import type { RecordLine } from '../../src/trace/record.ts';
import type { Action, Command } from './commands.ts';

/** Participants in the call at once, and in one schedule. */
const AT_ONCE = 6;
const EVER = 12;

/** Everything that happens in one schedule: production participants over real MLS, and the log between them. */
export class Simulation {
  readonly scene = new Scene();
  /** What happened, a line a step. */
  readonly trail: string[] = [];
  /** The records of all, one after the other as they happened. */
  readonly lines: RecordLine[] = [];
  /** Called after each step of a participant, and at the moment in which somebody drops out with all it knows. */
  onRead: (person: Person) => void = () => undefined;
  onLost: (person: Person, keys: MlsGroup) => void = () => undefined;
  readonly #core: (name: string, mls: MlsGroup) => MlsGroup;
  readonly #crashed = new Set<Person>();
  /** Who is declared gone: what it sends gets nowhere. */
  readonly #cut = new Set<Person>();
  /** Who left or crashed, and the service has not said so. */
  readonly #owed: Person[] = [];
  readonly #inFlight = new Map<Person, WireEntry>();
  /** Where the log says that somebody is gone. */
  readonly #gone = new Map<Person, number>();

  constructor(core: (name: string, mls: MlsGroup) => MlsGroup = (_, mls) => mls) {
    this.#core = core;
  }

  get people(): readonly Person[] {
    return this.scene.people;
  }

  /** Who runs: has not left, crashed, died or been evicted. */
  get running(): readonly Person[] {
    return this.people.filter((it) => !it.participant.ended && !this.#crashed.has(it));
  }

  /** Crashes of which the records tell: somebody has read that the crashed one is gone. */
  get crashesTold(): number {
    const read = Math.max(0, ...this.people.map((it) => it.read));
    return [...this.#crashed].filter((it) => (this.#gone.get(it) ?? Infinity) <= read).length;
  }

  /** Carries one command out, or in its place what is due. Gives what happened; null where nothing could. */
  run({ action, pick }: Command): Action | null {
    const due =
      pick % 2 === 0 ? (['append', 'deliver', 'act'] as const) : (['deliver', 'act', 'append'] as const);
    return (
      ([action, ...due, 'bury', 'handOver', 'join'] as const).find((it) => this.#tries(it, pick)) ?? null
    );
  }

  #tries(action: Action, pick: number): boolean {
    if (action === 'join') return this.#join();
    const candidates = this.#candidates(action);
    const person = candidates[pick % Math.max(1, candidates.length)];
    if (person === undefined) return false;
    const before = this.scene.entries.length;
    this.#happens(action, person);
    if (this.#cut.has(person)) person.outbox.length = 0;
    const appended = this.scene.entries.length > before ? ` -> entry ${this.scene.entries.length}` : '';
    const read = action === 'deliver' || action === 'catchUp' ? ` up to ${person.read}` : '';
    this.trail.push(`${person.name} ${action}${read}${appended} (${person.state})`);
    return true;
  }

  #join(): boolean {
    if (this.running.length >= AT_ONCE || this.people.length >= EVER) return false;
    const name = `p${this.people.length + 1}`;
    const { participant } = this.scene.join(name, (mls) => this.#core(name, mls));
    recordParticipant(participant, (line) => void this.lines.push(line));
    this.trail.push(`${name} join -> entry ${this.scene.entries.length}`);
    return true;
  }

  #candidates(action: Exclude<Action, 'join'>): readonly Person[] {
    const { running, scene } = this;
    const can = (...types: ('found' | 'commit' | 'handOver' | 'claim' | 'leave')[]): readonly Person[] =>
      running.filter((it) => types.some((type) => it.participant.snapshot.can({ type })));
    switch (action) {
      case 'deliver':
      case 'catchUp':
        return running.filter((it) => it.read < scene.entries.length);
      case 'act':
        return can('found', 'commit');
      case 'handOver':
      case 'claim':
      case 'leave':
        return can(action);
      case 'append':
      case 'lose':
        return running.filter((it) => it.outbox.length > 0);
      case 'resend':
        return running.filter((it) => it.participant.snapshot.context.pending !== null);
      case 'crash':
        return running;
      case 'declareGone':
        return running.filter((it) => !this.#cut.has(it));
      case 'bury':
        return this.#owed;
    }
  }

  #happens(action: Exclude<Action, 'join'>, person: Person): void {
    const { participant, outbox } = person;
    switch (action) {
      case 'deliver':
        return this.#deliver(person, 1);
      case 'catchUp':
        return this.#deliver(person, Infinity);
      case 'act':
      case 'handOver':
      case 'claim':
        return this.#drafts(action, person);
      case 'append':
        return this.scene.append(outbox.shift()!);
      case 'lose':
        outbox.length = 0;
        return;
      case 'resend':
        outbox.push(this.#inFlight.get(person)!);
        return;
      case 'leave':
        this.#loses(person);
        participant.leave();
        return this.#ends(person);
      case 'crash':
        this.#loses(person);
        this.#crashed.add(person);
        return this.#ends(person);
      case 'declareGone':
        this.#loses(person);
        this.#cut.add(person);
        return this.#departs(person);
      case 'bury':
        this.#owed.splice(this.#owed.indexOf(person), 1);
        return this.#departs(person);
    }
  }

  #departs(person: Person): void {
    this.scene.leaves(person);
    this.#gone.set(person, this.scene.entries.length);
  }

  #drafts(action: 'act' | 'handOver' | 'claim', person: Person): void {
    person.participant[action]();
    const sent = person.outbox.at(-1);
    if (sent !== undefined) this.#inFlight.set(person, sent);
    this.onRead(person);
  }

  #deliver(person: Person, count: number): void {
    while (count-- > 0 && person.read < this.scene.entries.length && !person.participant.ended) {
      this.scene.deliver(person, 1);
      this.onRead(person);
    }
  }

  #loses({ mls, participant }: Person): void {
    const person = this.people.find((it) => it.participant === participant);
    if (person !== undefined && !participant.ended && mls.hasGroup) this.onLost(person, mls.copy());
  }

  #ends(person: Person): void {
    person.outbox.length = 0;
    if (!this.#cut.has(person)) this.#owed.push(person);
  }

  /** Fair delivery and no more faults: everything arrives, everybody reads and does its duty, until nothing moves. */
  quiesce(): void {
    for (const person of this.#owed.splice(0)) this.#departs(person);
    for (const person of this.running) {
      const entry = this.#inFlight.get(person);
      const { pending } = person.participant.snapshot.context;
      if (pending !== null && entry !== undefined && !this.#cut.has(person)) person.outbox.push(entry);
    }
    for (let before = -1; before !== this.scene.entries.length;) {
      before = this.scene.entries.length;
      for (const person of this.running) {
        if (this.#cut.has(person)) person.outbox.length = 0;
        this.scene.flush(person);
        this.#deliver(person, Infinity);
        if (!person.participant.ended && person.participant.act())
          this.#inFlight.set(person, person.outbox.at(-1)!);
        if (this.#cut.has(person)) person.outbox.length = 0;
        this.scene.flush(person);
      }
    }
    this.trail.push(`all is delivered (${this.scene.entries.length} entries)`);
  }
}
