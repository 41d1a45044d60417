import { createHash } from 'node:crypto';
import type { MlsGroup } from '../../src/mls/MlsGroup.ts';
import type { Person } from '../../src/participant/testing.ts';
import { hex, unhex } from '../../src/protocol/wire/bytes.ts';
import { decodeCommitPayload } from '../../src/protocol/wire/payload.ts';
import { departed, live, waiting } from '../../src/protocol/view.ts';
import type { Simulation } from './simulation.ts';

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
interface Epoch {
  readonly first: string;
  readonly history: string;
  readonly roster: readonly string[];
  readonly authenticator: string;
  readonly key: string;
}

interface Stand {
  readonly history: readonly string[];
  readonly epoch: Epoch;
}

/** RFC 9605, section 5.2: the base key of an epoch, for AES-128-GCM. */
const baseKey = (mls: MlsGroup): string => hex(mls.exportSecret('SFrame 1.0 Base Key', new Uint8Array(), 16));
const sha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest());
const isPrefix = (a: readonly string[], b: readonly string[]): boolean => a.every((id, i) => id === b[i]);

/** Watches a simulation, and throws a `Violation` at the first step after which something does not hold. */
export class Watch {
  readonly #simulation: Simulation;
  readonly #stands = new Map<Person, Stand>();
  readonly #views = new Map<number, string>();
  readonly #epochs = new Map<string, Epoch>();
  /** Copies of what people knew when they dropped out. They follow the log for as long as MLS lets them. */
  readonly #thieves: { readonly person: Person; readonly keys: MlsGroup }[] = [];
  /** How often a thief was kept out of an epoch. */
  keptOut = 0;
  comparisons = 0;

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
    simulation.onRead = (person) => this.#afterStep(person);
    simulation.onLost = (person, keys) => void this.#thieves.push({ person, keys });
  }

  get epochs(): number {
    return this.#epochs.size;
  }

  #afterStep(person: Person): void {
    const { name, mls, participant } = person;
    this.#stands.delete(person);
    if (person.state === 'dead') {
      const { cause } = person;
      throw new Violation(
        'NobodyStuck',
        `${name} is dead: ${cause instanceof Error ? cause.message : 'stuck'}`,
      );
    }
    if (participant.ended) return;
    this.#sameView(person);
    const member = person.state.startsWith('member');
    if (member !== participant.hasKeys || member !== mls.hasGroup) {
      throw new Violation('MlsIsView', `${name} is a ${person.state} and its group is not where its view is`);
    }
    if (!member) return;
    const { history, roster } = participant.view;
    const authenticator = person.authenticator;
    const key = baseKey(mls);
    const own: Epoch = { first: name, history: history.join(), roster, authenticator, key };
    const epoch = this.#epochs.get(own.history);
    if (epoch === undefined) this.#newEpoch(person, own);
    else if (epoch.authenticator !== authenticator) {
      throw new Violation(
        'SameEpoch',
        `${name} has another authenticator than ${epoch.first} in epoch ${history.length}`,
      );
    } else if (epoch.key !== key) {
      throw new Violation(
        'SameKeys',
        `${name} exports another base key than ${epoch.first} in epoch ${history.length}`,
      );
    }
    this.#stands.set(person, { history, epoch: own });
    this.#compare(person);
  }

  /** "The view at a position is the same for everyone who read that far." */
  #sameView({ name, participant }: Person): void {
    const view = JSON.stringify(participant.view);
    const known = this.#views.get(participant.view.position);
    if (known === undefined) this.#views.set(participant.view.position, view);
    else if (known !== view) {
      throw new Violation('SameView', `${name} sees another view at ${String(participant.view.position)}`);
    }
  }

  /** Epochs have keys of their own. Who dropped out tries to follow into this one. */
  #newEpoch(person: Person, epoch: Epoch): void {
    for (const other of this.#epochs.values()) {
      if (other.authenticator === epoch.authenticator) {
        throw new Violation('SameEpoch', `${person.name} has the authenticator of another history`);
      }
      if (other.key === epoch.key)
        throw new Violation('SameKeys', `${person.name} has the key of another epoch`);
    }
    this.#epochs.set(epoch.history, epoch);
    for (const thief of this.#thieves) {
      this.#tryToFollow(thief.keys, person);
      const inside = epoch.roster.includes(thief.person.id);
      if (inside) continue;
      if (hex(thief.keys.epochAuthenticator) === epoch.authenticator || baseKey(thief.keys) === epoch.key) {
        throw new Violation(
          'Secrecy',
          `${thief.person.name} was removed and knows the epoch of ${person.name}`,
        );
      }
      this.keptOut++;
    }
  }

  /** What an adversary does with the keys of who dropped out and with all that is in the log. */
  #tryToFollow(keys: MlsGroup, reader: Person): void {
    const step = reader.steps.at(-1);
    const entry = step?.placed?.entry;
    const wire = this.#simulation.scene.entries[(step?.placed?.position ?? 0) - 1];
    if (entry?.kind !== 'commit' || wire === undefined) return;
    const { commit, welcome } = decodeCommitPayload(wire.payload);
    const adds = entry.adds.map((participant) => {
      const added = this.#simulation.people.find((it) => it.id === participant);
      return { participant, keyPackageHash: sha256(added?.mls.keyPackage ?? unhex('')) };
    });
    const { author: committer, removes } = entry;
    const expected = { committer, adds, removes, authenticatedData: unhex(entry.on) };
    const refresh = step?.before.context.view.refresh ?? false;
    for (const attempt of [
      () => keys.process(commit, { ...expected, path: refresh }),
      () => keys.process(commit, { ...expected, removes: [], path: false }),
      () => keys.welcome(welcome),
    ]) {
      try {
        attempt();
        return;
      } catch {
        // Refused, as it should be where the thief is removed; what it knows afterwards is what counts.
      }
    }
  }

  #compare(person: Person): void {
    const mine = this.#stands.get(person);
    if (mine === undefined) return;
    for (const [other, stand] of this.#stands) {
      if (other === person || other.participant.ended) continue;
      this.comparisons++;
      const same = mine.epoch.history === stand.epoch.history;
      const pair = `${person.name} and ${other.name}`;
      if (same !== (mine.epoch.authenticator === stand.epoch.authenticator)) {
        throw new Violation('SameEpoch', `${pair}: histories and authenticators do not agree`);
      }
      if (same !== (mine.epoch.key === stand.epoch.key)) {
        throw new Violation('SameKeys', `${pair}: histories and base keys do not agree`);
      }
      const oneFounding = mine.history[0] === stand.history[0];
      if (oneFounding && !isPrefix(mine.history, stand.history) && !isPrefix(stand.history, mine.history)) {
        throw new Violation('NoFork', `${pair} are on two branches`);
      }
    }
  }

  /** After fair delivery: who waits is admitted, who left is evicted, and all are in one epoch. */
  end(): void {
    const { running } = this.#simulation;
    for (const person of running) {
      const { view } = person.participant;
      if (!person.state.startsWith('member'))
        throw new Violation('Liveness', `${person.name} is still ${person.state}`);
      if (waiting(view).length + departed(view).length > 0) {
        throw new Violation('Liveness', `${person.name} sees somebody waiting or departed`);
      }
      if (live(view).length !== running.length || person.authenticator !== running[0]?.authenticator) {
        throw new Violation('Liveness', `${person.name} is not in one epoch with all others`);
      }
    }
  }

  close(): void {
    for (const { keys } of this.#thieves) keys.close();
    for (const { mls } of this.#simulation.people) mls.close();
  }
}
