import type { ParticipantId } from '../../../src/protocol/ids.ts';
import type { CallView, FromWorker } from '../messages.ts';
import { begun, entryRead, NO_CODES, viewSeen, type CodeHistory, type PastCode } from './codeHistory.ts';
import { codesOf, KNOWN_LIMITS, met, readKnown, writeKnown, type Known, type Store } from './knownPeople.ts';
import { nameKey, nameWarnings, type NameWarning, type Sighting } from './nameRule.ts';
import { NOBODY_VERIFIED, stillVerified, verifiedAt, type Verified } from './verified.ts';

type Named = Extract<FromWorker, { type: 'name' }>;

/** What the page knows of who is in the call and since when: codes of the last epochs, who was compared, whose name changed its key. */
export class Trust {
  history: CodeHistory = NO_CODES;
  verified: Verified = NOBODY_VERIFIED;
  /** The code that the user found to differ; null where none did, or one was the same since. */
  differed: PastCode | null = null;
  /** What this device knows from earlier calls; null where it keeps nothing in this one. */
  known: Known | null = null;
  readonly #now: () => number;
  readonly #store: (() => Store) | undefined;
  #view: CallView | null = null;
  readonly #named = new Map<ParticipantId, Named & { readonly key: string }>();
  /** Who joined, in the order of the log: names are opened in any order. */
  readonly #joined = new Set<ParticipantId>();
  /** All participants that this page has been. */
  readonly #own = new Set<ParticipantId>();
  /** Names that this call added to those known. */
  readonly #added = new Set<string>();
  /** By participant; null where something was said since. */
  #warnings: ReadonlyMap<ParticipantId, NameWarning> | null = null;
  /** As it was before this call: what is met in it is no proof of itself. */
  #before: Known = [];

  /**
   * @param now milliseconds.
   * @param store default: that of the page.
   */
  constructor(now: () => number = Date.now, store?: () => Store) {
    this.#now = now;
    this.#store = store;
  }

  /** Takes what the worker says, in its order. */
  receive(message: FromWorker): void {
    switch (message.type) {
      case 'participant':
        this.history = begun(this.history, message.id);
        this.verified = NOBODY_VERIFIED;
        this.#own.add(message.id);
        return;
      case 'log':
        this.history = entryRead(this.history, message.line);
        if (message.line.kind === 'join' && message.line.refusal === null)
          this.#joined.add(message.line.author);
        this.#warnings = null;
        return;
      case 'view':
        this.#view = message.view;
        this.#warnings = null;
        this.history = viewSeen(this.history, message.view, this.#now());
        this.verified = stillVerified(this.verified, message.view.people);
        return;
      case 'person':
        this.known = message.kept ? readKnown(this.#store) : null;
        this.#before = this.known ?? [];
        this.#warnings = null;
        return;
      case 'name':
        this.#named.set(message.participant, { ...message, key: nameKey(message.name) });
        this.#warnings = null;
        return this.#meet(message);
      default:
        return;
    }
  }

  /** The user found a code to be the same as somebody else's. */
  agree(code: PastCode): void {
    const { self, current } = this.history;
    if (self === null || this.#view === null || !current || !code.members.includes(self)) return;
    this.differed = null;
    this.verified = verifiedAt(this.verified, code, { self, people: this.#view.people, now: this.#now() });
  }

  /** The user found it to differ: nothing that was compared before is worth anything now. */
  disagree(code: PastCode): void {
    this.differed = code;
    this.verified = NOBODY_VERIFIED;
  }

  /** What is wrong with the name of a participant; null where nothing is, or it has none yet. */
  warningOf(participant: ParticipantId): NameWarning | null {
    this.#warnings ??= nameWarnings(this.#sightings(), (key) => codesOf(this.#before, key));
    const warning = this.#warnings.get(participant) ?? null;
    // Who this page was before a reload had the own name too: only somebody else who has it now is told.
    return this.#own.has(participant) && warning?.flaw !== 'shared' ? null : warning;
  }

  /** The user says that a name stands for this participant's code as well. */
  accept(participant: ParticipantId): void {
    const named = this.#named.get(participant);
    if (this.known === null || !named?.personCode) return;
    const code = named.personCode.join(' ');
    this.#warnings = null;
    this.#before = met(this.#before, named.name, code);
    this.#keep(met(readKnown(this.#store), named.name, code));
  }

  #sightings(): Sighting[] {
    const here = new Set(this.#view?.people.map(({ id }) => id));
    return [...this.#joined].flatMap((participant) => {
      const named = this.#named.get(participant);
      if (named === undefined) return [];
      const { key, personCode } = named;
      return [{ participant, key, code: personCode?.join(' ') ?? null, here: here.has(participant) }];
    });
  }

  /** Keeps a name with its code, where that is wanted and nothing is wrong with it. */
  #meet({ participant, name, personCode }: Named): void {
    if (this.known === null || personCode === null || this.#own.has(participant)) return;
    if (this.warningOf(participant) !== null) return;
    if (!this.#added.has(name) && this.#added.size >= KNOWN_LIMITS.perCall) return;
    this.#added.add(name);
    this.#keep(met(readKnown(this.#store), name, personCode.join(' ')));
  }

  #keep(known: Known): void {
    this.known = known;
    writeKnown(known, this.#store);
  }
}
