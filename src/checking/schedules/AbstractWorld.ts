import { ALL_RULES } from '../../protocol/rules.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { departed, live, waiting, type View } from '../../protocol/view.ts';
import type { Entry } from '../../protocol/entry.ts';
import { stateOf } from '../../participant/recording.ts';
import { command, outside, read, takes, type Cell, type CellStep } from '../explorer/cell.ts';
import { logHash, type LogEntry } from '../explorer/logTree.ts';
import type { ModelConstants } from '../model/constants.ts';
import type { EpochKeys, Lie, Seat, SeatCommand, SeatStep, World } from './world.ts';

const NONE = { crashes: 0, leaves: 0, gone: 0, claims: 0, handovers: 0, lost: 0 };
const CONSTANTS: ModelConstants = {
  participants: [],
  uninvited: [],
  batchLimit: LIMITS.batch,
  rules: ALL_RULES,
  limits: NONE,
};

/** A participant over the abstract core: histories in place of secrets, no signature, nothing sealed. */
class AbstractSeat implements Seat<LogEntry> {
  readonly name: string;
  readonly outbox: LogEntry[] = [];
  step: SeatStep | null = null;
  #cell: Cell;
  readonly #world: AbstractWorld;

  constructor(world: AbstractWorld, name: string) {
    this.#world = world;
    this.name = name;
    this.#cell = outside(name, CONSTANTS);
  }

  get id(): string {
    return this.name;
  }
  /** Numbers of logs are their lengths here: there is one log. */
  get read(): number {
    return this.#cell.read;
  }
  get #machine() {
    const { machine } = this.#cell;
    if (machine === null) throw new Error('a seat keeps its machine');
    return machine;
  }
  get state(): string {
    return stateOf(this.#machine);
  }
  get ended(): boolean {
    return this.#machine.status !== 'active';
  }
  readonly cause = null;
  get view(): View {
    return this.#machine.context.view;
  }
  get pending() {
    return this.#machine.context.pending;
  }
  /** In the place of its history, which stands for all its secrets, the last of it and how long it is. */
  get epoch(): EpochKeys | null {
    const { history } = this.#cell.core;
    const authenticator = `${history.length} ${history.at(-1) ?? ''}`;
    return this.ended || history.length === 0 ? null : { authenticator, key: authenticator };
  }
  can(type: SeatCommand): boolean {
    return !this.ended && takes(this.#cell, { type });
  }
  does(type: SeatCommand): void {
    this.#took(type, command(this.#cell, { type }), null);
  }
  deliver(): void {
    const position = this.#cell.read + 1;
    const content = this.#world.at(position);
    const placed = { entry: content.entry, position, hash: logHash(position) };
    const log = { parent: position - 1, placed, content, joined: 0, left: 0 };
    this.#took('read', read(this.#cell, position, log), log.placed);
  }

  #took(event: SeatStep['event'], { cell, sent, effects }: CellStep, placed: SeatStep['placed']): void {
    const { view: before, pending: drafted } = this.#machine.context;
    this.#cell = cell;
    this.outbox.push(...sent);
    this.step = {
      event,
      before,
      after: this.view,
      drafted,
      placed,
      effects: effects.map(({ type }) => type),
    };
  }
}

/** The production machine over the abstract core: a thousand times faster than real MLS, and blind to what is in messages. */
export class AbstractWorld implements World<LogEntry> {
  readonly entries: LogEntry[] = [];
  readonly seats: AbstractSeat[] = [];
  #uninvited = 0;

  at(position: number): LogEntry {
    const entry = this.entries[position - 1];
    if (entry === undefined) throw new RangeError(`the log has no entry ${position}`);
    return entry;
  }

  join(name: string): AbstractSeat {
    const seat = new AbstractSeat(this, name);
    this.seats.push(seat);
    this.#joins(name, true);
    return seat;
  }

  joinUninvited(): void {
    this.#joins(`u${++this.#uninvited}`, false);
  }

  #joins(author: string, invited: boolean): void {
    const keys = { signatureKey: `key of ${author}`, keyPackage: `package of ${author}`, hpkeKeys: [] };
    this.#append({ kind: 'join', author, ...keys, invited });
  }

  #append(entry: Entry): void {
    this.entries.push({ entry, led: null });
  }

  append(entry: LogEntry): void {
    this.entries.push(entry);
  }

  leaves({ name: author }: AbstractSeat): void {
    this.#append({ kind: 'leave', author });
  }

  lie({ view, id: author }: AbstractSeat, lie: Lie): LogEntry | null {
    const at = view.position;
    const draft = { author, at, on: logHash(at) };
    // Author and position name a founding or commit: this one is another than what its author may draft there.
    const id = `${author}@${at} lied`;
    switch (lie) {
      case 'elsewhere':
        return { entry: { kind: 'handover', ...draft, on: `${draft.on} of another log` }, led: null };
      case 'secondFounding':
        return { entry: { kind: 'found', ...draft, id }, led: [id] };
      case 'outOfTurn': {
        const [adds, removes] = [waiting(view), departed(view)].map((ids) => ids.slice(0, LIMITS.batch));
        return this.#commit(view, draft, id, adds ?? [], removes ?? []);
      }
      case 'unjustified': {
        const victim = live(view).at(-1);
        return victim === undefined || victim === author ? null : this.#commit(view, draft, id, [], [victim]);
      }
    }
  }

  #commit(
    { history }: View,
    draft: { readonly author: string; readonly at: number; readonly on: string },
    id: string,
    adds: readonly string[],
    removes: readonly string[],
  ): LogEntry {
    const parent = history.at(-1) ?? '';
    return { entry: { kind: 'commit', ...draft, id, parent, adds, removes }, led: [...history, id] };
  }

  steal(): null {
    return null;
  }

  /** What the protocol goes by; the rest of a view follows from the log. */
  viewKey({ roster, arrivals, history, leftAt, refresh, changedAt }: View): string {
    return [roster, arrivals, Object.keys(leftAt), history.length, history.at(-1), refresh, changedAt].join(
      ' ',
    );
  }

  close(): void {
    this.entries.length = 0;
  }
}
