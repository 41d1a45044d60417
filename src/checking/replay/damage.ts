import { continues, equalHistories, parted } from './epochs.ts';
import type { Logs } from './logs.ts';
import type { LogFault } from './logView.ts';
import type { OpeningTable } from './openings.ts';
import type { Findings } from './result.ts';
import { DISHONEST, type Sight } from './sight.ts';

/** Finds what goes wrong between participants, each pair at the first step at which it does. */
export class DamageFinder {
  /** Who has been in the roster of its own view. */
  readonly #admitted = new Set<string>();
  /** Who has been in the roster by the log. */
  readonly #everIn = new Set<string>();
  readonly #apart = new Set<string>();
  readonly #leaking = new Set<string>();
  readonly #readingOn = new Set<string>();
  readonly #haunted = new Set<string>();
  readonly #expelled = new Set<string>();
  readonly #mixed = new Set<string>();
  readonly #aware = new Set<string>();
  readonly #faults = new Set<LogFault>();
  readonly #uninvited: readonly string[];
  #dead = new Set<string>();
  #isDisputed = false;

  /** @param uninvited who has no secret of the link. */
  constructor(uninvited: readonly string[]) {
    this.#uninvited = uninvited;
  }

  look(
    sights: readonly Sight[],
    openings: OpeningTable,
    logs: Pick<Logs<unknown>, 'all' | 'end' | 'faults' | 'isSame'>,
  ): Omit<Findings, 'stuck'> {
    for (const { name, roster } of sights) if (roster.includes(name)) this.#admitted.add(name);
    for (const { end } of logs.all) for (const name of end.roster) this.#everIn.add(name);
    return {
      ghost: this.#ghost(sights, openings),
      expelled: this.#firstNew(this.#expelled, sights, (it) => this.#isRemoved(it) && !it.isGone),
      mixed: this.#findMixed(sights, logs),
      faults: this.#newFaults(sights, logs),
      seesSplit: this.#firstNew(this.#aware, sights, ({ seesSplit }) => seesSplit),
      split: this.#split(sights),
      refused: this.#refused(sights),
      removed: sights.filter((sight) => this.#isRemoved(sight)).map(({ name }) => name),
      leak: this.#leak(sights, openings),
      disputed: this.#disputed(sights),
      readsOn: this.#readsOn(sights, openings, logs),
    };
  }

  #split(sights: readonly Sight[]): readonly [string, string] | null {
    let found: readonly [string, string] | null = null;
    for (const [p, q] of twoOf(sights.filter(({ state }) => state !== DISHONEST))) {
      if (p.side !== q.side || !parted(p.history, q.history) || p.authenticator === q.authenticator) continue;
      if (isNew(this.#apart, p.name, q.name)) found ??= [p.name, q.name];
    }
    return found;
  }

  #refused(sights: readonly Sight[]): string | null {
    const dead = sights.filter(({ name, state }) => state === 'dead' && !this.#dead.has(name));
    this.#dead = new Set([...this.#dead, ...dead.map(({ name }) => name)]);
    return dead[0]?.name ?? null;
  }

  /** Who was not invited, or never joined, is in an honest member's MLS group, and opens what that one protects. */
  #ghost(sights: readonly Sight[], openings: OpeningTable): readonly [string, string] | null {
    for (const [sender, { name }, opening] of pairsOf(sights, openings)) {
      if (opening !== 'opens' || !sender.isMember || !sender.group.includes(name)) continue;
      if (!this.#uninvited.includes(name) && !sender.strangers.includes(name)) continue;
      if (isNew(this.#haunted, name, sender.name)) return [name, sender.name];
    }
    return null;
  }

  /** `SameEpochSameLog`: two are in one epoch, and up to where its commit was drafted they read different logs. */
  #findMixed(
    sights: readonly Sight[],
    logs: Pick<Logs<unknown>, 'isSame'>,
  ): readonly [string, string] | null {
    for (const [p, q] of twoOf(sights.filter(({ state }) => state !== DISHONEST))) {
      if (p.side === q.side || p.authenticator === null || p.authenticator !== q.authenticator) continue;
      if (logs.isSame(p.history.at(-1)?.[1] ?? 0)) continue;
      if (isNew(this.#mixed, p.name, q.name)) return [p.name, q.name];
    }
    return null;
  }

  /** Who stays in though it left is found where an MLS group has it, and not by the log alone. */
  #newFaults(
    sights: readonly Sight[],
    { faults, all }: Pick<Logs<unknown>, 'all' | 'faults'>,
  ): readonly LogFault[] {
    const found: LogFault[] = [];
    for (const fault of faults) {
      if (this.#faults.has(fault)) continue;
      const isReal = ({ group, history }: Sight): boolean =>
        all.some(({ end }) => equalHistories(end.history, history)) &&
        fault.who.every((it) => group.includes(it));
      if (fault.kind === 'lingers' && !sights.some(isReal)) continue;
      this.#faults.add(fault);
      found.push(fault);
    }
    return found;
  }

  #firstNew(known: Set<string>, sights: readonly Sight[], is: (sight: Sight) => boolean): string | null {
    const found = sights.find((sight) => is(sight) && !known.has(sight.name));
    if (found === undefined) return null;
    known.add(found.name);
    return found.name;
  }

  #leak(sights: readonly Sight[], openings: OpeningTable): readonly [string, string] | null {
    let found: readonly [string, string] | null = null;
    for (const [sender, receiver, opening] of pairsOf(sights, openings)) {
      if (opening !== 'opens' || !this.#isRemoved(receiver) || !sender.isMember || this.#isRemoved(sender))
        continue;
      if (isNew(this.#leaking, receiver.name, sender.name)) found ??= [receiver.name, sender.name];
    }
    return found;
  }

  /** Takes itself for a member, and has read a commit or founding that leaves it out. */
  #isRemoved({ isMember, roster, name }: Sight): boolean {
    return isMember && this.#admitted.has(name) && !roster.includes(name);
  }

  #disputed(sights: readonly Sight[]): readonly string[] | null {
    const wrong = disputeIn(sights.filter(({ isMember }) => isMember));
    const isNews = wrong !== null && !this.#isDisputed;
    this.#isDisputed = wrong !== null;
    return isNews ? wrong : null;
  }

  /** By the log: whoever has not read that far does not know. */
  #readsOn(
    sights: readonly Sight[],
    openings: OpeningTable,
    logs: Pick<Logs<unknown>, 'end'>,
  ): Findings['readsOn'] {
    const found: (readonly [string, string])[] = [];
    for (const [sender, receiver, opening] of pairsOf(sights, openings)) {
      if (opening !== 'opens' && opening !== 'kept') continue;
      const { roster, history } = logs.end(sender.side);
      if (!this.#everIn.has(receiver.name) || roster.includes(receiver.name)) continue;
      if (!roster.includes(sender.name) || !continues(sender.history, history)) continue;
      if (isNew(this.#readingOn, receiver.name, sender.name)) found.push([receiver.name, sender.name]);
    }
    return found;
  }
}

function isNew(known: Set<string>, p: string, q: string): boolean {
  const pair = `${p} ${q}`;
  if (known.has(pair)) return false;
  known.add(pair);
  return true;
}

function* twoOf(sights: readonly Sight[]): Generator<readonly [Sight, Sight]> {
  for (const [i, p] of sights.entries()) for (const q of sights.slice(i + 1)) yield [p, q];
}

function* pairsOf(
  sights: readonly Sight[],
  openings: OpeningTable,
): Generator<readonly [sender: Sight, receiver: Sight, opening: string]> {
  for (const sender of sights) {
    const row = openings.get(sender.name);
    if (row === undefined) continue;
    for (const receiver of sights) {
      const opening = row.get(receiver.name);
      if (opening !== undefined) yield [sender, receiver, opening];
    }
  }
}

/**
 * `OneCommitter` of the spec: of the members who have read the same log, never two take themselves for the designated
 * committer; and if the one whom the log designates is among them, never nobody does.
 */
function disputeIn(members: readonly Sight[]): readonly string[] | null {
  for (const { position, side } of members) {
    const here = members.filter((other) => other.position === position && other.side === side);
    const believers = here.filter(({ believes }) => believes).map(({ name }) => name);
    const isThere = here.some(({ designated, name }) => designated === name);
    if (believers.length > 1 || (isThere && believers.length === 0)) return believers;
  }
  return null;
}
