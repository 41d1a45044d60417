import { departed, live, waiting } from '../../protocol/view.ts';
import type { Simulation } from './Simulation.ts';
import type { EpochKeys, Seat, Thief } from './world.ts';

/** Names of what must hold; those of the spec where the spec has them. */
export type Property =
  'NobodyStuck' | 'MlsIsView' | 'NoFork' | 'SameView' | 'SameEpoch' | 'SameKeys' | 'Secrecy' | 'Liveness';

/** A schedule reached what must not be. */
export class Violation extends Error {
  override readonly name = 'Violation';
  readonly property: Property;

  constructor(property: Property, message: string) {
    super(`${property}: ${message}`);
    this.property = property;
  }
}

/** An epoch, as the first who came to it saw it. */
interface Epoch extends EpochKeys {
  readonly first: string;
  readonly history: string;
  readonly roster: readonly string[];
}

interface Stand {
  readonly history: readonly string[];
  readonly epoch: Epoch;
}

const isPrefix = (a: readonly string[], b: readonly string[]): boolean => a.every((id, i) => id === b[i]);

/** Watches a simulation, and throws a `Violation` at the first step after which something does not hold. */
export class Watch<E> {
  readonly #simulation: Simulation<E>;
  readonly #stands = new Map<Seat<E>, Stand>();
  readonly #views = new Map<number, string>();
  readonly #epochs = new Map<string, Epoch>();
  readonly #authenticators = new Set<string>();
  readonly #keys = new Set<string>();
  /** Copies of what people knew when they dropped out. They follow the log for as long as MLS lets them. */
  readonly #thieves: Thief[] = [];
  /** How often a thief was kept out of an epoch. */
  keptOut = 0;
  comparisons = 0;

  constructor(simulation: Simulation<E>) {
    this.#simulation = simulation;
    simulation.onLost = (thief) => void this.#thieves.push(thief);
  }

  get epochs(): number {
    return this.#epochs.size;
  }

  /** To be called after each step of a participant. @throws Violation */
  stepped(seat: Seat<E>): void {
    const { name, state, view } = seat;
    this.#stands.delete(seat);
    if (state === 'dead') {
      const { cause } = seat;
      throw new Violation(
        'NobodyStuck',
        `${name} is dead: ${cause instanceof Error ? cause.message : 'stuck'}`,
      );
    }
    if (seat.ended) return;
    this.#sameView(seat);
    const member = state.startsWith('member');
    const { epoch: keys } = seat;
    if (member !== (keys !== null))
      throw new Violation('MlsIsView', `${name} is a ${state} and its group is not where its view is`);
    if (keys === null) return;
    const { history, roster } = view;
    const own: Epoch = { first: name, history: history.join(), roster, ...keys };
    const epoch = this.#epochs.get(own.history);
    if (epoch === undefined) this.#newEpoch(seat, own);
    else if (epoch.authenticator !== keys.authenticator) {
      const where = `in epoch ${history.length}`;
      throw new Violation('SameEpoch', `${name} has another authenticator than ${epoch.first} ${where}`);
    } else if (epoch.key !== keys.key) {
      const where = `in epoch ${history.length}`;
      throw new Violation('SameKeys', `${name} exports another base key than ${epoch.first} ${where}`);
    }
    this.#stands.set(seat, { history, epoch: own });
    this.#compare(seat);
  }

  /** "The view at a position is the same for everyone who read that far." */
  #sameView({ name, view }: Seat<E>): void {
    const key = this.#simulation.world.viewKey(view);
    const known = this.#views.get(view.position);
    if (known === undefined) this.#views.set(view.position, key);
    else if (known !== key) throw new Violation('SameView', `${name} sees another view at ${view.position}`);
  }

  /** Epochs have keys of their own. Who dropped out tries to follow into this one. */
  #newEpoch(seat: Seat<E>, epoch: Epoch): void {
    if (this.#authenticators.has(epoch.authenticator))
      throw new Violation('SameEpoch', `${seat.name} has the authenticator of another history`);
    if (this.#keys.has(epoch.key))
      throw new Violation('SameKeys', `${seat.name} has the key of another epoch`);
    this.#epochs.set(epoch.history, epoch);
    this.#authenticators.add(epoch.authenticator);
    this.#keys.add(epoch.key);
    for (const thief of this.#thieves) {
      thief.follow(seat.view.position, seat.id);
      if (epoch.roster.includes(thief.id)) continue;
      const knows = thief.epoch;
      if (knows?.authenticator === epoch.authenticator || knows?.key === epoch.key)
        throw new Violation('Secrecy', `${thief.name} was removed and knows the epoch of ${seat.name}`);
      this.keptOut++;
    }
  }

  #compare(seat: Seat<E>): void {
    const mine = this.#stands.get(seat);
    if (mine === undefined) return;
    for (const [other, stand] of this.#stands) {
      if (other === seat || other.ended) continue;
      this.comparisons++;
      const same = mine.epoch.history === stand.epoch.history;
      const pair = `${seat.name} and ${other.name}`;
      if (same !== (mine.epoch.authenticator === stand.epoch.authenticator))
        throw new Violation('SameEpoch', `${pair}: histories and authenticators do not agree`);
      if (same !== (mine.epoch.key === stand.epoch.key))
        throw new Violation('SameKeys', `${pair}: histories and base keys do not agree`);
      const oneFounding = mine.history[0] === stand.history[0];
      if (oneFounding && !isPrefix(mine.history, stand.history) && !isPrefix(stand.history, mine.history))
        throw new Violation('NoFork', `${pair} are on two branches`);
    }
  }

  /** After fair delivery: who waits is admitted, who left is evicted, and all are in one epoch. @throws Violation */
  end(): void {
    const { running } = this.#simulation;
    const [first] = running;
    for (const { name, state, view, epoch } of running) {
      if (!state.startsWith('member')) throw new Violation('Liveness', `${name} is still ${state}`);
      if (waiting(view).length + departed(view).length > 0)
        throw new Violation('Liveness', `${name} sees somebody waiting or departed`);
      if (live(view).length !== running.length || epoch?.authenticator !== first?.epoch?.authenticator)
        throw new Violation('Liveness', `${name} is not in one epoch with all others`);
    }
  }
}
