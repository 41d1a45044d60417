import { stateOf } from '../../participant/recording.ts';
import type { ParticipantSnapshot } from '../../machine/machine.ts';
import type { MlsGroup } from '../../mls/MlsGroup.ts';
import {
  apply,
  equalValues,
  fcn,
  modelValue,
  sequence,
  type TlaState,
  type TlaValue,
} from '../../trace/value.ts';
import type { Action } from '../explorer/actions.ts';
import type { ModelConstants } from '../model/constants.ts';
import { historyValue, type Epochs } from './epochs.ts';
import { LogView, type EndOfLog } from './logView.ts';
import { entryValue, type Command, type Driver, type ReplayedParticipant, type Sent } from './participant.ts';
import { sightOf, type Sight } from './sight.ts';

/** What happens in a replay: the spec's actions, and an entry in the log that does not verify. */
export type ReplayAction = Action | 'Void';

const COMMANDS: Readonly<Partial<Record<ReplayAction, Command>>> = {
  Found: 'found',
  Commit: 'commit',
  HandOver: 'handOver',
  Claim: 'claim',
  Leave: 'leave',
};

/** A place in the world. Without a participant it is outside, or has crashed. */
export interface Place<Content> {
  readonly name: string;
  participant: ReplayedParticipant<Content> | null;
  crashed: boolean;
  outbox: readonly Sent<Content>[];
  /** What it sent last. */
  drafted: Sent<Content> | null;
}

/** The delivery service, the network and the faults of the spec, around participants that are real. */
export class World<Content> {
  readonly log: Sent<Content>[] = [];
  readonly #driver: Driver<Content>;
  readonly #epochs: Epochs;
  readonly #places: readonly Place<Content>[];
  /** What was seen of a participant that has done nothing since. */
  readonly #sights = new Map<string, Sight>();
  readonly #logView: LogView<Content>;
  #end: EndOfLog | null = null;
  readonly #left = new Set<string>();
  readonly #joined = new Set<string>();

