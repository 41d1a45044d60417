import { stateOf } from '../../participant/recording.ts';
import { hex } from '../../protocol/wire/bytes.ts';
import { equalValues, fcn, modelValue, sequence, type TlaState, type TlaValue } from '../../trace/value.ts';
import { apply } from '../../trace/value.ts';
import type { Action } from '../explorer/actions.ts';
import { historyValue, type Epochs, type History } from './epochs.ts';
import { entryValue, type Command, type Driver, type ReplayedParticipant, type Sent } from './participant.ts';

const COMMANDS: Readonly<Partial<Record<Action, Command>>> = {
  Found: 'found',
  Commit: 'commit',
  HandOver: 'handOver',
  Claim: 'claim',
  Leave: 'leave',
};

/** A place in the world. Without a participant it is outside, or has crashed. */
interface Place<Content> {
  readonly name: string;
  participant: ReplayedParticipant<Content> | null;
  crashed: boolean;
  outbox: readonly Sent<Content>[];
  /** What it sent last. */
  drafted: Sent<Content> | null;
}

/** What can be seen of a participant from outside. */
export interface Sight {
  readonly name: string;
  /** The machine's state node; `crashed` where there is none any more. */
  readonly state: string;
  readonly position: number;
  /** Of the MLS group; null without one. */
  readonly epoch: bigint | null;
  /** Hex; null without a group. */
  readonly authenticator: string | null;
  /** What led the group there. */
  readonly history: History;
  /** What the view says of it. */
  readonly viewHistory: History;
}

/** The delivery service, the network and the faults of the spec, around participants that are real. */
export class World<Content> {
  readonly log: Sent<Content>[] = [];
  readonly #driver: Driver<Content>;
  readonly #epochs: Epochs;
  readonly #places: readonly Place<Content>[];
  readonly #left = new Set<string>();
  readonly #joined = new Set<string>();

  constructor(names: readonly string[], driver: Driver<Content>, epochs: Epochs) {
    this.#driver = driver;
    this.#epochs = epochs;
    this.#places = names.map((name) => ({
      name,
      participant: null,
      crashed: false,
      outbox: [],
      drafted: null,
    }));
  }

  /** Takes a step. False where it is not possible. */
  take(action: Action, name: string): boolean {
    const place = this.#places.find((other) => other.name === name);
    if (place === undefined) return false;
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
      const { name, participant } = place;
      const here = inCall(place) ? participant : null;
      const group = here?.mls.hasGroup === true ? here.mls : null;
      return {
        name,
        state: place.crashed ? 'crashed' : participant === null ? 'outside' : stateOf(participant.snapshot),
        position: here?.snapshot.context.view.position ?? 0,
        epoch: group?.epoch ?? null,
        authenticator: group === null ? null : hex(group.epochAuthenticator),
        history: group === null ? [] : this.#epochs.historyOf(group),
        viewHistory: here?.viewHistory ?? [],
      };
    });
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
    this.log.push({ value: entryValue('join', place.name), content: join });
    this.#joined.add(place.name);
    for (const { content } of this.log) participant.read(content);
    return true;
  }

  #append(place: Place<Content>): boolean {
    const [first, ...rest] = place.outbox;
    if (first === undefined) return false;
    place.outbox = rest;
    this.log.push(first);
    return true;
  }

  #declareGone(place: Place<Content>): boolean {
    if (!this.#joined.has(place.name) || this.#left.has(place.name)) return false;
    this.#left.add(place.name);
    this.log.push({ value: entryValue('leave', place.name), content: this.#driver.leave(place.name) });
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
