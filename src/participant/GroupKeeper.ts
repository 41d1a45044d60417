import type { MlsGroup, MlsMember } from '../mls/MlsGroup.ts';
import type { CommitDraft } from '../machine/effects.ts';
import type { EpochEntry } from '../protocol/entry.ts';
import type { CommitId, Digest, ParticipantId } from '../protocol/ids.ts';
import type { View } from '../protocol/view.ts';
import { digest, hex, unhex } from '../protocol/wire/bytes.ts';
import type { CommitPayload } from '../protocol/wire/payload.ts';
import type { CalledFor } from './calledFor.ts';

/** MLS went another way than the log: whoever made the commit, its header and its content do not belong together. */
export class Mismatch extends Error {
  override readonly name = 'Mismatch';
  readonly code: 'authenticator' | 'group_id' | 'roster' | 'signature_key' | 'parent' | 'draft';

  constructor(code: Mismatch['code'], message: string) {
    super(`${code}: ${message}`);
    this.code = code;
  }
}

/** What a founding or commit leads to, for its header. */
export interface Draft {
  /** SHA-256 of the epoch authenticator. */
  readonly authenticator: Digest;
  /** Null for a founding. */
  readonly payload: CommitPayload | null;
}

/** What the log says of a founding or commit that counted, besides its entry. */
export interface Announced {
  /** SHA-256 of the epoch authenticator that it leads to. */
  readonly authenticator: Digest;
  readonly payload: CommitPayload;
  /** The MLS group id of the founding that it descends from. */
  readonly groupId: Uint8Array;
  /** The view behind the entry. */
  readonly view: View;
  /** A refresh was due: the commit must have a path. */
  readonly path: boolean;
}

/**
 * Carries the machine's effects out on one MLS group, and holds it against the log: after each founding, commit or
 * Welcome the epoch authenticator is the one that the header announced. Throws `MlsError` and `Mismatch`.
 */
export class GroupKeeper {
  readonly mls: MlsGroup;
  /** The founding or commit that the group stands at; null outside of a group. */
  head: CommitId | null = null;
  #pending: CommitId | null = null;
  readonly #keyPackages = new Map<ParticipantId, Uint8Array>();

  constructor(mls: MlsGroup) {
    this.mls = mls;
  }

  /** Keeps the key package of a `join` for the commit that admits its author. */
  waits(participant: ParticipantId, keyPackage: Uint8Array): void {
    this.#keyPackages.set(participant, keyPackage);
  }

  /** Who was admitted, or left, needs its key package no more. */
  settles(participants: readonly ParticipantId[]): void {
    for (const participant of participants) this.#keyPackages.delete(participant);
  }

  #keyPackage(participant: ParticipantId): Uint8Array {
    const keyPackage = this.#keyPackages.get(participant);
    if (keyPackage === undefined) throw new Mismatch('roster', `no key package of ${participant}`);
    return keyPackage;
  }

  found(groupId: Uint8Array): Draft {
    return { authenticator: digest(this.mls.found(groupId)), payload: null };
  }

  /** @param on the hash of the log that it is drafted on: the commit is for that log alone (rule Witnessed). */
  commit(draft: CommitDraft, on: Digest): Draft {
    const adds = draft.adds.map((p) => this.#keyPackage(p));
    const { authenticator, ...payload } = this.mls.commit(adds, draft.removes, draft.path, unhex(on));
    return { authenticator: digest(authenticator), payload };
  }

  /** Names what was drafted last: its header is known now. */
  drafted(id: CommitId): void {
    this.#pending = id;
  }

  /** Makes what is pending the current epoch: `id` is the entry that counted, null where it is not read yet (Ordered off). */
  merge(id: CommitId | null): void {
    if (id !== null && id !== this.#pending) throw new Mismatch('draft', 'signed here, and not drafted here');
    this.mls.merge();
    this.head = this.#pending;
    this.#pending = null;
  }

  discard(): void {
    this.mls.discard();
    this.#pending = null;
  }

  /** @param called what MLS is to hold the commit against; default: what the entry says. */
  process(
    entry: EpochEntry & { readonly kind: 'commit' },
    announced: Announced,
    called: CalledFor = { committer: entry.author, adds: entry.adds, removes: entry.removes },
  ): void {
    if (entry.parent !== this.head) throw new Mismatch('parent', 'the commit builds on another one');
    this.#pending = null;
    this.mls.process(announced.payload.commit, {
      committer: called.committer,
      adds: called.adds.map((p) => ({
        participant: p,
        keyPackageHash: unhex(digest(this.#keyPackage(p))),
      })),
      removes: called.removes,
      path: announced.path,
      authenticatedData: unhex(entry.on),
    });
    this.#arrive(entry.id, announced);
  }

  welcome(entry: { readonly id: CommitId }, announced: Announced): void {
    if (this.head === entry.id) return;
    this.mls.welcome(announced.payload.welcome);
    if (hex(this.mls.groupId) !== hex(announced.groupId))
      throw new Mismatch('group_id', 'a Welcome to another group');
    sameMembers(this.mls.roster, announced.view);
    this.#arrive(entry.id, announced);
  }

  #arrive(id: CommitId, { authenticator }: Announced): void {
    if (digest(this.mls.epochAuthenticator) !== authenticator) {
      throw new Mismatch('authenticator', 'this epoch is not the announced one');
    }
    this.head = id;
  }
}

/** Members and their signature keys are those of the view: a Welcome cannot bring in anybody else, or anybody as another. */
function sameMembers(members: readonly MlsMember[], view: View): void {
  const theirs = members.map((m) => m.participant).sort();
  const ours = [...view.roster].sort();
  if (ours.length !== theirs.length || ours.some((p, i) => p !== theirs[i])) {
    throw new Mismatch('roster', 'the members of the group are not those of the log');
  }
  for (const { participant, signatureKey } of members) {
    if (hex(signatureKey) !== view.joined[participant]?.signatureKey)
      throw new Mismatch(
        'signature_key',
        `${participant} has another signature key in the group than in the log`,
      );
  }
}
