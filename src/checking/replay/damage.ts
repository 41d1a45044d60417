import { continues, parted } from './epochs.ts';
import type { EndOfLog } from './logView.ts';
import type { OpeningTable } from './openings.ts';
import type { Findings } from './result.ts';
import type { Sight } from './sight.ts';

/** Finds what goes wrong between participants, each pair at the first step at which it does. */
export class DamageFinder {
  /** Who has been in the roster of its own view. */
  readonly #admitted = new Set<string>();
  /** Who has been in the roster by the log. */
  readonly #everIn = new Set<string>();
  readonly #apart = new Set<string>();
  readonly #leaking = new Set<string>();
  readonly #readingOn = new Set<string>();
  #dead = new Set<string>();
  #isDisputed = false;

  look(sights: readonly Sight[], openings: OpeningTable, end: EndOfLog): Omit<Findings, 'stuck'> {
    for (const { name, roster } of sights) if (roster.includes(name)) this.#admitted.add(name);
    for (const name of end.roster) this.#everIn.add(name);
    return {
      split: this.#split(sights),
      refused: this.#refused(sights),
      removed: sights.filter((sight) => this.#isRemoved(sight)).map(({ name }) => name),
      leak: this.#leak(sights, openings),
      disputed: this.#disputed(sights),
      readsOn: this.#readsOn(sights, openings, end),
    };
  }

  #split(sights: readonly Sight[]): readonly [string, string] | null {
    let found: readonly [string, string] | null = null;
    for (const [i, p] of sights.entries()) {
      for (const q of sights.slice(i + 1)) {
        if (!parted(p.history, q.history) || p.authenticator === q.authenticator) continue;
        if (isNew(this.#apart, p.name, q.name)) found ??= [p.name, q.name];
      }
    }
    return found;
  }

  #refused(sights: readonly Sight[]): string | null {
    const dead = sights.filter(({ name, state }) => state === 'dead' && !this.#dead.has(name));
    this.#dead = new Set([...this.#dead, ...dead.map(({ name }) => name)]);
    return dead[0]?.name ?? null;
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
    { roster, history }: EndOfLog,
  ): Findings['readsOn'] {
    const found: (readonly [string, string])[] = [];
    for (const [sender, receiver, opening] of pairsOf(sights, openings)) {
      if (opening !== 'opens' && opening !== 'kept') continue;
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
  for (const { position } of members) {
    const here = members.filter((other) => other.position === position);
    const believers = here.filter(({ believes }) => believes).map(({ name }) => name);
    const isThere = here.some(({ designated, name }) => designated === name);
    if (believers.length > 1 || (isThere && believers.length === 0)) return believers;
  }
  return null;
}
