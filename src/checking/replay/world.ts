import type { ParticipantSnapshot } from '../../machine/machine.ts';
import type { MlsGroup } from '../../mls/MlsGroup.ts';
import { stateOf } from '../../participant/recording.ts';
import type { TlaState } from '../../trace/value.ts';
import { ADVERSARY_ACTIONS, type ReplayAction } from './actions.ts';
import { Adversary, type Told } from './adversary.ts';
import { sideOf, type ReplayConstants } from './constants.ts';
import type { Epochs } from './epochs.ts';
import { Logs } from './logs.ts';
import { entryValue, type Command, type Driver, type Sent } from './participant.ts';
import { draftOf, inCall, type Place } from './place.ts';
import { projectionOf } from './projection.ts';
import { sightOf, type Sight } from './sight.ts';

const COMMANDS: Readonly<Partial<Record<ReplayAction, Command>>> = {
  Found: 'found',
  Commit: 'commit',
  HandOver: 'handOver',
  Claim: 'claim',
  Leave: 'leave',
};

/** The delivery service, the network and the faults of the spec, around participants that are real. */
export class World<Content> {
  readonly logs: Logs<Content>;
  readonly #driver: Driver<Content>;
  readonly #epochs: Epochs;
  readonly #places: readonly Place<Content>[];
  readonly #adversary: Adversary<Content>;
  /** What was seen of a participant that has done nothing since. */
  readonly #sights = new Map<string, Sight>();

