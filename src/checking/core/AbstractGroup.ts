import { sha256 } from '@noble/hashes/sha2.js';
import {
  MlsError,
  type ExpectedCommit,
  type MlsCommit,
  type MlsErrorCode,
  type MlsGroup,
} from '../../mls/MlsGroup.ts';
import type { ParticipantId } from '../../protocol/ids.ts';
import { digest, hex, utf8 } from '../../protocol/wire/bytes.ts';
import * as core from './abstractCore.ts';

/** What the effects of the machine ask of an MLS group. */
export type GroupCore = Pick<
  MlsGroup,
  | 'participant'
  | 'keyPackage'
  | 'found'
  | 'commit'
  | 'merge'
  | 'discard'
  | 'process'
  | 'welcome'
  | 'hasGroup'
  | 'hasPending'
  | 'epochAuthenticator'
  | 'exportSecret'
> & { copy(): GroupCore };

/** A commit and a Welcome in the clear: the history that they lead to, and who is in its group. */
interface Message {
  readonly author: ParticipantId;
  readonly led: core.History;
  /** Participant and key package of those who are added, of those who are removed, and the members afterwards. */
  readonly adds: readonly (readonly [ParticipantId, string])[];
  readonly removes: readonly ParticipantId[];
  readonly path: boolean;
  readonly members: readonly ParticipantId[];
}

const CODES: Readonly<Record<core.CoreRefusalCode, MlsErrorCode>> = {
  'core/in-a-group': 'group_exists',
  'core/no-group': 'no_group',
  'core/pending': 'pending_exists',
  'core/nothing-pending': 'no_pending',
  'core/other-parent': 'wrong_epoch',
};

const refuse = (code: MlsErrorCode): never => {
  throw new MlsError(code, 'in the abstract group');
};
const encode = (message: Message): Uint8Array => utf8(JSON.stringify(message));
const decode = (bytes: Uint8Array): Message =>
  bytes.length === 0 ? refuse('malformed') : (JSON.parse(new TextDecoder().decode(bytes)) as Message);
const authenticatorOf = (history: core.History): Uint8Array => sha256(utf8(JSON.stringify(history)));
const same = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

/**
 * The abstract core behind the interface of the real one: what the explorer takes for an MLS group, so that both can be
 * asked the same. A key package is the participant id, and every commit is another one.
 */
export class AbstractGroup implements GroupCore {
  readonly participant: ParticipantId;
  readonly keyPackage: Uint8Array;
  #core = core.EMPTY_CORE;
  #members: readonly ParticipantId[] = [];
  #next: readonly ParticipantId[] = [];
  static #drafts = 0;

  constructor(participant: ParticipantId) {
    this.participant = participant;
    this.keyPackage = utf8(participant);
  }

  #does(step: (before: core.AbstractCore) => core.AbstractCore): void {
    try {
      this.#core = step(this.#core);
    } catch (error) {
      if (error instanceof core.CoreRefusal) refuse(CODES[error.code]);
      throw error;
    }
  }

  /** Refuses what the core refuses, and does not do it yet. */
  #checks(step: (before: core.AbstractCore) => core.AbstractCore): void {
    this.#does((before) => {
      step(before);
      return before;
    });
  }

  /**
   * @param content of a commit without fresh secrets: made twice by one author on one epoch, it is one and the same. What
   * has secrets leads somewhere else each time.
   */
  #draft(step: (before: core.AbstractCore, id: string) => core.AbstractCore, content?: string): core.History {
    this.#does((before) => step(before, `${this.participant} ${content ?? String(++AbstractGroup.#drafts)}`));
    return this.#core.pending ?? refuse('no_pending');
  }

  found(groupId: Uint8Array): Uint8Array {
    const led = this.#draft((before, id) => core.found(before, `${id} ${hex(groupId)}`));
    this.#next = [this.participant];
    return authenticatorOf(led);
  }

  commit(addKeyPackages: readonly Uint8Array[], removes: readonly ParticipantId[], path: boolean): MlsCommit {
    const added = addKeyPackages.map((bytes) => new TextDecoder().decode(bytes));
    const hasPath = path || removes.length > 0 || added.length === 0;
    const led = this.#draft(core.commit, hasPath ? undefined : `adds ${added.join()}`);
    this.#next = [...this.#members.filter((p) => !removes.includes(p)), ...added];
    const adds = added.map((p) => [p, digest(utf8(p))] as const);
    const message = encode({
      author: this.participant,
      led,
      adds,
      removes,
      path: hasPath,
      members: this.#next,
    });
    const welcome = added.length > 0 ? message : new Uint8Array();
    return { commit: message, welcome, authenticator: authenticatorOf(led) };
  }

  merge(): void {
    this.#does((before) => core.merge(before, null));
    this.#members = this.#next;
  }

  discard(): void {
    this.#does(core.discard);
  }

  process(commit: Uint8Array, expected: ExpectedCommit): void {
    if (!this.hasGroup) refuse('no_group');
    const { author, led, adds, removes, path, members } = decode(commit);
    this.#checks((before) => core.process(before, led));
    if (author === this.participant) refuse('own_commit');
    if (author !== expected.committer) refuse('wrong_committer');
    const wanted = expected.adds.map((it) => [it.participant, hex(it.keyPackageHash)]);
    if (!same(adds, wanted)) refuse('wrong_adds');
    if (!same(removes, expected.removes)) refuse('wrong_removes');
    if (expected.path && !path) refuse('missing_path');
    if (removes.includes(this.participant)) refuse('removed');
    this.#does((before) => core.process(before, led));
    this.#members = members;
  }

  welcome(welcome: Uint8Array): void {
    this.#checks((before) => core.welcome(before, []));
    const { led, adds, members } = decode(welcome);
    if (!adds.some(([p]) => p === this.participant)) refuse('not_invited');
    this.#does((before) => core.welcome(before, led));
    this.#members = members;
  }

  get hasGroup(): boolean {
    return this.#core.history.length > 0;
  }

  get hasPending(): boolean {
    return this.#core.pending !== null;
  }

  get epochAuthenticator(): Uint8Array {
    return this.hasGroup ? authenticatorOf(this.#core.history) : refuse('no_group');
  }

  /** At most 32 bytes. */
  exportSecret(label: string, context: Uint8Array, length: number): Uint8Array {
    const { history } = this.#core;
    if (history.length === 0) refuse('no_group');
    return sha256(utf8(JSON.stringify([history, label, hex(context), length]))).slice(0, length);
  }

  copy(): AbstractGroup {
    const copy = new AbstractGroup(this.participant);
    copy.#core = this.#core;
    copy.#members = this.#members;
    copy.#next = this.#next;
    return copy;
  }
}
