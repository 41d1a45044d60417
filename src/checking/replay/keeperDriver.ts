import { initialTransition } from 'xstate';
import { advance } from '../../machine/advance.ts';
import type { CommitDraft, Effect } from '../../machine/effects.ts';
import {
  participantMachine,
  type ParticipantEvent,
  type ParticipantSnapshot,
} from '../../machine/machine.ts';
import { MlsError, type MlsGroup } from '../../mls/MlsGroup.ts';
import { Mismatch, GroupKeeper, type Announced, type Draft } from '../../participant/GroupKeeper.ts';
import type { Entry, Placed, WelcomeEntry } from '../../protocol/entry.ts';
import type { View } from '../../protocol/view.ts';
import { digest, hex, utf8 } from '../../protocol/wire/bytes.ts';
import type { CommitPayload } from '../../protocol/wire/payload.ts';
import type { History } from './epochs.ts';
import { ReplayError } from './errors.ts';
import { Ids } from './ids.ts';
import {
  causeOf,
  entryValue,
  type Command,
  type Driver,
  type DriverOptions,
  type ReplayedParticipant,
  type Sent,
} from './participant.ts';

/** An entry as the protocol reads it, with its MLS payload. */
export interface KeeperEntry {
  readonly entry: Entry;
  readonly keyPackage: Uint8Array | null;
  /** SHA-256 of the authenticator that it leads to; empty where it leads nowhere. */
  readonly authenticator: string;
  readonly payload: CommitPayload | null;
}

const hashOf = (position: number): string => digest(utf8(`log ${position}`));
const idOf = (author: string, at: number): string => `${author}@${at}`;
const plain = (entry: Entry): KeeperEntry => ({ entry, keyPackage: null, authenticator: '', payload: null });

/**
 * Runs the machine and the keeper of the MLS group without a wire: for the rule Atomic off, where a Welcome travels
 * ahead of its commit, an entry that the wire format does not have.
 */
export class KeeperDriver implements Driver<KeeperEntry> {
  readonly description = 'machine and MLS group, with entries that are not on the wire';
  readonly origin = hashOf(0);
  readonly #options: DriverOptions;
  readonly #ids: Ids;

  constructor(options: DriverOptions) {
    this.#options = options;
    this.#ids = new Ids(options.constants.participants);
  }