  constructor(constants: ReplayConstants, driver: Driver<Content>, epochs: Epochs) {
    this.#driver = driver;
    this.#epochs = epochs;
    this.logs = new Logs(driver, constants);
    this.#places = constants.participants.map((name) => ({
      name,
      side: sideOf(constants, name),
      participant: null,
      insider: constants.dishonest.includes(name) ? driver.insider(name) : null,
      crashed: false,
      outbox: [],
      drafted: null,
    }));
    this.#adversary = new Adversary(this.logs, this.#places, driver);
  }

  /** Log 1: the only one of an honest service. */
  get log(): readonly Sent<Content>[] {
    return this.logs.of(1).entries;
  }

  /** Takes a step. False where it is not possible. */
  take(action: ReplayAction, name: string, told: Told = {}): boolean {
    const place = this.#placeOf(name);
    if (place === undefined) return false;
    this.#sights.delete(name);
    const command = COMMANDS[action];
    if (command !== undefined) return this.#command(place, command);
    const sides = told.appended?.sides ?? [place.side];
    const adversary = ADVERSARY_ACTIONS.find((known) => known === action);
    if (adversary !== undefined) return this.#adversary.take(adversary, place, told);
    switch (action) {
      case 'Join':
        return this.#join(place, sides);
      case 'AppendEntry':
        return this.#append(place, sides);
      case 'DeclareGone':
        return this.#declareGone(place, sides);
      case 'Lose':
        return this.#lose(place);
      case 'Resend':
        return this.#resend(place);
      case 'Read':
        return this.#read(place);
      case 'Crash':
        return this.#crash(place);
      case 'Void':
        this.#adversary.show({ value: entryValue('void', name), content: this.#driver.void() }, sides);
        return true;
      default:
        return false;
    }
  }

  /** Closes the groups that are left. */
  close(): void {
    for (const { participant, insider } of this.#places) {
      participant?.mls.close();
      insider?.close();
    }
  }

  sights(): readonly Sight[] {
    return this.#places.map((place): Sight => {
      const { name } = place;
      const known = this.#sights.get(name);
      // What an insider has follows from the logs, whoever has done something.
      if (known !== undefined && place.insider === null) return known;
      const sight = sightOf(place, this.group(name), this.#epochs, this.#driver);
      this.#sights.set(name, sight);
      return sight;
    });
  }

  /** The MLS group of a participant that has one; of an insider that of the last epoch on log 1, or else on log 2. */
  group(name: string): MlsGroup | null {
    const place = this.#placeOf(name);
    if (place === undefined) return null;
    const { participant, insider } = place;
    if (insider !== null) {
      const ids = this.logs.all.flatMap(({ view }) => [...view.history].reverse());
      return insider.groupAt(ids.find((id) => insider.groupAt(id) !== null));
    }
    return inCall(place) && participant?.mls.hasGroup === true ? participant.mls : null;
  }

  /** All MLS groups of who erases none. */
  keptGroups(name: string): readonly MlsGroup[] {
    return this.#placeOf(name)?.insider?.groups ?? [];
  }

  /** The entry that a participant reads next; null where there is none. */
  next(name: string): Sent<Content> | null {
    const place = this.#placeOf(name);
    if (place === undefined || !inCall(place)) return null;
    const position = place.participant?.snapshot.context.view.position ?? 0;
    return this.logs.of(place.side).entries[position] ?? null;
  }

  /** The machine's snapshot, also of a participant that has ended; null where there is none. */
  snapshot(name: string): ParticipantSnapshot | null {
    return this.#placeOf(name)?.participant?.snapshot ?? null;
  }

  /**
   * Who waits while nobody can do anything any more but those who hang: nothing is under way or unread, nobody has
   * ended unnoticed, no draft is to be sent again, and no machine may draft anything. Null where somebody can, or where
   * nobody waits.
   */
  stuck(hung: readonly string[]): readonly string[] | null {
    const here = this.#places.filter((place) => inCall(place));
    const isUnnoticed = ({ name, side }: Place<Content>): boolean =>
      this.logs.has(side, 'join', name) && !this.logs.has(side, 'leave', name);
    if (this.#places.some((place) => place.outbox.length > 0)) return null;
    if (this.#places.some((place) => !inCall(place) && isUnnoticed(place))) return null;
    const awake = here.filter(({ name }) => !hung.includes(name));
    if (awake.some((place) => this.#mayAct(place))) return null;
    const waiting = awake.filter(({ participant }) => stateOf(participant!.snapshot).startsWith('waiting'));
    return waiting.length === 0 ? null : waiting.map(({ name }) => name);
  }

  #mayAct({ participant, side }: Place<Content>): boolean {
    const { snapshot } = participant!;
    const { view, pending } = snapshot.context;
    if (view.position < this.logs.of(side).length || pending !== null) return true;
    return (['found', 'commit', 'claim'] as const).some((type) => snapshot.can({ type }));
  }

  #placeOf(name: string): Place<Content> | undefined {
    return this.#places.find((place) => place.name === name);
  }

  /** The spec's state that this is. */
  project(): TlaState {
    return projectionOf(this.logs.all, this.#places, this.sights());
  }

  #join(place: Place<Content>, sides: readonly number[]): boolean {
    if (place.participant !== null || place.insider !== null || place.crashed) return false;
    const { participant, join } = this.#driver.create(place.name);
    place.participant = participant;
    this.logs.showJoinOrLeave('join', place.name, join, sides);
    for (const { content } of this.logs.of(place.side).entries) participant.read(content);
    return true;
  }

  #append(place: Place<Content>, sides: readonly number[]): boolean {
    const [first, ...rest] = place.outbox;
    if (first === undefined) return false;
    place.outbox = rest;
    this.#adversary.show(first, sides);
    return true;
  }

  #declareGone(place: Place<Content>, sides: readonly number[]): boolean {
    const { name, side } = place;
    if (!this.logs.has(side, 'join', name) || this.logs.has(side, 'leave', name)) return false;
    this.logs.showJoinOrLeave('leave', name, this.#driver.leave(name), sides);
    place.outbox = [];
    return true;
  }

  #lose(place: Place<Content>): boolean {
    if (!inCall(place) || (place.outbox.length === 0 && draftOf(place) === null)) return false;
    place.outbox = [];
    return true;
  }

  #resend(place: Place<Content>): boolean {
    const draft = draftOf(place);
    if (!inCall(place) || draft === null) return false;
    this.#send(place, [draft]);
    return true;
  }

  #command(place: Place<Content>, command: Command): boolean {
    const sent = inCall(place) ? (place.participant?.tell(command) ?? null) : null;
    if (sent === null) return false;
    this.#send(place, sent);
    place.drafted = sent.at(-1) ?? place.drafted;
    this.#settle(place);
    return true;
  }

  /** What is sent on a connection that the service has closed gets nowhere. */
  #send(place: Place<Content>, sent: readonly Sent<Content>[]): void {
    if (!this.logs.has(place.side, 'leave', place.name)) place.outbox = [...place.outbox, ...sent];
  }

  #read(place: Place<Content>): boolean {
    const next = this.next(place.name);
    if (next === null) return false;
    place.participant?.read(next.content);
    this.#settle(place);
    return true;
  }

  #crash(place: Place<Content>): boolean {
    if (!inCall(place)) return false;
    place.participant?.mls.close();
    place.participant = null;
    place.crashed = true;
    place.outbox = [];
    return true;
  }

  /** The connection of who ends is closed. */
  #settle(place: Place<Content>): void {
    if (!inCall(place)) place.outbox = [];
  }
}