  constructor(constants: ModelConstants, driver: Driver<Content>, epochs: Epochs) {
    this.#driver = driver;
    this.#logView = new LogView(driver, constants);
    this.#epochs = epochs;
    this.#places = constants.participants.map((name) => ({
      name,
      participant: null,
      crashed: false,
      outbox: [],
      drafted: null,
    }));
  }

  /** What follows from the log as it is. */
  get end(): EndOfLog {
    return (this.#end ??= this.#logView.end);
  }

  #show(entry: Sent<Content>): void {
    this.log.push(entry);
    this.#logView.append(entry.content);
    this.#end = null;
  }

  /** Takes a step. False where it is not possible. */
  take(action: ReplayAction, name: string): boolean {
    const place = this.#placeOf(name);
    if (place === undefined) return false;
    this.#sights.delete(name);
    const command = COMMANDS[action];
    if (command !== undefined) return this.#command(place, command);
    switch (action) {
      case 'Join':
        return this.#join(place);
      case 'AppendEntry':
        return this.#append(place);
      case 'DeclareGone':
        return this.#declareGone(place);
      case 'Lose':
        return this.#lose(place);
      case 'Resend':
        return this.#resend(place);
      case 'Read':
        return this.#read(place);
      case 'Crash':
        return this.#crash(place);
      case 'Void':
        this.#show({ value: entryValue('void', name), content: this.#driver.void() });
        return true;
      default:
        return false;
    }
  }

  /** Closes the groups that are left. */
  close(): void {
    for (const { participant } of this.#places) participant?.mls.close();
  }

  sights(): readonly Sight[] {
    return this.#places.map((place): Sight => {
      const { name } = place;
      const known = this.#sights.get(name);
      if (known !== undefined) return known;
      const sight = sightOf(place, inCall(place), this.#epochs, this.#driver);
      this.#sights.set(name, sight);
      return sight;
    });
  }

  /** The MLS group of a participant that has one. */
  group(name: string): MlsGroup | null {
    const place = this.#placeOf(name);
    if (place === undefined || !inCall(place)) return null;
    const { participant } = place;
    return participant?.mls.hasGroup === true ? participant.mls : null;
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
    const isUnnoticed = ({ name }: { name: string }): boolean =>
      this.#joined.has(name) && !this.#left.has(name);
    if (this.#places.some((place) => place.outbox.length > 0)) return null;
    if (this.#places.some((place) => !inCall(place) && isUnnoticed(place))) return null;
    const awake = here.filter(({ name }) => !hung.includes(name));
    if (awake.some((place) => this.#mayAct(place))) return null;
    const waiting = awake.filter(({ participant }) => stateOf(participant!.snapshot).startsWith('waiting'));
    return waiting.length === 0 ? null : waiting.map(({ name }) => name);
  }

  #mayAct({ participant }: Place<Content>): boolean {
    const { snapshot } = participant!;
    const { view, pending } = snapshot.context;
    if (view.position < this.log.length || pending !== null) return true;
    return (['found', 'commit', 'claim'] as const).some((type) => snapshot.can({ type }));
  }

  #placeOf(name: string): Place<Content> | undefined {
    return this.#places.find((place) => place.name === name);
  }

  /** The spec's state that this is, faults left out: they are the model's, and no participant knows them. */
  project(): TlaState {
    const sights = this.sights();
    const each = (of: (place: Place<Content>, sight: Sight) => TlaValue): TlaValue =>
      fcn(this.#places.map((place, i) => [modelValue(place.name), of(place, sights[i]!)] as const));
    return {
      log: sequence([sequence(this.log.map(({ value }) => value))]),
      status: each((_, { state }) => state.split('.')[0] ?? ''),
      pos: each((_, { position }) => position),
      mls: each((_, { history }) => historyValue(history)),
      pending: each((place) => pendingValue(place)),
      outbox: each(({ outbox }) => sequence(outbox.map(({ value }) => value))),
    };
  }

  #join(place: Place<Content>): boolean {
    if (place.participant !== null || place.crashed) return false;
    const { participant, join } = this.#driver.create(place.name);
    place.participant = participant;
    this.#show({ value: entryValue('join', place.name), content: join });
    this.#joined.add(place.name);
    for (const { content } of this.log) participant.read(content);
    return true;
  }

  #append(place: Place<Content>): boolean {
    const [first, ...rest] = place.outbox;
    if (first === undefined) return false;
    place.outbox = rest;
    this.#show(first);
    return true;
  }

  #declareGone(place: Place<Content>): boolean {
    if (!this.#joined.has(place.name) || this.#left.has(place.name)) return false;
    this.#left.add(place.name);
    this.#show({ value: entryValue('leave', place.name), content: this.#driver.leave(place.name) });
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
    if (!this.#left.has(place.name)) place.outbox = [...place.outbox, draft];
    return true;
  }

  #command(place: Place<Content>, command: Command): boolean {
    const sent = inCall(place) ? (place.participant?.tell(command) ?? null) : null;
    if (sent === null) return false;
    // What is sent on a connection that the service has closed gets nowhere.
    if (!this.#left.has(place.name)) place.outbox = [...place.outbox, ...sent];
    place.drafted = sent.at(-1) ?? place.drafted;
    this.#settle(place);
    return true;
  }

  #read(place: Place<Content>): boolean {
    const { participant } = place;
    if (participant === null || !inCall(place)) return false;
    const next = this.log[participant.snapshot.context.view.position];
    if (next === undefined) return false;
    participant.read(next.content);
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

const inCall = ({ participant }: Place<unknown>): boolean =>
  participant !== null && participant.snapshot.status === 'active';

/** What it drafted and not read back. */
const draftOf = <Content>({ participant, drafted }: Place<Content>): Sent<Content> | null =>
  participant === null || participant.snapshot.context.pending === null ? null : drafted;

/** What the machine says is pending, with what it holds, which only the entry knows. */
function pendingValue({ participant, drafted }: Place<unknown>): TlaValue {
  const pending = participant?.snapshot.context.pending ?? null;
  if (pending === null) return sequence([]);
  const value = drafted?.value ?? '';
  const fits =
    equalValues(apply(value, 'kind') ?? '', pending.kind) &&
    equalValues(apply(value, 'at') ?? '', pending.at);
  return sequence([fits ? value : `${pending.kind} at ${pending.at}`]);
}