  create(name: string): { participant: ReplayedParticipant<KeeperEntry>; join: KeeperEntry } {
    const mls = this.#options.createMls(this.#ids.id(name));
    const participant = new KeeperParticipant(mls, this, this.#ids, this.#options);
    const entry = {
      kind: 'join',
      author: mls.participant,
      signatureKey: hex(mls.signatureKey),
      keyPackage: digest(mls.keyPackage),
      hpkeKeys: [],
      invited: true,
    } as const;
    return { participant, join: { ...plain(entry), keyPackage: mls.keyPackage } };
  }

  insider(name: string): never {
    throw new ReplayError('replay/no-wire', `${name} is dishonest, and without Atomic no entry is signed`);
  }

  leave(name: string): KeeperEntry {
    return plain({ kind: 'leave', author: this.#ids.id(name) });
  }

  placed({ position }: View, { entry }: KeeperEntry): Placed {
    return { entry, position: position + 1, hash: hashOf(position + 1) };
  }

  historyOf({ history }: View): History {
    return history.map((id) => {
      const [author = '', at] = id.split('@');
      return [this.#ids.name(author), Number(at)];
    });
  }

  nameOf(id: string): string {
    return this.#ids.name(id);
  }

  void(): KeeperEntry {
    return plain({ kind: 'void', author: '', reason: 'no entry' });
  }
}

/** The view that the commit of a Welcome would lead to: what the Welcome is held against. */
const earlyView = (view: View, { adds, removes }: WelcomeEntry): View => ({
  ...view,
  roster: [...view.roster.filter((p) => !removes.includes(p)), ...adds],
});

class KeeperParticipant implements ReplayedParticipant<KeeperEntry> {
  snapshot: ParticipantSnapshot;
  readonly mls: MlsGroup;
  readonly seesSplit = false;
  cause: string | null = null;
  readonly #keeper: GroupKeeper;
  readonly #driver: KeeperDriver;
  readonly #ids: Ids;
  readonly #options: DriverOptions;
  #sent: Sent<KeeperEntry>[] = [];

  constructor(mls: MlsGroup, driver: KeeperDriver, ids: Ids, options: DriverOptions) {
    this.#driver = driver;
    const { rules, batchLimit } = options.constants;
    this.mls = mls;
    this.#keeper = new GroupKeeper(mls);
    this.#ids = ids;
    this.#options = options;
    const input = { self: mls.participant, origin: hashOf(0), rules, batchLimit };
    [this.snapshot] = initialTransition(participantMachine, input);
  }

  get viewHistory(): History {
    return this.#driver.historyOf(this.snapshot.context.view);
  }

  tell(command: Command): readonly Sent<KeeperEntry>[] | null {
    if (!this.snapshot.can({ type: command })) return null;
    this.#sent = [];
    this.#step({ type: command }, null);
    return this.#sent;
  }

  read(content: KeeperEntry): void {
    const { view } = this.snapshot.context;
    const { entry, keyPackage } = content;
    if (entry.kind === 'join' && keyPackage !== null) this.#keeper.waits(entry.author, keyPackage);
    const position = view.position + 1;
    this.#step({ type: 'read', placed: { entry, position, hash: hashOf(position) } }, content);
  }

  #step(event: ParticipantEvent, content: KeeperEntry | null): void {
    const before = this.snapshot.context.view;
    const history = this.#options.epochs.historyOf(this.mls);
    const [after, effects] = advance(this.snapshot, event);
    this.snapshot = after;
    try {
      for (const effect of effects) this.#carryOut(effect, content, before, history);
    } catch (error) {
      if (!(error instanceof Mismatch) && !(error instanceof MlsError)) throw error;
      this.cause = causeOf(error);
      [this.snapshot] = advance(after, { type: 'refused' });
    }
    if (this.snapshot.status === 'done') this.mls.close();
    else this.#keeper.settles(this.snapshot.context.view.roster);
  }

  #carryOut(effect: Effect, content: KeeperEntry | null, before: View, history: History): void {
    const keeper = this.#keeper;
    const author = this.mls.participant;
    switch (effect.type) {
      case 'found': {
        const { at } = effect.params;
        const id = idOf(author, at);
        const draft = keeper.found(utf8(id));
        keeper.drafted(id);
        this.#announce(draft, [], at);
        this.#send(
          { ...plain({ kind: 'found', author, at, on: hashOf(at), id }), authenticator: draft.authenticator },
          [],
        );
        return;
      }
      case 'commit':
        return this.#commit(effect.params, history);
      case 'handOver':
        return this.#send(
          plain({ kind: 'handover', author, at: effect.params.at, on: hashOf(effect.params.at) }),
          [],
        );
      case 'claim':
        return this.#send(
          plain({ kind: 'claim', author, on: hashOf(effect.params.at), ...effect.params }),
          [],
        );
      case 'merge':
        return keeper.merge(effect.params.id);
      case 'discard':
        return keeper.discard();
      case 'welcome':
      case 'process':
        return this.#follow(effect.type, content, before);
      case 'leave':
        return;
    }
  }

  #commit(params: CommitDraft, history: History): void {
    const { at, adds, removes } = params;
    const author = this.mls.participant;
    const parent = this.#keeper.head ?? '';
    const id = idOf(author, at);
    const draft = this.#keeper.commit(params, hashOf(at));
    this.#keeper.drafted(id);
    this.#announce(draft, history, at);
    const entry = { kind: 'commit', author, at, on: hashOf(at), id, parent, adds, removes } as const;
    const rest = { keyPackage: null, authenticator: draft.authenticator, payload: draft.payload };
    const { Atomic } = this.#options.constants.rules;
    if (!Atomic && adds.length > 0) this.#send({ entry: { ...entry, kind: 'welcome' }, ...rest }, history);
    this.#send({ entry, ...rest }, history);
  }

  #announce(draft: Draft, parent: History, at: number): void {
    this.#options.epochs.announce(draft.authenticator, [
      ...parent,
      [this.#ids.name(this.mls.participant), at],
    ]);
  }

  #follow(how: 'welcome' | 'process', content: KeeperEntry | null, before: View): void {
    if (content === null || content.payload === null) return;
    const { entry, authenticator, payload } = content;
    if (entry.kind !== 'commit' && entry.kind !== 'welcome') return;
    const { view } = this.snapshot.context;
    const announced: Announced = {
      authenticator,
      payload,
      groupId: utf8(view.history[0] ?? ''),
      view: entry.kind === 'welcome' ? earlyView(view, entry) : view,
      path: before.refresh,
    };
    if (how === 'welcome') this.#keeper.welcome(entry, announced);
    else if (entry.kind === 'commit') this.#keeper.process(entry, announced);
  }

  #send(content: KeeperEntry, parent: History): void {
    const { entry } = content;
    const names = (ids: readonly string[]): string[] => ids.map((id) => this.#ids.name(id));
    const value = entryValue(entry.kind, this.#ids.name(entry.author), {
      ...('at' in entry && { at: entry.at }),
      ...('accused' in entry && { accused: this.#ids.name(entry.accused) }),
      ...('adds' in entry && { parent, adds: names(entry.adds), removes: names(entry.removes) }),
    });
    this.#sent.push({ value, content });
  }
}
