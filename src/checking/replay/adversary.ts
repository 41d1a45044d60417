import { equalValues, type TlaValue } from '../../trace/value.ts';
import type { AdversaryAction } from './actions.ts';
import { entryValue } from './participant.ts';
import type { Logs } from './logs.ts';
import type { Insider, Sent } from './participant.ts';
import { inCall, type Place } from './place.ts';
import { lieIn, type Appended } from './told.ts';

/** What a step of a trace says besides its action. */
export interface Told {
  readonly appended?: Appended | undefined;
  readonly bad?: boolean;
}

/** What dishonest participants and a dishonest service do, as the trace tells it. */
export class Adversary<Content> {
  readonly #logs: Logs<Content>;
  readonly #insiders: readonly Insider<Content>[];
  readonly #leave: (name: string) => Content;
  readonly #void: () => Content;
  /** Payloads that do for nobody. */
  readonly #bad = new Set<Content>();

  /** @param makes what nobody signs: the leave of somebody, and an entry that does not verify. */
  constructor(
    logs: Logs<Content>,
    places: readonly Place<Content>[],
    makes: { leave(name: string): Content; void(): Content },
  ) {
    this.#logs = logs;
    this.#insiders = places.flatMap(({ insider }) => (insider === null ? [] : [insider]));
    this.#leave = (name) => makes.leave(name);
    this.#void = () => makes.void();
  }

  /** Each insider that can follows what counts. */
  show(sent: Sent<Content>, sides: readonly number[]): void {
    if (this.#logs.show(sent, sides)) for (const insider of this.#insiders) insider.follow(sent.content);
  }

  /** Takes a step. False where it is not possible. */
  take(action: AdversaryAction, place: Place<Content>, told: Told): boolean {
    const sides = told.appended?.sides ?? [];
    switch (action) {
      case 'Enter':
      case 'ForgeJoin':
        return this.#join(place, sides);
      case 'ReadBadPayload':
        return this.#readBadPayload(place);
      case 'Duplicate':
      case 'Replay':
        return this.#repeat(told.appended);
      case 'Drop':
      case 'ShowElsewhere':
        return this.#withhold(place, sides);
      case 'RewriteAuthor':
        return this.#withhold(place, []) && this.#showVoid(place, sides);
      case 'Reorder':
        return this.#reorder(place, sides);
      case 'Go':
      case 'ForgeLeave':
      case 'ForgeLeaveElsewhere':
        return this.#declareGone(place, sides);
      default:
        return this.#lie(place, told);
    }
  }

  #join({ insider, name }: Place<Content>, sides: readonly number[]): boolean {
    if (insider === null || sides.length === 0) return false;
    this.#logs.showJoinOrLeave('join', name, insider.join, sides);
    return true;
  }

  #lie({ insider }: Place<Content>, { appended, bad = false }: Told): boolean {
    if (insider === null || appended === undefined) return false;
    const known = this.#find(appended.entry);
    if (known !== undefined) {
      // What it signed once can be shown to the other side later.
      this.show(known, appended.sides);
      return true;
    }
    const lie = lieIn(appended.entry);
    const content = insider.sign(lie, this.#logs.of(lie.on).hashAt(lie.at), bad);
    if (bad) this.#bad.add(content);
    this.show({ value: appended.entry, content }, appended.sides);
    return true;
  }

  #readBadPayload(place: Place<Content>): boolean {
    const { participant, side } = place;
    if (participant === null || !inCall(place)) return false;
    const next = this.#logs.of(side).entries[participant.snapshot.context.view.position];
    if (next === undefined) return false;
    participant.read(next.content, !this.#bad.has(next.content));
    if (!inCall(place)) place.outbox = [];
    return true;
  }

  /** An entry that is in some log already, once more. */
  #repeat(appended: Appended | undefined): boolean {
    const sent = appended === undefined ? undefined : this.#find(appended.entry);
    if (sent === undefined) return false;
    this.show(sent, appended!.sides);
    return true;
  }

  #find(value: TlaValue): Sent<Content> | undefined {
    const entries = this.#logs.all.flatMap((log) => log.entries);
    return entries.find((sent) => equalValues(sent.value, value));
  }

  /** What was sent first is dropped, or shown to the other side only. */
  #withhold(place: Place<Content>, sides: readonly number[]): boolean {
    const [first, ...rest] = place.outbox;
    if (first === undefined) return false;
    place.outbox = rest;
    this.show(first, sides);
    return true;
  }

  /** Under another name than its author's an entry does not verify, whatever it was. */
  #showVoid({ name }: Place<Content>, sides: readonly number[]): boolean {
    this.show({ value: entryValue('void', name), content: this.#void() }, sides);
    return true;
  }

  #reorder(place: Place<Content>, sides: readonly number[]): boolean {
    const [first, second, ...rest] = place.outbox;
    if (first === undefined || second === undefined) return false;
    place.outbox = [first, ...rest];
    this.show(second, sides);
    return true;
  }

  /** On the log that it reads, nothing more of what it sends gets anywhere. */
  #declareGone(place: Place<Content>, sides: readonly number[]): boolean {
    if (sides.length === 0) return false;
    this.#logs.showJoinOrLeave('leave', place.name, this.#leave(place.name), sides);
    if (sides.includes(place.side)) place.outbox = [];
    return true;
  }
}
