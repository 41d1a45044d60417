import { designatedCommitter } from '../../protocol/view.ts';
import { DISHONEST_ACTIONS, type Action, type Command } from './commands.ts';
import { LIES, type Lie, type Seat, type SeatCommand, type Thief, type World } from './world.ts';

/** Participants in the call at once, and in one schedule. */
const AT_ONCE = 12;
const EVER = 24;

/** How a schedule is played besides. */
export interface SimulationOptions {
  /** Who joins takes no step before it is thawed: its core is still being loaded. */
  readonly slowStart?: boolean;
  /** Joins, leaves and crashes happen as the schedule has them, and none in the place of something else. */
  readonly exact?: boolean;
}

/** Everything that happens in one schedule: participants, and the log between them. */
export class Simulation<E> {
  readonly world: World<E>;
  /** What happened, a line a step. */
  readonly trail: string[] = [];
  /** Called after each step of a participant, and at the moment in which somebody drops out with all it knows. */
  onStep: (seat: Seat<E>) => void = () => undefined;
  onLost: (thief: Thief) => void = () => undefined;
  /** Called where a commit that adds somebody is lost before it is appended. */
  onLostEntry: (entry: E) => void = () => undefined;
  readonly #slowStart: boolean;
  readonly #exact: boolean;
  readonly #crashed = new Set<Seat<E>>();
  readonly #hung = new Set<Seat<E>>();
  /** Who is declared gone: what it sends gets nowhere. */
  readonly #cut = new Set<Seat<E>>();
  /** Who left or crashed, and the service has not said so. */
  readonly #owed: Seat<E>[] = [];
  /** Who has lied: what comes of it for itself is its own affair. */
  readonly #liars = new Set<Seat<E>>();
  readonly #inFlight = new Map<Seat<E>, E>();
  /** Where the log says that somebody is gone. */
  readonly #gone = new Map<Seat<E>, number>();

  constructor(world: World<E>, { slowStart = false, exact = false }: SimulationOptions = {}) {
    this.world = world;
    this.#slowStart = slowStart;
    this.#exact = exact;
  }

  /** Who runs: has not left, crashed, died or been evicted. */
  get running(): readonly Seat<E>[] {
    return this.world.seats.filter((it) => !it.ended && !this.#crashed.has(it));
  }

  /** Crashes of which the records tell: somebody has read that the crashed one is gone. */
  get crashesTold(): number {
    const read = Math.max(0, ...this.world.seats.map((it) => it.read));
    return [...this.#crashed].filter((it) => (this.#gone.get(it) ?? Infinity) <= read).length;
  }

  /** Carries one command out, or in its place what is due. Gives what happened; null where nothing could. */
  run({ action, pick }: Command): Action | null {
    const due =
      pick % 2 === 0 ? (['append', 'deliver', 'act'] as const) : (['deliver', 'act', 'append'] as const);
    const comesOrGoes = action === 'join' || action === 'leave' || action === 'crash';
    const others = this.#exact
      ? comesOrGoes
        ? []
        : [...due, 'bury', 'thaw']
      : [...due, 'bury', 'handOver', 'thaw', 'join'];
    return [action, ...(others as Action[])].find((it) => this.#tries(it, pick)) ?? null;
  }

  #tries(action: Action, pick: number): boolean {
    const { entries } = this.world;
    const before = entries.length;
    if (action === 'join') return this.#join();
    if (action === 'joinUninvited' || action === 'repeat') return this.#byService(action, pick);
    const candidates = this.#candidates(action);
    const seat = candidates[pick % Math.max(1, candidates.length)];
    if (seat === undefined || !this.#happens(action, seat)) return false;
    if (this.#cut.has(seat)) seat.outbox.length = 0;
    const appended = entries.length > before ? ` -> entry ${entries.length}` : '';
    const read = action === 'deliver' || action === 'catchUp' ? ` up to ${seat.read}` : '';
    this.trail.push(`${seat.name} ${action}${read}${appended} (${seat.state})`);
    return true;
  }

  #join(): boolean {
    if (this.running.length >= AT_ONCE || this.world.seats.length >= EVER) return false;
    const name = `p${this.world.seats.length + 1}`;
    const seat = this.world.join(name);
    if (this.#slowStart) this.#hung.add(seat);
    this.trail.push(`${name} join -> entry ${this.world.entries.length}`);
    return true;
  }

  #byService(action: 'joinUninvited' | 'repeat', pick: number): boolean {
    const { entries } = this.world;
    const again = entries[pick % Math.max(1, entries.length)];
    if (action === 'joinUninvited') this.world.joinUninvited();
    else if (again === undefined) return false;
    else this.world.append(again);
    this.trail.push(`service ${action} -> entry ${entries.length}`);
    return true;
  }

  #candidates(action: Exclude<Action, 'join' | 'joinUninvited' | 'repeat'>): readonly Seat<E>[] {
    const { running, world } = this;
    const awake = running.filter((it) => !this.#hung.has(it));
    const can = (...commands: readonly SeatCommand[]): readonly Seat<E>[] =>
      awake.filter((it) => commands.some((command) => it.can(command)));
    switch (action) {
      case 'deliver':
      case 'catchUp':
        return awake.filter((it) => it.read < world.entries.length);
      case 'act':
        return can('found', 'commit');
      case 'handOver':
      case 'claim':
        return can(action);
      case 'leave':
        // Whatever it is doing, a tab can be closed.
        return this.#exact ? running : running.filter((it) => it.can('leave'));
      case 'append':
      case 'lose':
      case 'drop':
        return running.filter((it) => it.outbox.length > 0);
      case 'overtake':
        return running.filter((it) => it.outbox.length > 1);
      case 'resend':
        return awake.filter((it) => it.pending !== null);
      case 'crash':
        return running;
      case 'hang':
        return awake.length > 1 ? awake : [];
      case 'thaw':
        return running.filter((it) => this.#hung.has(it));
      case 'declareGone':
        return running.filter((it) => !this.#cut.has(it));
      case 'bury':
        return this.#owed;
      case 'outOfTurn':
      case 'unjustified':
      case 'elsewhere':
      case 'secondFounding':
        return this.#ableToLie(action);
    }
  }

  #ableToLie(lie: Lie): readonly Seat<E>[] {
    const members = this.running.filter((it) => it.state.startsWith('member') && !this.#cut.has(it));
    const isDesignated = (it: Seat<E>): boolean => designatedCommitter(it.view) === it.id;
    switch (LIES[lie]) {
      case 'designated':
        return members.filter(isDesignated);
      case 'member':
        return members.filter((it) => !isDesignated(it));
      case 'anybody':
        return members;
    }
  }

  /** Gives whether it could. */
  #happens(action: Exclude<Action, 'join' | 'joinUninvited' | 'repeat'>, seat: Seat<E>): boolean {
    const { outbox } = seat;
    switch (action) {
      case 'deliver':
        this.#deliver(seat, 1);
        return true;
      case 'catchUp':
        this.#deliver(seat, Infinity);
        return true;
      case 'act':
        return this.#drafts(seat.can('found') ? 'found' : 'commit', seat);
      case 'handOver':
      case 'claim':
        return this.#drafts(action, seat);
      case 'append':
        this.world.append(outbox.shift()!);
        return true;
      case 'drop':
        outbox.splice(0, 1).forEach(this.onLostEntry);
        return true;
      case 'overtake':
        this.world.append(outbox.splice(1, 1)[0]!);
        return true;
      case 'lose':
        outbox.splice(0).forEach(this.onLostEntry);
        return true;
      case 'resend':
        outbox.push(this.#inFlight.get(seat)!);
        return true;
      case 'hang':
        this.#hung.add(seat);
        return true;
      case 'thaw':
        this.#hung.delete(seat);
        return true;
      case 'leave':
        this.#loses(seat);
        // Before it has read its own join there is no participant that could say so.
        if (seat.can('leave')) seat.does('leave');
        else this.#crashed.add(seat);
        return this.#ends(seat);
      case 'crash':
        this.#loses(seat);
        this.#crashed.add(seat);
        return this.#ends(seat);
      case 'declareGone':
        this.#loses(seat);
        this.#cut.add(seat);
        return this.#departs(seat);
      case 'bury':
        this.#owed.splice(this.#owed.indexOf(seat), 1);
        return this.#departs(seat);
      default:
        return this.#lies(seat, action);
    }
  }

  #lies(seat: Seat<E>, lie: Lie): boolean {
    const entry = this.world.lie(seat, lie);
    if (entry === null) return false;
    this.#liars.add(seat);
    this.world.append(entry);
    return true;
  }

  #departs(seat: Seat<E>): true {
    this.world.leaves(seat);
    this.#gone.set(seat, this.world.entries.length);
    return true;
  }

  #drafts(command: 'found' | 'commit' | 'handOver' | 'claim', seat: Seat<E>): true {
    seat.does(command);
    const sent = seat.outbox.at(-1);
    if (sent !== undefined) this.#inFlight.set(seat, sent);
    this.#stepped(seat);
    return true;
  }

  #deliver(seat: Seat<E>, count: number): void {
    while (count-- > 0 && seat.read < this.world.entries.length && !seat.ended) {
      seat.deliver();
      this.#stepped(seat);
    }
  }

  #stepped(seat: Seat<E>): void {
    if (seat.state === 'dead' && this.#liars.has(seat)) this.#ends(seat);
    else this.onStep(seat);
  }

  #loses(seat: Seat<E>): void {
    seat.outbox.forEach(this.onLostEntry);
    const thief = seat.ended || seat.epoch === null ? null : this.world.steal(seat);
    if (thief !== null) this.onLost(thief);
  }

  #ends(seat: Seat<E>): true {
    seat.outbox.length = 0;
    if (!this.#cut.has(seat)) this.#owed.push(seat);
    return true;
  }

  /** Fair delivery and no more faults: everything arrives, everybody reads and does its duty, until nothing moves. */
  quiesce(): void {
    this.#hung.clear();
    for (const seat of this.running) {
      const entry = this.#inFlight.get(seat);
      if (seat.pending !== null && entry !== undefined && !this.#cut.has(seat)) seat.outbox.push(entry);
    }
    for (let before = -1; before !== this.world.entries.length;) {
      before = this.world.entries.length;
      for (const seat of this.#owed.splice(0)) this.#departs(seat);
      for (const seat of this.running) {
        this.#flush(seat);
        this.#deliver(seat, Infinity);
        if (!seat.ended) {
          const duty = (['found', 'commit'] as const).find((it) => seat.can(it));
          if (duty !== undefined) this.#drafts(duty, seat);
        }
        this.#flush(seat);
      }
    }
    this.trail.push(`all is delivered (${this.world.entries.length} entries)`);
  }

  #flush(seat: Seat<E>): void {
    const sent = seat.outbox.splice(0);
    if (!this.#cut.has(seat)) for (const entry of sent) this.world.append(entry);
  }
}

/** Whether an action is one of those that do not follow the protocol. */
export const isDishonest = (action: Action): boolean =>
  (DISHONEST_ACTIONS as readonly Action[]).includes(action);
